"""A ledger file under its mapping: blocks of masked rows, counts of the others, and what its import says."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from triage.charges.actions.store_rows import Stored
from triage.charges.ahead import ahead
from triage.charges.blocks import Block, copy_blocks
from triage.charges.masking import Masker
from triage.charges.models import ChargeImport
from triage.charges.preview import Preview
from triage.charges.reading import LedgerFile
from triage.charges.refusals import FileRefusal, FileRefused, Rejection
from triage.charges.rows import RowReader
from triage.charges.spreadsheets import inert
from triage.charges.wording import why_refused

SHOWN_REJECTIONS = 1000
_PARSED_AHEAD = 40  # blocks


class Intake:
    """Passes blocks on and counts; rejected rows also go to the CSV file `rejected_to`."""

    def __init__(self, blocks: Iterable[Block], *, rejected_to: Path | None = None) -> None:
        self.rejections: list[Rejection] = []
        self.read = self.rejected = self.skipped = 0
        self._blocks = blocks
        self._path = rejected_to
        self._stack = ExitStack()
        self._writer: Any = None

    def __enter__(self) -> "Intake":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def blocks(self) -> Iterator[Block]:
        for block in self._blocks:
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
        cells = (rejection.column, why_refused(rejection.refusal), rejection.excerpt)
        self._writer.writerow([rejection.row, rejection.line, *map(inert, cells)])


@contextmanager
def intake_of(
    file: LedgerFile,
    reader: RowReader,
    masker: Masker,
    *,
    rejected_to: Path | None = None,
    tell: Callable[[int], object] = lambda _bytes_read: None,
) -> Iterator[tuple[Intake, Iterator[Block]]]:
    """What counts the rows, and the blocks to be stored, parsed ahead in a thread.

    `tell` hears, in the thread that takes the blocks, how many bytes of the file are read.
    """
    with (
        Intake(copy_blocks(file, reader, masker), rejected_to=rejected_to) as intake,
        closing(ahead(intake.blocks(), most=_PARSED_AHEAD)) as blocks,
    ):
        yield intake, _told(blocks, file, tell)


def _told(blocks: Iterable[Block], file: LedgerFile, tell: Callable[[int], object]) -> Iterator[Block]:
    for block in blocks:
        tell(file.bytes_read)
        yield block


def sheets_of(file: LedgerFile, masker: Masker) -> Preview:
    """Which sheet of a workbook is read, and which are not; masked, and nothing for other files."""
    if not file.sheet:
        return {}
    names = [masker.text(name, field="header") for name in (file.sheet, *file.other_sheets)]
    return {"sheet": names[0], "other_sheets": names[1:]}


def masked_mapping(mapping: Mapping[str, str], masker: Masker) -> dict[str, str]:
    """As it is stored: a header may hold a secret."""
    return {field: masker.text(place, field="header") for field, place in mapping.items()}


def true_mapping(mapping: Mapping[str, str], headers: Iterable[str], masker: Masker) -> dict[str, str]:
    """A stored mapping for a file: headers that were masked are the file's own again."""
    known = {masker.text(header, field="header"): header for header in headers}
    return {field: known.get(place, place) for field, place in mapping.items()}


def conclude(
    record: ChargeImport, intake: Intake, reader: RowReader, stored: Stored, masker: Masker, now: datetime
) -> None:
    """Fill the import in with its counts, its columns and the span that it covers, without saving it."""
    record.mapping = masked_mapping(reader.mapping, masker)
    record.read, record.rejected, record.skipped = intake.read, intake.rejected, intake.skipped
    record.new, record.unchanged, record.changed = stored.new, stored.unchanged, stored.changed
    record.conflicting, record.reexports = stored.conflicting, stored.reexports
    record.covered_from, record.covered_until = _span(record.declared, stored, now)
    record.finished_at = now


def _span(
    declared: Mapping[str, str], stored: Stored, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """What was declared, else from the first row to the last; never beyond now."""
    start = _moment(declared.get("covered_from")) or stored.first_at
    end = _moment(declared.get("covered_until")) or stored.last_at
    if start is None or end is None:
        return None, None
    return min(start, now), min(end, now)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def zone_of(name: str) -> tzinfo:
    """Raises FileRefused for a name that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise FileRefused(FileRefusal.UNKNOWN_ZONE, name) from None
