"""The facts of a run's attempts as a table for a terminal, one column an attempt."""

import unicodedata
from collections.abc import Sequence

from probes.wire.facts import Facts
from triage.history.comparison import FactRow, fact_rows, header_rows

_WIDEST_VALUE, _NARROWEST_VALUE = 44, 16
_VALUES_OF_A_LINE = 120  # columns of the terminal that all values share
_GAP = "  "


def fact_table(attempts: Sequence[Facts]) -> str:
    """Every fact and header that was seen; a star marks what differs though it should not."""
    heads = ("", *(facts.step for facts in attempts))
    share = _VALUES_OF_A_LINE // max(len(attempts), 1)
    most = min(max(share, _NARROWEST_VALUE), _WIDEST_VALUE)
    rows = [heads, *(_cells(row, most) for row in (*fact_rows(attempts), *header_rows(attempts)))]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _cells(row: FactRow, most: int) -> tuple[str, ...]:
    mark = "* " if row.differs else "  "
    return (mark + row.label, *(_shortened(value, most) for value in row.values))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return _GAP.join(padded).rstrip()


def _shortened(text: str, most: int) -> str:
    """One line, at most as wide as a column may be."""
    flat = " ".join(text.split())
    return flat if _width(flat) <= most else flat[: most - 1] + "…"


def _width(text: str) -> int:
    """Terminal columns: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
