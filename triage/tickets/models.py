"""Tickets and what was found out about them: only redacted text is ever a row."""

from dataclasses import fields
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from probes.endpoints.models import Endpoint
from probes.runs.models import Run
from triage.incidents.models import Incident
from triage.verdicts.case import Intake, Tri

_TRI = [(Tri.UNKNOWN, _("unknown")), (Tri.YES, _("yes")), (Tri.NO, _("no"))]


def _text(length: int, label: Any) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=length, blank=True)


def _tri(label: Any) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=8, choices=_TRI, default=Tri.UNKNOWN)


class Ticket(models.Model):
    """What support typed, masked. Column names are those of `Intake`, but for the endpoint."""

    class Workload(models.TextChoices):
        CHAT = "chat", _("chat")
        BATCH = "batch", _("batch")
        IMAGE = "image", _("image")
        VIDEO = "video", _("video")
        SHARED_KEY = "shared_key", _("shared key")

    endpoint = models.ForeignKey(
        Endpoint,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tickets",
        verbose_name=_("endpoint"),
    )
    account_ref = _text(120, _("account reference"))
    key_hint = _text(80, _("masked key"))
    protocol = _text(60, _("protocol"))
    model = _text(200, _("model"))
    workload = models.CharField(_("workload"), max_length=12, choices=Workload.choices, default=Workload.CHAT)
    stream = _tri(_("stream"))
    client = _text(200, _("client or SDK"))
    client_version = _text(80, _("client version"))
    occurred_at = models.DateTimeField(_("time of the request"), null=True, blank=True)
    elapsed_s = models.FloatField(_("seconds until it failed"), null=True, blank=True)
    first_output_s = models.FloatField(_("seconds until the first output"), null=True, blank=True)
    status_code = models.PositiveSmallIntegerField(_("status code"), null=True, blank=True)
    error_text = models.TextField(_("error text"), blank=True)
    via_proxy = _tri(_("through a proxy"))
    via_proxy_text = _text(300, _("which proxy"))
    retried = _tri(_("retried"))
    retry_count = models.PositiveIntegerField(_("number of retries"), null=True, blank=True)
    client_timeout_s = models.FloatField(_("client timeout, s"), null=True, blank=True)
    concurrency = models.PositiveIntegerField(_("requests at the same time"), null=True, blank=True)
    task_id = _text(200, _("task ID"))
    request_ids = models.JSONField(_("request IDs"), default=list, blank=True)
    charged = _tri(_("charged"))
    charged_text = _text(300, _("what was charged"))
    symptom = _text(40, _("symptom"))
    notes = models.TextField(_("notes"), blank=True)
    base_url = _text(500, _("base URL the customer used"))
    control_text = _text(300, _("what happens with stream=false"))
    zone = _text(40, _("the customer's time zone"))  # an IANA name

    masked = models.JSONField(default=list, blank=True)  # [{"field", "kind", "start", "end"}], never values
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "-id"], name="ticket_newest"),
            models.Index(fields=["task_id"], name="ticket_task", condition=~Q(task_id="")),
            models.Index(fields=["endpoint", "-created_at"], name="ticket_endpoint"),
            models.Index(
                fields=["account_ref", "-created_at"], name="ticket_account", condition=~Q(account_ref="")
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("tickets:result", args=[self.pk])

    @property
    def ref(self) -> str:
        return f"T-{self.pk:06d}"

    def intake(self) -> Intake:
        """The row as the value that verdicts are drawn from."""
        values = {f.name: getattr(self, f.name) for f in fields(Intake) if f.name != "endpoint"}
        values |= {name: Tri(values[name]) for name in ("stream", "via_proxy", "retried", "charged")}
        values["request_ids"] = tuple(self.request_ids)
        return Intake(endpoint=self.endpoint.slug if self.endpoint else "", **values)


# A verdict that raised this often is given up; what raised stands in the log, once each time.
MOST_FAILED_CONCLUSIONS = 3


class InvestigationQuerySet(models.QuerySet["Investigation"]):
    def open(self) -> "InvestigationQuerySet":
        return self.filter(concluded_at__isnull=True)

    def conclude(self, pk: int, *, at: datetime, **found: Any) -> bool:
        """Write the conclusion, once; False when somebody already has."""
        return bool(self.open().filter(pk=pk).update(concluded_at=at, **found))

    def still_of(self, code: "str | F") -> "InvestigationQuerySet":
        """Without those of which an engineer said last that they are of another class than `code`."""
        newest = VerdictCorrection.objects.filter(investigation=OuterRef("pk")).order_by("-pk")
        said = self.annotate(said=Subquery(newest.values("code")[:1]))
        return said.filter(Q(said=None) | Q(said=code))

    def belonging(self) -> "InvestigationQuerySet":
        """Of those folded into an incident the ones that no later verdict replaced, of people or of steps."""
        superseded = Q(followed_by__concluded_at__isnull=False)
        return self.exclude(superseded).still_of(F("incident__verdict_code"))

    def note_failure(self, pk: int) -> int:
        """Count a conclusion that raised; returns how many did."""
        found = self.filter(pk=pk)
        found.update(failed_conclusions=F("failed_conclusions") + 1)
        return found.values_list("failed_conclusions", flat=True).first() or 0


class Investigation(models.Model):
    """Joins a ticket to a run and stores what we conclude from it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="investigations")
    run = models.OneToOneField(Run, null=True, on_delete=models.PROTECT, related_name="investigation")
    not_probed = models.CharField(max_length=60, blank=True)  # why there is no run, as a code
    # Further steps for the same ticket: what was seen before counts as well.
    builds_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    # Another ticket's fresh run of the same endpoint and model, judged by while the breaker is open.
    borrowed = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="lent_to")
    # The open incident that it was folded into: its fault is told there, once for all.
    incident = models.ForeignKey(
        Incident, null=True, on_delete=models.SET_NULL, related_name="investigations"
    )
    failed_conclusions = models.PositiveSmallIntegerField(default=0)  # a verdict that raises is given up
    charges = models.JSONField(null=True)  # a ChargeFinding as a dict
    surroundings = models.JSONField(null=True)  # Surroundings as a dict: what was known beside the ticket
    verdict = models.JSONField(null=True)  # a Verdict as a dict
    verdict_code = models.CharField(max_length=60, blank=True, db_index=True)
    owner = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True)

    objects = InvestigationQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-concluded_at", "verdict_code"], name="investigation_recent"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="concluded_has_verdict",
                condition=Q(concluded_at__isnull=True) | ~Q(verdict_code=""),
            ),
        ]

    def __str__(self) -> str:
        return f"investigation {self.pk}"

    @property
    def is_concluded(self) -> bool:
        return self.concluded_at is not None

    @property
    def newest_correction(self) -> "VerdictCorrection | None":
        """What was said last of its verdict; pages of many have `corrections` prefetched."""
        return next(iter(self.corrections.all()), None)

    @property
    def is_confirmed(self) -> bool:
        """Whether the last word on it is that the machine was right."""
        newest = self.newest_correction
        return newest is not None and newest.confirms

    @property
    def correction(self) -> "VerdictCorrection | None":
        """What stands in the place of the machine's verdict; None where nobody said otherwise."""
        newest = self.newest_correction
        return None if newest is None or newest.confirms else newest

    @property
    def belongs_to(self) -> Incident | None:
        """The incident that tells of it; None once an engineer gave it another class."""
        said, incident = self.newest_correction, self.incident
        left = incident is not None and said is not None and said.code != incident.verdict_code
        return None if left else incident

    def story(self) -> "list[Investigation]":
        """All that its verdict rests on: those it builds on, oldest first, then itself."""
        earlier = self.builds_on.story() if self.builds_on else []
        return [*earlier, self]


class VerdictCorrectionQuerySet(models.QuerySet["VerdictCorrection"]):
    def newest(self) -> "VerdictCorrectionQuerySet":
        """Of these the one of each investigation that counts."""
        last = self.order_by().values("investigation").annotate(last=Max("pk"))
        return self.filter(pk__in=last.values("last"))


class VerdictCorrection(models.Model):
    """What an engineer says instead of the machine, whose verdict stays. The newest one counts."""

    investigation = models.ForeignKey(Investigation, on_delete=models.CASCADE, related_name="corrections")
    code = models.CharField(_("class"), max_length=60)
    owner = models.CharField(_("owner"), max_length=20)
    reason = models.TextField(_("why"))  # masked
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    corrected_at = models.DateTimeField()

    objects = VerdictCorrectionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.code} instead, for {self.investigation}"

    @property
    def confirms(self) -> bool:
        """Whether it says what the machine had said."""
        machine = self.investigation
        return (self.code, self.owner) == (machine.verdict_code, machine.owner)
