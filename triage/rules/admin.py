"""Redaction rules in Django's admin: to be read; they change in the workshop."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from probes.redaction.models import RedactionRule


@admin.register(RedactionRule)
class RedactionRuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "kind", "order", "enabled", "version", "updated_at", "updated_by")
    list_filter = ("enabled", "kind")
    search_fields = ("name", "kind", "pattern")
    list_select_related = ("updated_by",)
    fieldsets: ClassVar = (
        (None, {"fields": ("name", "workshop", "kind", "enabled")}),
        (_("What is masked"), {"fields": ("pattern", "shown", "only_in", "order")}),
        (_("Samples"), {"fields": ("positive_samples", "negative_samples")}),
        (_("History"), {"fields": ("version", "updated_at", "updated_by")}),
    )
    readonly_fields = ("workshop",)

    @admin.display(description=_("workshop"))
    def workshop(self, rule: RedactionRule) -> str:
        address = reverse("rules:rule", args=[rule.name])
        return format_html('<a href="{}">{}</a>', address, _("Change it in the workshop"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: RedactionRule | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RedactionRule | None = None) -> bool:
        return False
