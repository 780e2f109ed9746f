"""What fetches a ledger by itself, and who may push rows into one."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Optional

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from triage.charges.models import ChargeImport, LedgerSource


class ConnectorKind(models.TextChoices):
    ONE_API = "one_api", "one-api / new-api"
    LITELLM = "litellm", "LiteLLM"
    JSON = "json", _("JSON endpoint")


CLAIM = timedelta(minutes=3)  # longer than one exchange with a server may take
MOST_FAILURES = 5  # in a row; then it waits for a person


class LedgerConnectorQuerySet(models.QuerySet["LedgerConnector"]):
    def claim(self, pk: uuid.UUID, *, at: datetime) -> Optional["LedgerConnector"]:
        """Begin to fetch; None while another worker does."""
        free = self.filter(Q(claimed_until=None) | Q(claimed_until__lt=at), pk=pk)
        won = free.update(claimed_until=at + CLAIM)
        return self.select_related("source").get(pk=pk) if won else None

    def fetching_by_itself(self) -> "LedgerConnectorQuerySet":
        return self.filter(enabled=True, failures__lt=MOST_FAILURES)


class LedgerConnector(models.Model):
    """Reads one billing system, only ever with GET, on beat or on demand.

    `cursor`: `until` (complete up to then), `step_s` (the next window's length), `wait_until` (of a 429),
    `old` (LiteLLM without /spend/logs/v2), `skew_s` (their clock less ours), `behind`, and `last`, the newest
    answers first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # sealed into the ciphertext
    source = models.OneToOneField(LedgerSource, on_delete=models.CASCADE, related_name="connector")
    kind = models.CharField(_("kind"), max_length=12, choices=ConnectorKind.choices)
    base_url = models.URLField(_("address"), max_length=500)
    allowed_addresses = models.JSONField(
        _("addresses allowed inside our own network"), default=list, blank=True
    )
    settings = models.JSONField(
        _("settings"), default=dict, blank=True
    )  # of its kind: path, rows, mapping, paging
    ciphertext = models.BinaryField(null=True, blank=True)  # the admin token, sealed
    kek_id = models.CharField(max_length=40, blank=True)
    token_hint = models.CharField(_("token"), max_length=40, blank=True)
    every_minutes = models.PositiveIntegerField(_("fetch every (minutes)"), default=15)
    enabled = models.BooleanField(_("enabled"), default=False)
    cursor = models.JSONField(default=dict, blank=True)  # how far it has read
    claimed_until = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(_("last fetched"), null=True, blank=True)
    last_code = models.CharField(_("last answer"), max_length=40, blank=True)  # "ok", or what went wrong
    last_detail = models.CharField(max_length=300, blank=True)  # masked
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)

    objects = LedgerConnectorQuerySet.as_manager()

    class Meta:
        verbose_name = _("connector")
        verbose_name_plural = _("connectors")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} → {self.source}"

    @property
    def is_paused(self) -> bool:
        """It failed so often that it waits for a person."""
        return self.enabled and self.failures >= MOST_FAILURES

    @property
    def read_until(self) -> datetime | None:
        return _moment(self.cursor.get("until"))

    @property
    def waits_until(self) -> datetime | None:
        return _moment(self.cursor.get("wait_until"))

    def is_due(self, at: datetime) -> bool:
        """Whether the beat should fetch now: its time has come, or more is waiting."""
        if self.must_wait(at):
            return False
        every = timedelta(minutes=self.every_minutes)
        return self.last_at is None or bool(self.cursor.get("behind")) or self.last_at + every <= at

    def must_wait(self, at: datetime) -> bool:
        return self.waits_until is not None and self.waits_until > at


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class LedgerToken(models.Model):
    """Lets a billing system push rows into one ledger. Only its hash is kept."""

    source = models.ForeignKey(LedgerSource, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=16)  # what is shown of it
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("made at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("push token")
        verbose_name_plural = _("push tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class PushReceipt(models.Model):
    """The answer to a push, given again when the same push comes again."""

    source = models.ForeignKey(LedgerSource, on_delete=models.CASCADE)
    key = models.CharField(max_length=100)
    body_hash = models.CharField(max_length=64)
    batch = models.ForeignKey(ChargeImport, null=True, on_delete=models.SET_NULL)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "key"], name="one_receipt_per_key"),
        ]

    def __str__(self) -> str:
        return self.key
