"""What the history finds attempts by: a row for each, mirroring the facts, verdict and ticket it joins."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from probes.endpoints.models import Endpoint
from probes.runs.models import Attempt, Run
from triage.tickets.models import Ticket


def _text(length: int) -> "models.CharField[str, str]":
    return models.CharField(max_length=length, blank=True)


def _newest(name: str, column: str, *, but: Q | None = None) -> models.Index:
    """Rows of one value, newest first; `but` leaves out what is so common that any walk meets it."""
    return models.Index(fields=[column, "-at", "-id"], name=f"entry_{name}", condition=but and ~but)


class Entry(models.Model):
    """One attempt; a run without any has one entry that names none.

    PostgreSQL itself writes these rows, by the triggers of migration 0008, in the transaction that changes
    what they mirror: whoever stores facts in `probes` has never heard of a history. Nothing else writes them.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="entries", db_index=False)
    position = models.PositiveSmallIntegerField()
    attempt = models.OneToOneField(Attempt, null=True, on_delete=models.CASCADE, related_name="entry")
    # What these name is held by the run's own constraints.
    ticket = models.ForeignKey(
        Ticket, null=True, on_delete=models.SET_NULL, related_name="entries", db_constraint=False
    )
    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="entries", db_index=False, db_constraint=False
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    at = models.DateTimeField()  # when the run was queued
    purpose = _text(10)
    state = _text(12)  # of the run
    step = _text(20)
    protocol = _text(30)
    model = _text(200)
    client = _text(200)  # that the ticket names, lower case
    verdict = _text(60)  # the one that stands: an engineer's word before the machine's
    machine_verdict = _text(60)  # where it is another one
    owner = _text(20)
    rules_version = _text(40)
    status = models.PositiveSmallIntegerField(null=True)
    failure = _text(30)
    end_mode = _text(30)
    http_version = _text(12)
    connect_ms = models.FloatField(null=True)
    first_byte_ms = models.FloatField(null=True)
    first_token_ms = models.FloatField(null=True)  # of the answer or of its thoughts
    total_ms = models.FloatField(null=True)
    max_gap_ms = models.FloatField(null=True)
    request_ids = ArrayField(models.TextField(), default=list)  # seen by the desk, or told by the customer
    key_prints = ArrayField(models.TextField(), default=list)  # of keys that were pasted into the ticket
    error_text = models.TextField(blank=True)  # what the endpoint said, redacted

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "position"], name="entry_once_per_position"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-at", "-id"], name="entry_newest"),
            _newest("endpoint", "endpoint"),
            _newest("model", "model"),
            _newest("verdict", "verdict"),
            _newest("machine", "machine_verdict", but=Q(machine_verdict="")),
            _newest("owner", "owner"),
            _newest("status", "status"),
            _newest("end_mode", "end_mode"),
            _newest("client", "client", but=Q(client="")),
            _newest("asked_by", "requested_by"),
            _newest("rules", "rules_version", but=Q(rules_version="")),
            _newest("protocol", "protocol"),
            _newest("step", "step", but=Q(step__in=["control", "stream"])),
            _newest("purpose", "purpose", but=Q(purpose=Run.Purpose.TICKET)),
            _newest("state", "state", but=Q(state=Run.State.FINISHED)),
            _newest("http", "http_version", but=Q(http_version="HTTP/1.1")),
            *(
                models.Index(fields=[name], name=f"entry_{name}", condition=Q(**{f"{name}__isnull": False}))
                for name in ("connect_ms", "first_byte_ms", "first_token_ms", "total_ms", "max_gap_ms")
            ),
            GinIndex(fields=["request_ids"], name="entry_request_ids"),
            GinIndex(fields=["key_prints"], name="entry_key_prints"),
        ]

    def __str__(self) -> str:
        return f"{self.step or 'no request'} of run {self.run_id}"

    def get_state_display(self) -> str:
        return str(Run.State(self.state).label)
