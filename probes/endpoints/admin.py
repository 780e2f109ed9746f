"""Endpoints in Django's admin. A probe key can be put in and replaced; nothing shows it again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from probes.endpoints.actions import (
    check_probe_key,
    forget_key_of_route,
    forget_moved_key,
    seal_probe_key,
)
from probes.endpoints.models import Endpoint, Route
from probes.endpoints.validators import parse_task_fields
from probes.redaction.forms import MaskingForm


class Lines(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 60})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = (line.strip() for line in str(value or "").splitlines())
        return [line for line in lines if line]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != (initial or [])


class TaskFieldLines(Lines):
    """Places in a task's answer, one a line: "status = data.state"."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return "\n".join(f"{name} = {place}" for name, places in value.items() for place in places)

    def clean(self, value: Any) -> Any:
        return parse_task_fields(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != self.to_python(self.prepare_value(initial or {}))


_HELP: Mapping[str, Any] = {
    "slug": _("What commands and tickets call it, such as shop-main. Letters, digits, - and _."),
    "name": _("What people read in lists. Empty: the short name."),
    "base_url": _("Up to and including /v1 where the API has it, such as https://api.example.com/v1."),
    "protocol": _("Which API it speaks. A probe uses this one unless the ticket names another."),
    "task_path": _("Where the status of a task is read, under the base URL: /videos/{task_id}."),
    "balance_path": _(
        "Where the account's balance is read, under the base URL, such as /dashboard/billing/subscription. "
        "Empty: it is not asked."
    ),
    "websocket_path": _(
        "Where the endpoint takes WebSockets, under the base URL, such as /realtime?model=gpt-realtime. "
        "Empty: it offers none."
    ),
    "requests_per_minute": _("Further ones wait a little, then are refused. All workers share it."),
    "probe_model": _("Asked when a ticket names no model. A small, cheap one is best."),
    "prompt": _("The only text that a probe sends. Nothing of a customer belongs here."),
    "output_tokens": _("Longer answers show more of a stream and cost more. 400 is enough for most faults."),
    "connect_s": _("Seconds to reach the machine; at most the total deadline."),
    "first_byte_s": _("Seconds until anything comes back; at most the total deadline."),
    "idle_s": _("Seconds of silence within an answer; at most the total deadline."),
    "total_s": _("Seconds after which a request is given up in any case."),
    "price_in_per_1k": _("From the price list. The desk reserves by it before it sends."),
    "price_out_per_1k": _("From the price list. The desk reserves by it before it sends."),
    "currency": _("Three letters, such as USD or CNY."),
    "daily_budget": _(
        "Once probes of a day could cost more, the desk refuses further ones until midnight UTC."
    ),
    "paused": _("While it is paused, tickets are judged by their words and nothing is sent."),
    "is_lab": _("Only for the lab of the demo: its faults then stand on the page Try it."),
}


def _exceptions() -> Lines:
    return Lines(
        label=_("exceptions to the address rules"),
        required=False,
        help_text=_(
            "One host:port per line, e.g. 127.0.0.1:8801. Needed for plain http and private addresses."
        ),
    )


class EndpointForm(MaskingForm, forms.ModelForm):  # type: ignore[type-arg]
    allow_addresses = _exceptions()
    task_fields = TaskFieldLines(
        label=_("where a task's answer keeps things"),
        required=False,
        help_text=_(
            "Only where the usual places do not hold it, one a line: status = data.state. "
            "Names: status, error, submitted, result."
        ),
    )
    extra_protocols = Lines(
        label=_("further protocols"),
        required=False,
        help_text=_("One per line: openai_chat, openai_responses or anthropic."),
    )
    new_key = forms.CharField(
        label=_("new probe key"),
        required=False,
        help_text=_(
            "Replaces the present key. It is sealed at once and cannot be read back; empty keeps it."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Endpoint
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose
        help_texts = _HELP

    def clean_new_key(self) -> str:
        secret = str(self.cleaned_data["new_key"])
        try:
            if secret:
                check_probe_key(secret)
        except ValueError:
            raise ValidationError(
                _("A probe key is one line of printable ASCII without spaces, of at least 8 characters.")
            ) from None
        return secret


class RouteForm(MaskingForm, forms.ModelForm):  # type: ignore[type-arg]
    allow_addresses = _exceptions()

    class Meta:
        model = Route
        fields = ("slug", "place", "base_url", "allow_addresses")
        help_texts: ClassVar = {
            "slug": _("What the plan and the command line call it, such as inner."),
            "place": _("Where it enters: past the CDN or nginx at the edge, or through it."),
            "base_url": _(
                "Another address of the same API. On another machine it needs the probe key entered again."
            ),
        }


class RouteInline(admin.StackedInline):  # type: ignore[type-arg]
    model = Route
    form = RouteForm
    extra = 0
    verbose_name = _("second route")
    verbose_name_plural = _("second routes")


@admin.register(Endpoint)
class EndpointAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = EndpointForm
    list_display = ("slug", "name", "base_url", "protocol", "probe_model", "key", "paused")
    list_filter = ("protocol", "paused")
    list_select_related = ("probe_key",)
    search_fields = ("slug", "name", "base_url")
    readonly_fields = ("key", "registered_at")
    inlines: ClassVar = [RouteInline]
    fieldsets: ClassVar = (
        (None, {"fields": ("slug", "name", "paused", "is_lab")}),
        (_("Where"), {"fields": ("base_url", "allow_addresses", "protocol", "extra_protocols")}),
        (
            _("What it offers beside answers"),
            {"fields": ("task_path", "task_fields", "balance_path", "websocket_path")},
        ),
        (_("Probe key"), {"fields": ("key", "new_key")}),
        (_("What a probe sends"), {"fields": ("probe_model", "prompt", "output_tokens")}),
        (_("How long it waits, seconds"), {"fields": ("connect_s", "first_byte_s", "idle_s", "total_s")}),
        (
            _("What it may cost"),
            {
                "fields": (
                    "price_in_per_1k",
                    "price_out_per_1k",
                    "currency",
                    "daily_budget",
                    "requests_per_minute",
                )
            },
        ),
        (_("History"), {"fields": ("registered_at",)}),
    )

    @admin.display(description=_("masked key"))
    def key(self, endpoint: Endpoint) -> str:
        return str(getattr(endpoint, "probe_key", None) or "-")

    @admin.display(description=_("registered at"))
    def registered_at(self, endpoint: Endpoint) -> datetime | None:
        return endpoint.created_at

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for warning in obj.warnings():
            messages.warning(request, warning)
        moved = change and forget_moved_key(obj, was=form.initial["base_url"])
        if secret := form.cleaned_data["new_key"]:
            seal_probe_key(obj, secret)
        elif moved:
            _tell_of_dropped_key(request)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A key that was entered with the routes is meant for them."""
        super().save_formset(request, form, formset, change)
        if form.cleaned_data["new_key"]:
            return
        led_away = [
            forget_key_of_route(route_form.instance, was=route_form.initial.get("base_url", ""))
            for route_form in formset.forms
            if route_form.instance.pk and route_form.has_changed()
        ]
        if any(led_away):
            _tell_of_dropped_key(request)


def _tell_of_dropped_key(request: HttpRequest) -> None:
    messages.warning(
        request, _("The address leads elsewhere now, so the probe key was dropped: enter it again.")
    )
