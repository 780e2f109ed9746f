"""Where the table of a file begins: exports put titles, periods and totals above their header."""

import csv
import re
from collections.abc import Sequence

from triage.charges.mapping import REQUIRED, guess

WITHIN = 20  # lines or rows that are looked at
_LOOKED_AT = 10_000  # characters of a line
_SEPARATORS = ",;\t|"
_NAMED_SEPARATOR = re.compile(r"\"?sep=(.)\"?\s*", re.IGNORECASE)  # Excel's own first line
_SURE = 3  # needed columns: no row of data names as many by chance


def fit(header: Sequence[str]) -> int:
    """How many of the columns that a ledger needs these headers name."""
    return len(guess(header).keys() & {*REQUIRED})


def begin_of_table(text: str) -> tuple[int, str]:
    """(lines above the header, separator) of delimited text that begins with `text`.

    The first line is the header unless a later one names the needed columns far better.
    """
    lines = [line[:_LOOKED_AT] for line in text.split("\n", WITHIN)[:WITHIN]]
    if named := _NAMED_SEPARATOR.fullmatch(lines[0]):
        return 1, named[1]
    fits = [fit(_cells(line)) for line in lines]
    best = max(range(len(lines)), key=lambda index: (fits[index], -index))
    begin = best if fits[best] >= max(_SURE, fits[0] + 2) else 0
    return begin, _separator(lines[begin])


def _separator(line: str) -> str:
    return max(_SEPARATORS, key=line.count)


def _cells(line: str) -> list[str]:
    return next(csv.reader([line.rstrip("\r")], delimiter=_separator(line)), [])
