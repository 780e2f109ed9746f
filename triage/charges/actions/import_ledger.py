"""A ledger file into the ledger: all of it, row by row refusals aside, or nothing."""

import csv
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.models import User
from django.db import transaction

from probes.redaction import meter
from triage.charges.actions.store_rows import Stored, store_blocks
from triage.charges.blocks import Block, copy_blocks
from triage.charges.mapping import resolve
from triage.charges.masking import Masker
from triage.charges.models import DEFAULT_ZONE, ChargeImport, LedgerSource
from triage.charges.reading import LedgerFile
from triage.charges.refusals import FileRefusal, FileRefused, Rejection
from triage.charges.rows import RowReader
from triage.charges.wording import why_refused

SHOWN_REJECTIONS = 1000
_SHOWN_TEXT = 500
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did. `rejections` are the first thousand; the file of rejected rows has them all."""

    record: ChargeImport
    stored: Stored
    source_is_new: bool
    rejections: tuple[Rejection, ...]


def import_ledger(
    path: Path,
    *,
    source: str,
    masker: Masker,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
    zone: str = "",
    by: User | None = None,
    rejected_to: Path | None = None,
    keep: bool = True,
) -> ImportSummary:
    """Take a file in as one transaction, idempotent by charge id; memory is constant in its size.

    `source` is the slug of the ledger, made when it is new; `mapping` goes from our fields to their headers.
    Rejected rows, masked, go to the CSV file `rejected_to`. With `keep=False` nothing is kept: a preview.
    Raises FileRefused when the file cannot be taken in at all.
    """
    with transaction.atomic():
        ledger, is_new = _source(source, zone)
        with ExitStack() as stack:
            file = stack.enter_context(LedgerFile(path))
            columns = resolve(file.headers, mapping or {}, ledger.mapping)
            record = _begin(ledger, file, name=masker.text(path.name, field="file_name"), now=now, by=by)
            intake = _Intake(file, RowReader(columns, file.headers, _zone(ledger.zone)), masker, rejected_to)
            stored = store_blocks(stack.enter_context(intake).blocks(), batch=record)
        _conclude(record, intake, stored, masker)
        _remember(ledger, record.mapping, stored, now)
        meter.count_all(masker.caught.elements(), channel="import")
        if not keep:
            transaction.set_rollback(True)
    return ImportSummary(record, stored, is_new, tuple(intake.rejections))


def _source(slug: str, zone: str) -> tuple[LedgerSource, bool]:
    """The ledger, locked: two imports into one ledger wait for each other."""
    _zone(zone or DEFAULT_ZONE)
    ledger, is_new = LedgerSource.objects.select_for_update().get_or_create(slug=slug)
    if zone:
        ledger.zone = zone
    return ledger, is_new


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise FileRefused(FileRefusal.UNKNOWN_ZONE, name) from None


def _begin(
    ledger: LedgerSource, file: LedgerFile, *, name: str, now: datetime, by: User | None
) -> ChargeImport:
    return ChargeImport.objects.create(
        source=ledger,
        at=now,
        by=by,
        file_name=name[:200],
        encoding=file.shape.encoding,
        separator=file.shape.separator,
    )


class _Intake:
    """The rows of a file that can be stored; counts the others, and writes rejected ones to a file."""

    def __init__(self, file: LedgerFile, reader: RowReader, masker: Masker, rejected_to: Path | None) -> None:
        self.reader = reader
        self.rejections: list[Rejection] = []
        self.read = self.rejected = self.skipped = 0
        self._file = file
        self._masker = masker
        self._path = rejected_to
        self._stack = ExitStack()
        self._writer: Any = None

    def __enter__(self) -> "_Intake":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def blocks(self) -> Iterator[Block]:
        for block in copy_blocks(self._file, self.reader, self._masker):
            self.read += block.rows + len(block.rejections)
            self.skipped += block.skipped
            for rejection in block.rejections:
                self._reject(rejection)
            yield block

    def _reject(self, rejection: Rejection) -> None:
        self.rejected += 1
        if len(self.rejections) < SHOWN_REJECTIONS:
            self.rejections.append(rejection)
        if self._path:
            self._write(rejection, self._path)

    def _write(self, rejection: Rejection, path: Path) -> None:
        if self._writer is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = self._stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            self._writer = csv.writer(file)
            self._writer.writerow(["row", "line", "column", "reason", "text"])
        cells = (rejection.column, why_refused(rejection.refusal), rejection.text[:_SHOWN_TEXT])
        self._writer.writerow([rejection.row, rejection.line, *map(_inert, cells)])


def _inert(cell: str) -> str:
    """A spreadsheet must not run a rejected row as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _conclude(record: ChargeImport, intake: _Intake, stored: Stored, masker: Masker) -> None:
    """A header that had to be masked fits no file again; the next one is guessed anew."""
    record.mapping = {
        field: masker.text(place, field="header") for field, place in intake.reader.mapping.items()
    }
    record.read, record.rejected, record.skipped = intake.read, intake.rejected, intake.skipped
    record.new, record.unchanged, record.changed = stored.new, stored.unchanged, stored.changed
    record.conflicting, record.reexports = stored.conflicting, stored.reexports
    record.save()


def _remember(ledger: LedgerSource, mapping: Mapping[str, str], stored: Stored, now: datetime) -> None:
    """The columns for the next file, and how far the ledger reaches: never beyond now."""
    ledger.mapping = dict(mapping)
    if stored.first_at and stored.last_at:
        ledger.covered_from = min(filter(None, (ledger.covered_from, stored.first_at)))
        ledger.covered_until = max(filter(None, (ledger.covered_until, min(stored.last_at, now))))
    ledger.save()
