"""People in Django's admin: the account, and beside it the desk's role."""

from typing import ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _

from triage.people.models import Member


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    def has_changed(self) -> bool:
        """A new person gets the role that the form shows, also when nobody touched it."""
        return self.instance.pk is None or super().has_changed()


class MemberInline(admin.StackedInline):  # type: ignore[type-arg]
    model = Member
    form = MemberForm
    can_delete = False
    min_num = max_num = 1


class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    inlines: ClassVar = [MemberInline]
    list_display = ("username", "role", "is_active", "last_login")
    list_filter = ("member__role", "is_active")
    list_select_related = ("member",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Access"), {"fields": ("is_active",)}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )

    @admin.display(description=_("role"), ordering="member__role")
    def role(self, user: User) -> str:
        member = getattr(user, "member", None)
        return member.get_role_display() if member else "-"


admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.register(User, PersonAdmin)
