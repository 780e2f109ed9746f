"""The ledger: where it comes from, what was imported when, its charges, and what contradicts them."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from triage.charges.finding import ChargeKind

DEFAULT_ZONE = "Asia/Shanghai"
QUOTA_PER_UNIT = 500_000  # what one-api and new-api count for one US dollar

KIND_LABELS = {
    ChargeKind.CHARGE: _("charge"),
    ChargeKind.HOLD: _("hold"),
    ChargeKind.SETTLEMENT: _("settlement"),
    ChargeKind.RELEASE: _("release of a hold"),
    ChargeKind.REFUND: _("refund"),
    ChargeKind.REVERSAL: _("reversal"),
    ChargeKind.ADJUSTMENT: _("adjustment"),
}


class LedgerSource(models.Model):
    """One billing system whose charge ids are unique among themselves."""

    slug = models.SlugField(_("short name"), unique=True, max_length=60)
    name = models.CharField(_("name"), max_length=120, blank=True)
    zone = models.CharField(_("time zone of times without one"), max_length=60, default=DEFAULT_ZONE)
    quota_per_unit = models.PositiveIntegerField(_("quota units for one US dollar"), default=QUOTA_PER_UNIT)
    mapping = models.JSONField(_("columns, as last used"), default=dict, blank=True)
    covered_from = models.DateTimeField(_("complete from"), null=True, blank=True)
    covered_until = models.DateTimeField(_("complete until"), null=True, blank=True)
    # Masked keys, names of tokens, or accounts: rows that have one of them paid for the desk's own probes.
    probe_payers = models.JSONField(_("payers of our own probes"), default=list, blank=True)

    class Meta:
        verbose_name = _("ledger")
        verbose_name_plural = _("ledgers")

    def __str__(self) -> str:
        return self.name or self.slug


class ImportState(models.TextChoices):
    """An upload is read, shown as a preview, and then committed or discarded; the others are done at once."""

    READING = "reading", _("being read")
    PREVIEW = "preview", _("waiting for confirmation")
    COMMITTING = "committing", _("being taken in")
    DONE = "done", _("taken in")
    DISCARDED = "discarded", _("discarded")
    UNDONE = "undone", _("undone")
    REFUSED = "refused", _("refused")


class Channel(models.TextChoices):
    """The way in."""

    UPLOAD = "upload", _("upload")
    COMMAND = "command", _("command")
    CONNECTOR = "connector", _("connector")
    PUSH = "push", _("push")


COUNTS = ("read", "new", "unchanged", "changed", "conflicting", "rejected", "reexports", "skipped")
"""What an import counts, in the order in which it is told."""


class ChargeImport(models.Model):
    """One file that was taken in. Every row of it that holds a charge is in exactly one of the counts.

    `reexports` counts the rows, among the unchanged ones, that repeat another row of the same file. In a
    preview the counts say what a commit would do.
    """

    state = models.CharField(
        _("state"), max_length=12, choices=ImportState.choices, default=ImportState.DONE, db_index=True
    )
    channel = models.CharField(_("way in"), max_length=12, choices=Channel.choices, default=Channel.COMMAND)
    source = models.ForeignKey(LedgerSource, on_delete=models.PROTECT, related_name="imports")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    file_name = models.CharField(_("file"), max_length=200)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    separator = models.CharField(_("separator"), max_length=1, blank=True)
    mapping = models.JSONField(_("columns"), default=dict)
    read = models.PositiveIntegerField(_("rows read"), default=0)
    new = models.PositiveIntegerField(_("new"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    changed = models.PositiveIntegerField(_("completed"), default=0)
    conflicting = models.PositiveIntegerField(_("conflicting"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    reexports = models.PositiveIntegerField(_("exported again"), default=0)
    skipped = models.PositiveIntegerField(_("skipped"), default=0)
    covered_from = models.DateTimeField(_("complete from"), null=True, blank=True)
    covered_until = models.DateTimeField(_("complete until"), null=True, blank=True)
    file_hash = models.CharField(max_length=32, blank=True)
    bytes_total = models.PositiveBigIntegerField(default=0)
    bytes_read = models.PositiveBigIntegerField(default=0)  # written outside the import's transaction
    heard_at = models.DateTimeField(null=True, blank=True)  # of whoever reads or commits it
    declared = models.JSONField(default=dict)  # what the uploader chose: {"mapping": {}, "zone": ""}
    preview = models.JSONField(default=dict)  # a few masked rows of each count, for the page
    refusal = models.CharField(max_length=40, blank=True)  # a FileRefusal
    refusal_detail = models.CharField(max_length=500, blank=True)  # masked
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.file_name} ({self.at:%Y-%m-%d %H:%M})"


class Charge(models.Model):
    """One row of a ledger, never overwritten.

    Empty details may be filled in by a later export; all else that differs becomes a ChargeConflict.
    """

    source = models.ForeignKey(LedgerSource, on_delete=models.PROTECT, db_index=False)
    charge_id = models.TextField(_("charge ID"))
    payload_hash = models.CharField(max_length=32)
    kind = models.CharField(_("kind"), max_length=12, choices=KIND_LABELS)
    task_id = models.TextField(_("task ID"))
    task_key = models.TextField()
    request_id = models.TextField(_("request ID"))
    request_key = models.TextField()
    account = models.TextField(_("account"))
    model = models.TextField(_("model"))
    key_hint = models.TextField(_("masked key"))
    fingerprint = models.TextField(_("fingerprint"))
    ref_charge_id = models.TextField(_("refers to"))
    component = models.TextField(_("component"))
    amount = models.DecimalField(_("amount"), max_digits=24, decimal_places=10)
    currency = models.CharField(_("currency"), max_length=8)
    occurred_at = models.DateTimeField(_("at"))
    batch = models.ForeignKey(ChargeImport, on_delete=models.PROTECT, db_index=False)
    row_number = models.PositiveIntegerField(_("row"))
    exports = models.PositiveIntegerField(default=1)  # most rows that one file had of it
    outcome = models.TextField(_("outcome"), db_default="", default="")  # an Outcome, as the ledger says it
    own_probe = models.BooleanField(_("our own probe"), db_default=False, default=False)

    class Meta:
        verbose_name = _("charge")
        verbose_name_plural = _("charges")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "charge_id"], name="one_charge_per_id"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["task_key"], name="charge_task", condition=~models.Q(task_key="")),
            models.Index(fields=["request_key"], name="charge_request", condition=~models.Q(request_key="")),
            models.Index(fields=["account", "occurred_at"], name="charge_account_time"),
            # Refunds and the like that name a charge and no task: few, and found by that charge.
            models.Index(
                fields=["source", "ref_charge_id"],
                name="charge_named",
                condition=models.Q(task_key="") & ~models.Q(ref_charge_id=""),
            ),
            # Rows of one import lie together, so a coarse index finds them at next to no cost.
            BrinIndex(fields=["batch"], name="charge_batch"),
        ]

    def __str__(self) -> str:
        return self.charge_id


class ChargeConflict(models.Model):
    """Another export of a charge that says something else. It is shown; the charge stays as it was."""

    charge = models.ForeignKey(Charge, on_delete=models.CASCADE, related_name="conflicts")
    batch = models.ForeignKey(ChargeImport, on_delete=models.PROTECT)
    row_number = models.PositiveIntegerField(_("row"))
    task_key = models.TextField()
    payload_hash = models.CharField(max_length=32)
    fields = models.JSONField(_("differs in"))
    payload = models.JSONField(_("says"))

    class Meta:
        verbose_name = _("conflicting row")
        verbose_name_plural = _("conflicting rows")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["charge", "payload_hash", "fields"], name="one_conflict_per_payload"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["task_key"], name="conflict_task", condition=~models.Q(task_key="")),
        ]

    def __str__(self) -> str:
        return f"{self.charge_id}: {', '.join(self.fields)}"


class SealedChunk(models.Model):
    """A piece of an uploaded file, sealed until it is read: the desk keeps no unmasked copy."""

    batch = models.ForeignKey(ChargeImport, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    ciphertext = models.BinaryField()
    kek_id = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_chunk_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}"


class RejectedRow(models.Model):
    """A row that was not taken in, masked, with the place and the reason."""

    batch = models.ForeignKey(ChargeImport, on_delete=models.CASCADE, related_name="rejections")
    row = models.PositiveIntegerField(_("row"))
    line = models.PositiveIntegerField(_("line"))
    column = models.TextField(_("column"))
    refusal = models.CharField(_("reason"), max_length=40)
    text = models.TextField(_("text"))

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line} {self.refusal}"


class ImportOverlap(models.Model):
    """A later import had rows of an earlier one, which can then not be undone before it."""

    earlier = models.ForeignKey(ChargeImport, on_delete=models.CASCADE, related_name="later_overlaps")
    later = models.ForeignKey(ChargeImport, on_delete=models.CASCADE, related_name="earlier_overlaps")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["earlier", "later"], name="one_overlap_per_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.later_id} over {self.earlier_id}"


class ChargeChange(models.Model):
    """What a charge said before an import completed it, so that the import can be undone."""

    charge = models.ForeignKey(Charge, on_delete=models.CASCADE, related_name="changes")
    batch = models.ForeignKey(ChargeImport, on_delete=models.CASCADE)
    before = models.JSONField()  # {"task_id": "", "task_key": "", "exports": 1, "payload_hash": "…", …}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["charge", "batch"], name="one_change_per_import"),
        ]

    def __str__(self) -> str:
        return f"{self.charge_id} by {self.batch_id}"
