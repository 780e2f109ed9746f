"""The facts of a run's attempts as tables for a terminal, one column an attempt."""

import unicodedata
from collections import Counter
from collections.abc import Sequence

from probes.wire.facts import Facts
from triage.history.comparison import FactRow, fact_rows, header_rows

_WIDEST_VALUE = 44
_VALUES_OF_A_LINE = 120  # columns of the terminal that all values share
_MOST_SIDE_BY_SIDE = 6
_GAP = "  "


def fact_table(attempts: Sequence[Facts]) -> str:
    """Every fact and header that was seen; a star marks what differs though it should not.

    Many attempts make several tables, one below the other.
    """
    rows = (*fact_rows(attempts), *header_rows(attempts))
    heads = _numbered([facts.step for facts in attempts])
    starts = range(0, len(attempts), _MOST_SIDE_BY_SIDE)
    return "\n\n".join(_table(heads, rows, slice(at, at + _MOST_SIDE_BY_SIDE)) for at in starts)


def _table(heads: Sequence[str], rows: Sequence[FactRow], part: slice) -> str:
    titles = ("", *heads[part])
    most = min(_VALUES_OF_A_LINE // len(heads[part]), _WIDEST_VALUE)
    lines = [titles, *(_cells(row, part, most) for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_line(cells, widths) for cells in lines)


def _numbered(steps: Sequence[str]) -> list[str]:
    """A kind that comes more than once is numbered."""
    often = Counter(steps)
    return [
        f"{step} {steps[: at + 1].count(step)}" if often[step] > 1 else step for at, step in enumerate(steps)
    ]


def _cells(row: FactRow, part: slice, most: int) -> tuple[str, ...]:
    mark = "* " if row.differs else "  "
    return (mark + row.label, *(_shortened(value, most) for value in row.values[part]))


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
