"""Rows into the ledger: COPY into a staging table, then a merge; idempotent by (source, charge id)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper

from triage.charges.actions.merging import SHADOW, Merge
from triage.charges.actions.samples import samples_of
from triage.charges.blocks import COPY_COLUMNS, Block, blocks_of
from triage.charges.models import ChargeImport, RejectedRow
from triage.charges.preview import Sample
from triage.charges.refusals import Rejection
from triage.charges.rows import LedgerRow

KEPT_REJECTIONS = 100_000  # of one import; beyond that they are only counted
_MERGED_ROWS = 20_000  # staged at once: enough for a plan, and few enough to merge while others are parsed
_MERGED_BLOCKS = 40
_MANY = 10_000  # new rows after which plans made for the old table are no good
# Until the transaction ends: room to sort and hash in, and references checked block by block, which is
# cheaper than a million of them at the end.
_LOCALLY = "SET LOCAL work_mem = '32MB'; SET CONSTRAINTS ALL IMMEDIATE"


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of the rows, and the span of time that they cover."""

    rows: int = 0
    new: int = 0
    unchanged: int = 0
    changed: int = 0
    conflicting: int = 0
    reexports: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


def store_rows(rows: Iterable[LedgerRow], *, batch: ChargeImport) -> Stored:
    """Take masked rows in, in their order. Must run inside a transaction; whatever `rows` raises ends it."""
    return store_blocks(blocks_of(rows), batch=batch)


def store_blocks(blocks: Iterable[Block], *, batch: ChargeImport) -> Stored:
    """Take blocks of rows in, as `store_rows` does, and keep their rejected rows beside the ledger."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCALLY)
        merge = Merge(cursor, source=batch.source_id, batch=batch.pk)
        staging = _Staging(cursor, blocks, batch)
        while staging.fill():
            staging.stretch()
            merge.insert_staged(staging.staged)
        stored = _judged(merge, staging)
        merge.keep_what_differs()
        if stored.new >= _MANY:
            cursor.execute("ANALYZE triage_charge")
    return stored


def preview_blocks(blocks: Iterable[Block], *, batch: ChargeImport) -> tuple[Stored, dict[str, list[Sample]]]:
    """What `store_blocks` would do to the ledger as it is at this moment, and a few rows of each count.

    The ledger is only read. Must run inside a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCALLY)
        merge = Merge(cursor, source=batch.source_id, batch=batch.pk, ledger=SHADOW)
        staging = _Staging(cursor, blocks, batch)
        while staging.fill(beside=True):
            pass
        staging.stretch()
        merge.cast_shadow()
        merge.insert_staged(staging.staged)
        return _judged(merge, staging), samples_of(cursor, batch=batch.pk, repeated=bool(merge.left))


def _judged(merge: Merge, staging: "_Staging") -> Stored:
    agreeing, changed, conflicting, reexports = merge.judge_left()
    return Stored(
        rows=staging.rows,
        new=staging.rows - merge.left,
        unchanged=agreeing - changed,
        changed=changed,
        conflicting=conflicting,
        reexports=reexports,
        first_at=staging.first_at,
        last_at=staging.last_at,
    )


class _Staging:
    """The staging table, filled from blocks; keeps their rejected rows, and the span of their times."""

    def __init__(self, cursor: CursorWrapper, blocks: Iterable[Block], batch: ChargeImport) -> None:
        self.rows = self.staged = 0
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None
        self._cursor = cursor
        self._blocks = iter(blocks)
        self._batch = batch
        self._kept = 0

    def fill(self, *, beside: bool = False) -> bool:
        """Stage the next rows, in the place of the last ones or `beside` them; False at the end."""
        if not beside:
            self._cursor.execute("TRUNCATE charge_staging")
            self.staged = 0
        rejections, ended = list[Rejection](), True
        # Waiting for a block inside COPY is no idle transaction, which the server would end.
        with self._cursor.copy(f"COPY charge_staging ({', '.join(COPY_COLUMNS)}) FROM STDIN") as copy:
            for block in _some(self._blocks):
                copy.write(block.text)
                self.rows += block.rows
                self.staged += block.rows
                rejections += block.rejections
                ended = False
        self._keep(rejections)
        return not ended

    def stretch(self) -> None:
        """Widen the span by the rows that are staged."""
        self._cursor.execute("SELECT min(occurred_at), max(occurred_at) FROM charge_staging")
        first_at, last_at = self._cursor.fetchone()
        self.first_at = min(filter(None, (self.first_at, first_at)), default=None)
        self.last_at = max(filter(None, (self.last_at, last_at)), default=None)

    def _keep(self, rejections: list[Rejection]) -> None:
        kept = rejections[: KEPT_REJECTIONS - self._kept]
        self._kept += len(kept)
        RejectedRow.objects.bulk_create([_row(self._batch, rejection) for rejection in kept], batch_size=1000)


def _some(blocks: Iterator[Block]) -> Iterator[Block]:
    """As many blocks as are merged at once."""
    rows = taken = 0
    while rows < _MERGED_ROWS and taken < _MERGED_BLOCKS and (block := next(blocks, None)):
        yield block
        rows, taken = rows + block.rows, taken + 1


def _row(batch: ChargeImport, rejection: Rejection) -> RejectedRow:
    return RejectedRow(
        batch=batch,
        row=rejection.row,
        line=rejection.line,
        column=rejection.column,
        refusal=rejection.refusal,
        text=rejection.excerpt,
    )
