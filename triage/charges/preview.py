"""What a preview keeps for its page: the file's columns with its first rows, and a few rows of each count.

It is stored as plain JSON in `ChargeImport.preview`; every text in it is masked before.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

FIRST_ROWS = 5  # of the file, shown under its headers
SAMPLES = 5  # rows of each count


class Sample(TypedDict):
    """One row that would be new, completed or in conflict.

    `values` is the charge in our fields (charge_id, amount, …), as texts, without empty ones. `differs` goes
    from a field to what the ledger says and what the file says; it is empty for a new row.
    """

    row: int
    values: dict[str, str]
    differs: dict[str, tuple[str, str]]


class Preview(TypedDict, total=False):
    """`headers` and `rows` show the file as it is; `samples` has the keys new, changed and conflicting.

    `same_file_id` is the import that took in the very same bytes before, 0 when there is none. Of a workbook
    `sheet` was read, and `other_sheets` were not.
    """

    headers: list[str]
    rows: list[list[str]]
    samples: dict[str, list[Sample]]
    same_file_id: int
    sheet: str
    other_sheets: list[str]


def preview_of(stored: Mapping[str, Any]) -> Preview:
    """What is stored, with nothing missing: a file that was refused early has little to show."""
    return {
        "headers": list(stored.get("headers", ())),
        "rows": [list(row) for row in stored.get("rows", ())],
        "samples": {str(name): _samples(rows) for name, rows in stored.get("samples", {}).items()},
        "same_file_id": stored.get("same_file_id", 0),
        "sheet": stored.get("sheet", ""),
        "other_sheets": list(stored.get("other_sheets", ())),
    }


def _samples(stored: Sequence[Mapping[str, Any]]) -> list[Sample]:
    return [
        {
            "row": sample.get("row", 0),
            "values": dict(sample.get("values", {})),
            "differs": {field: (said, says) for field, (said, says) in sample.get("differs", {}).items()},
        }
        for sample in stored
    ]
