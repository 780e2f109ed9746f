"""People in Django's admin: the account, and beside it the desk's role."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from probes.redaction.forms import MaskingForm
from triage.people.access import role_of
from triage.people.actions import is_last_admin, refuse_last_admin
from triage.people.models import ROLE_LABELS, Member
from triage.people.roles import Role

_NAMES = frozenset({"username", "first_name", "last_name", "email"})


class NewPersonForm(MaskingForm, AdminUserCreationForm):  # type: ignore[type-arg]
    personal_fields = _NAMES


class PersonForm(MaskingForm, UserChangeForm):  # type: ignore[type-arg]
    personal_fields = _NAMES

    def clean_is_active(self) -> bool:
        is_active = bool(self.cleaned_data["is_active"])
        if not is_active and self.instance.pk:
            refuse_last_admin(self.instance)
        return is_active


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_role(self) -> str:
        role, person = str(self.cleaned_data["role"]), self.instance
        if role != Role.ADMIN and person.pk and not person.user.is_superuser:
            refuse_last_admin(person.user)
        return role

    def has_changed(self) -> bool:
        """A new person gets the role that the form shows, also when nobody touched it."""
        return self.instance.pk is None or super().has_changed()


class MemberInline(admin.StackedInline):  # type: ignore[type-arg]
    model = Member
    form = MemberForm
    can_delete = False
    min_num = max_num = 1


class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    form = PersonForm
    add_form = NewPersonForm
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
        held = role_of(user)
        return str(ROLE_LABELS[held]) if held else "-"

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and is_last_admin(obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without deleting in bulk, which asks nobody whether an admin remains."""
        return {
            name: action for name, action in super().get_actions(request).items() if name != "delete_selected"
        }


admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.register(User, PersonAdmin)
