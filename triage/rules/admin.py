"""Redaction rules in Django's admin: a rule is saved only when its pattern and its samples hold."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from probes.redaction.models import RedactionRule


class RedactionRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Django's admin shows help as HTML, and a pattern's group has angle brackets."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = escape(field.help_text)


@admin.register(RedactionRule)
class RedactionRuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = RedactionRuleForm
    list_display = ("name", "kind", "enabled", "version", "updated_at", "updated_by")
    list_filter = ("enabled", "kind")
    search_fields = ("name", "kind", "pattern")
    readonly_fields = ("version", "updated_at", "updated_by")
    list_select_related = ("updated_by",)
    fieldsets: ClassVar = (
        (None, {"fields": ("name", "kind", "enabled")}),
        (_("What is masked"), {"fields": ("pattern", "shown")}),
        (_("Samples"), {"fields": ("positive_samples", "negative_samples")}),
        (_("History"), {"fields": ("version", "updated_at", "updated_by")}),
    )

    def save_model(self, request: HttpRequest, obj: RedactionRule, form: Any, change: bool) -> None:
        obj.updated_by_id = request.user.pk
        obj.version += int(change and bool(form.changed_data))
        super().save_model(request, obj, form, change)
