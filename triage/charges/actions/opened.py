"""An uploaded ledger, unsealed and open, to be previewed or taken in."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from triage.charges.actions.intake import Intake, intake_of, masked_mapping, sheets_of, true_mapping, zone_of
from triage.charges.actions.sealed_file import unsealed
from triage.charges.blocks import Block
from triage.charges.mapping import guess, resolve
from triage.charges.masking import Masker
from triage.charges.models import ChargeImport
from triage.charges.preview import FIRST_ROWS, Preview
from triage.charges.reading import LedgerFile
from triage.charges.records import Record, records_of
from triage.charges.rows import RowReader


class UploadedLedger:
    """Its file with what its uploader declared; `first_look` and `guessed` are masked."""

    def __init__(self, file: LedgerFile, record: ChargeImport, masker: Masker) -> None:
        self._file = file
        self._record = record
        self._masker = masker

    def first_look(self) -> Preview:
        """The headers and the first rows as they stand in the file."""
        first = list(records_of(self._file.sample))[:FIRST_ROWS]
        return {
            **sheets_of(self._file, self._masker),
            "headers": [self._masker.text(header, field="header") for header in self._file.headers],
            "rows": [
                list(map(self._masker.cell, self._file.headers, self._cells(record))) for record in first
            ],
        }

    def guessed(self) -> dict[str, str]:
        """The columns that would be used if none had to be named."""
        return masked_mapping(guess(self._file.headers) | self._declared(), self._masker)

    def reader(self, remembered: dict[str, str]) -> RowReader:
        """Raises FileRefused when a column is missing, or the zone is none."""
        headers, record = self._file.headers, self._record
        record.encoding, record.separator = self._file.shape.encoding, self._file.shape.separator
        columns = resolve(headers, self._declared(), true_mapping(remembered, headers, self._masker))
        zone = zone_of(record.declared.get("zone") or record.source.zone)
        return RowReader(columns, headers, zone)

    def intake(
        self, reader: RowReader, *, tell: Callable[[int], object]
    ) -> AbstractContextManager[tuple[Intake, Iterator[Block]]]:
        """As `intake_of`."""
        return intake_of(self._file, reader, self._masker, tell=tell)

    def _declared(self) -> dict[str, str]:
        declared = self._record.declared.get("mapping") or {}
        return true_mapping(declared, self._file.headers, self._masker)

    def _cells(self, record: Record) -> list[str]:
        if isinstance(record.cells, dict):
            return [record.cells.get(header, "") for header in self._file.headers]
        return record.cells


@contextmanager
def opened(record: ChargeImport, masker: Masker) -> Iterator[UploadedLedger]:
    """Raises FileRefused for what is no ledger file."""
    with unsealed(record) as content, LedgerFile(content, name=record.file_name) as file:
        yield UploadedLedger(file, record, masker)
