"""The facts of a run's attempts as a table for a terminal, one column an attempt."""

import unicodedata
from collections.abc import Sequence

from probes.wire.facts import Facts
from triage.history.comparison import FactRow, fact_rows, header_rows

_WIDEST_VALUE = 44
_GAP = "  "


def fact_table(attempts: Sequence[Facts]) -> str:
    """Every fact and header that was seen; a star marks what differs though it should not."""
    heads = ("", *(facts.step for facts in attempts))
    rows = [heads, *map(_cells, fact_rows(attempts)), *map(_cells, header_rows(attempts))]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _cells(row: FactRow) -> tuple[str, ...]:
    mark = "* " if row.differs else "  "
    return (mark + row.label, *map(_shortened, row.values))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return _GAP.join(padded).rstrip()


def _shortened(text: str) -> str:
    """One line, at most as wide as a column may be."""
    flat = " ".join(text.split())
    return flat if _width(flat) <= _WIDEST_VALUE else flat[: _WIDEST_VALUE - 1] + "…"


def _width(text: str) -> int:
    """Terminal columns: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
