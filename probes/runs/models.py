"""Runs and their attempts: rows that only move forward, and only for whoever holds them."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from probes.endpoints.models import Endpoint
from probes.runs.plan import Plan
from probes.wire.arrivals import as_kept_today
from probes.wire.facts import Facts

# Renewed every few seconds by the process that holds the run, see leases.py.
LEASE = timedelta(seconds=settings.PROBE_LEASE_S)
# Why an attempt has no outcome, as codes.
WORKER_LOST = "worker_lost"  # after sending began
DESK_STOPPED = "desk_stopped"  # after sending began, by whoever stopped the worker
NOT_REACHED = "not_reached"  # the worker was lost before its turn
MAX_CLAIMS = 3  # a run that loses its worker this often before anything was sent is given up


def lease_end() -> CombinedExpression:
    """A lease from now on, by the clock of the database: workers' own clocks may differ by hours."""
    return Now() + LEASE


class RunQuerySet(models.QuerySet["Run"]):
    def claim(self, pk: int, *, at: datetime) -> "Run | None":
        """Take a queued run; None when another worker already has it.

        The row is locked before its lease begins, so that waiting for it costs nothing of the lease, and
        until it is read back, so that the fence we read is our own.
        """
        with transaction.atomic():
            queued = self.select_for_update().filter(pk=pk, state=Run.State.QUEUED)
            if queued.first() is None:
                return None
            self.filter(pk=pk).update(
                state=Run.State.RUNNING, started_at=at, lease_until=lease_end(), fence=F("fence") + 1
            )
            return self.select_related("endpoint").get(pk=pk)

    def waiting_alone(self, *, since: datetime) -> "models.QuerySet[Run, int]":
        """The ids of those queued until then whom no ticket will ask for, oldest first."""
        alone = self.filter(state=Run.State.QUEUED, purpose__in=CARRIED_OUT_ALONE, queued_at__lt=since)
        return alone.order_by("queued_at", "pk").values_list("pk", flat=True)

    def lost(self) -> "RunQuerySet":
        """Runs whose worker has not been heard of for a whole lease."""
        return self.filter(state=Run.State.RUNNING, lease_until__lt=Now())


class Run(models.Model):
    """One plan carried out against one endpoint. It has never heard of a ticket."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        REFUSED = "refused", _("refused")  # by pause or budget, before anything was sent
        ABANDONED = "abandoned", _("abandoned")  # the worker was lost

    class Purpose(models.TextChoices):
        TICKET = "ticket", _("for a ticket")
        REPLAY = "replay", _("replay")  # an engineer asked for an earlier run again
        BASELINE = "baseline", _("baseline")  # the desk's own regular measurement
        BY_HAND = "by_hand", _("by hand")  # the command line, outside any ticket

    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="runs")
    model = models.CharField(max_length=200, blank=True)
    plan = models.JSONField()
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.TICKET)
    replay_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="replays")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    refusal = models.CharField(max_length=60, blank=True)
    refused_since = models.DateTimeField(null=True)  # such as when the breaker opened
    refused_until = models.DateTimeField(null=True)  # when it may be tried again
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    reserved = models.DecimalField(max_digits=16, decimal_places=8, default=Decimal(0))
    settled = models.DecimalField(max_digits=16, decimal_places=8, null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "queued_at"], name="run_state_queued"),
            models.Index(fields=["-queued_at", "-id"], name="run_newest"),
            models.Index(fields=["endpoint", "model", "purpose", "-queued_at"], name="run_measured"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="run_ended_has_time",
                condition=Q(state__in=["queued", "running"]) | Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.state not in (self.State.QUEUED, self.State.RUNNING)

    def read_plan(self) -> Plan:
        return Plan.from_dict(self.plan)

    @cached_property
    def seen_attempts(self) -> "list[Attempt]":
        """Its attempts as they stood when first asked for; whoever reads many runs sets them all at once."""
        return list(self.attempts.all())

    @property
    def why_abandoned(self) -> str:
        stopped = (
            attempt.state == Attempt.State.UNKNOWN and attempt.facts.get("skipped") == DESK_STOPPED
            for attempt in self.seen_attempts
        )
        return DESK_STOPPED if any(stopped) else WORKER_LOST

    def still_mine(self) -> "RunQuerySet":
        """This run, if nobody has taken it from the worker that holds this object."""
        return Run.objects.filter(pk=self.pk, state=self.State.RUNNING, fence=self.fence)


# Runs that a worker carries out although no ticket asks for them.
CARRIED_OUT_ALONE = (Run.Purpose.REPLAY, Run.Purpose.BASELINE)


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open_to(self, run: Run) -> "AttemptQuerySet":
        """What the worker that holds `run` may still write to.

        The run is looked up in a subquery, so that the attempt's own state is a condition on the updated
        row itself: after waiting for another writer, PostgreSQL asks only such conditions anew.
        """
        unfinished = (Attempt.State.PLANNED, Attempt.State.SENDING)
        return self.filter(run__in=run.still_mine(), state__in=unfinished)


class Attempt(models.Model):
    """One request of a run: sent at most once, whatever happens to its worker."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        SENDING = "sending", _("sending")  # committed before the first byte leaves
        DONE = "done", _("done")
        SKIPPED = "skipped", _("skipped")
        UNKNOWN = "unknown", _("unknown (possibly billed)")  # the worker died after sending began

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="attempts")
    position = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    stage = models.CharField(max_length=20, blank=True)  # the last moment seen, for the live page
    facts = models.JSONField(default=dict)
    sending_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "position"], name="attempt_once_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.step} of run {self.run_id}"

    def read_facts(self) -> Facts:
        """The facts as stored; an attempt without a known outcome says why in `skipped`."""
        data: dict[str, Any] = {"step": self.step, **as_kept_today(self.facts)}
        if self.state == self.State.UNKNOWN:
            data.setdefault("skipped", WORKER_LOST)
        return Facts.from_dict(data)


class Baseline(models.Model):
    """An endpoint and model that the desk measures by itself, so that it knows what is usual there."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="baselines")
    model = models.CharField(_("model"), max_length=200)
    every_minutes = models.PositiveSmallIntegerField(
        _("every so many minutes"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(24 * 60)],
    )
    is_on = models.BooleanField(_("on"), default=True)
    next_at = models.DateTimeField(_("next"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["endpoint", "model"]
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "model"], name="baseline_once_per_model"),
        ]

    def __str__(self) -> str:
        return f"{self.model} at {self.endpoint}, every {self.every_minutes} min"


class Halt(models.Model):
    """The kill switch: while one of these is not lifted, nothing is sent to anybody."""

    since = models.DateTimeField(_("since"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-since"]
        verbose_name = _("stop of all probes")
        verbose_name_plural = _("stops of all probes")

    def __str__(self) -> str:
        return f"halt since {self.since:%Y-%m-%d %H:%M}"


class Spend(models.Model):
    """What probes of one scope may cost on one day, and what is already promised."""

    scope = models.CharField(max_length=80)  # "endpoint:3", "user:7:USD", "all:USD"
    day = models.DateField()
    amount = models.DecimalField(max_digits=16, decimal_places=8, default=Decimal(0))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "day"], name="spend_scope_day")]

    def __str__(self) -> str:
        return f"{self.scope} {self.day}: {self.amount}"
