"""The kill switch in Django's admin: a halt is started with its reason and lifted, nothing else."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from probes.redaction import meter
from probes.redaction.actions import current_redactor
from probes.runs.halts import lift_halts
from probes.runs.models import Halt

_REASON_READ_BY = _("Support reads it above the form and on tickets; begin with “internal:” to keep it here.")


@admin.register(Halt)
class HaltAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("since", "started_by", "reason", "stands", "lifted_at")
    list_select_related = ("by",)
    actions = ("lift",)

    @admin.display(description=_("started by"))
    def started_by(self, halt: Halt) -> str:
        return halt.by.get_username() if halt.by else "-"

    @admin.display(description=_("stops all probes"), boolean=True)
    def stands(self, halt: Halt) -> bool:
        return halt.lifted_at is None

    def get_fields(self, request: HttpRequest, obj: Halt | None = None) -> tuple[str, ...]:
        return ("reason",) if obj is None else ("since", "started_by", "reason", "stands", "lifted_at")

    def get_form(
        self, request: HttpRequest, obj: Halt | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        return super().get_form(request, obj, change, **kwargs | {"help_texts": {"reason": _REASON_READ_BY}})

    def save_model(self, request: HttpRequest, obj: Halt, form: Any, change: bool) -> None:
        obj.since, obj.by_id = timezone.now(), request.user.pk
        redacted = current_redactor("reason").redact(obj.reason)
        obj.reason = redacted.text[: _longest_reason()]
        meter.count(redacted.findings, channel="admin", field="reason")
        super().save_model(request, obj, form, change)
        messages.warning(
            request, _("From now on nothing is sent to any endpoint, until this halt is lifted.")
        )

    @admin.action(description=_("Lift: probes may be sent again"), permissions=["add"])
    def lift(self, request: HttpRequest, halts: QuerySet[Halt]) -> None:
        standing = list(halts.filter(lifted_at=None))
        lifted = lift_halts([halt.pk for halt in standing], now=timezone.now())
        for halt in standing:
            self.log_change(request, halt, [{"changed": {"fields": ["lifted_at"]}}])
        text = ngettext("%(n)d halt was lifted.", "%(n)d halts were lifted.", lifted) % {"n": lifted}
        messages.success(request, text)
        if Halt.objects.filter(lifted_at=None).exists():
            messages.warning(request, _("Another halt still stands, so nothing is sent."))

    def has_change_permission(self, request: HttpRequest, obj: Halt | None = None) -> bool:
        return False  # who halted what and why stays as it was

    def has_delete_permission(self, request: HttpRequest, obj: Halt | None = None) -> bool:
        return False


def _longest_reason() -> int:
    return Halt._meta.get_field("reason").max_length or 0
