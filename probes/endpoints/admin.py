"""Endpoints in Django's admin. A probe key can be put in and replaced; nothing shows it again."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from probes.endpoints.actions import check_probe_key, seal_probe_key
from probes.endpoints.models import Endpoint


class EndpointForm(forms.ModelForm):  # type: ignore[type-arg]
    new_key = forms.CharField(
        label=_("new probe key"),
        required=False,
        help_text=_(
            "Replaces the present key. It is sealed at once and cannot be read back; empty keeps it."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean_new_key(self) -> str:
        secret = str(self.cleaned_data["new_key"])
        try:
            if secret:
                check_probe_key(secret)
        except ValueError:
            raise ValidationError(_("A probe key is one line of printable ASCII without spaces.")) from None
        return secret


@admin.register(Endpoint)
class EndpointAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = EndpointForm
    list_display = ("slug", "name", "base_url", "protocol", "probe_model", "key", "paused")
    list_filter = ("protocol", "paused")
    list_select_related = ("probe_key",)
    search_fields = ("slug", "name", "base_url")
    readonly_fields = ("key", "created_at")
    fieldsets: ClassVar = (
        (None, {"fields": ("slug", "name", "paused", "is_lab")}),
        (_("Where"), {"fields": ("base_url", "allow_addresses", "protocol", "extra_protocols", "task_path")}),
        (_("Probe key"), {"fields": ("key", "new_key")}),
        (_("What a probe sends"), {"fields": ("probe_model", "prompt", "output_tokens")}),
        (_("How long it waits, seconds"), {"fields": ("connect_s", "first_byte_s", "idle_s", "total_s")}),
        (
            _("What it may cost"),
            {"fields": ("price_in_per_1k", "price_out_per_1k", "currency", "daily_budget")},
        ),
        (_("History"), {"fields": ("created_at",)}),
    )

    @admin.display(description=_("masked key"))
    def key(self, endpoint: Endpoint) -> str:
        return str(getattr(endpoint, "probe_key", None) or "-")

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if secret := form.cleaned_data["new_key"]:
            seal_probe_key(obj, secret)
