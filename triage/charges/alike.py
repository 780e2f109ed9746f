"""A look at many cells at once."""

import re
from collections.abc import Sequence


class Alike:
    """A shape that most cells of a column have: one reading of the whole column tells whether all have it.

    `shape` is a regular expression without line feeds.
    """

    def __init__(self, shape: str) -> None:
        self._one = re.compile(shape, re.ASCII)
        self._lines = re.compile(rf"(?:(?:{shape})\n)*+", re.ASCII)

    def fits(self, cell: str) -> bool:
        return self._one.fullmatch(cell) is not None

    def others(self, cells: Sequence[str]) -> Sequence[int]:
        """The places of cells that have another shape."""
        lines = "\n".join([*cells, ""])
        if self._lines.fullmatch(lines) and lines.count("\n") == len(cells):
            return ()
        return [place for place, cell in enumerate(cells) if not self._one.fullmatch(cell)]
