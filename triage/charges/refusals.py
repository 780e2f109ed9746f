"""Why a row or a whole file is not taken in: permanent codes; the wording lives in wording.py."""

from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """Reasons for refusing one row."""

    TOO_MANY_CELLS = "row.too_many_cells"
    TOO_FEW_CELLS = "row.too_few_cells"
    NOT_JSON = "row.not_json"
    NOT_AN_OBJECT = "row.not_an_object"
    TOO_LONG = "row.too_long"
    UNCLOSED_QUOTE = "row.unclosed_quote"
    EMPTY = "cell.empty"
    CONTROL_CHARACTER = "cell.control_character"
    UNDECODABLE = "cell.undecodable"
    CELL_TOO_LONG = "cell.too_long"
    MANGLED_ID = "cell.mangled_id"
    NO_AMOUNT = "amount.unreadable"
    AMBIGUOUS_AMOUNT = "amount.ambiguous"
    AMOUNT_TOO_PRECISE = "amount.too_precise"
    AMOUNT_TOO_LARGE = "amount.too_large"
    UNKNOWN_CURRENCY = "currency.unknown"
    NO_TIME = "time.unreadable"
    AMBIGUOUS_TIME = "time.ambiguous"
    NO_TIME_OF_DAY = "time.no_time_of_day"
    TIME_OUT_OF_RANGE = "time.out_of_range"
    UNKNOWN_KIND = "kind.unknown"


class Refused(ValueError):
    """A cell cannot be read. `field` is our name of it; empty when the whole row is meant."""

    def __init__(self, refusal: Refusal, field: str = "") -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.field = field


@dataclass(frozen=True, slots=True)
class Rejection:
    """One row that was not taken in. Rows count records from 1 after the header, lines count from 1."""

    row: int
    line: int
    column: str  # the file's own name for it; empty when the whole row is meant
    refusal: Refusal
    text: str  # the row as it stood; masked once it leaves the import

    @property
    def excerpt(self) -> str:
        """As much of the row as is kept and shown."""
        return self.text[:500]


class FileRefusal(StrEnum):
    """Reasons for refusing a whole file."""

    NOT_FOUND = "file.not_found"
    UNREADABLE = "file.unreadable"
    EMPTY = "file.empty"
    NO_HEADER = "file.no_header"
    BINARY = "file.binary"
    OLD_WORKBOOK = "file.old_workbook"
    BOMB = "file.bomb"
    DAMAGED = "file.damaged"
    CHANGED = "file.changed"
    REPEATED_COLUMN = "file.repeated_column"
    MISSING_COLUMN = "file.missing_column"
    UNKNOWN_HEADER = "mapping.unknown_header"
    UNKNOWN_FIELD = "mapping.unknown_field"
    BAD_CONSTANT = "mapping.bad_constant"
    UNKNOWN_ZONE = "zone.unknown"


class FileRefused(Exception):
    """The file cannot be imported at all; nothing was taken in. `detail` names the column or file."""

    def __init__(self, refusal: FileRefusal, detail: str = "") -> None:
        super().__init__(f"{refusal.value} {detail}".strip())
        self.refusal = refusal
        self.detail = detail
