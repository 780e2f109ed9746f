"""Tables for spreadsheets: lines that Excel reads as they are written, and cells that it does not run."""

import csv
from collections.abc import Iterable, Iterator

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_UTF8 = "\ufeff"  # without it Excel takes a file for one of the system's old encoding


def inert(cell: str) -> str:
    """The cell, behind an apostrophe where it would be taken for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_STARTS) else cell


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """A whole file, line by line. Cells are taken as they are: see `inert`."""
    write = csv.writer(_Echo()).writerow
    yield _UTF8
    yield from map(write, rows)


class _Echo:
    """What csv writes is handed on line by line."""

    def write(self, line: str) -> str:
        return line
