"""A look at many cells at once."""

import re
from collections.abc import Iterator, Sequence


class Alike:
    """A shape that most cells of a column have: one reading of the whole column finds those that have not.

    `shape` is a regular expression without line feeds; its own branches are tried in their order.
    """

    def __init__(self, shape: str) -> None:
        self._lines = re.compile(rf"(?:(?:{shape})\n)*+", re.ASCII)

    def others(self, cells: Sequence[str]) -> Sequence[int]:
        """The places of cells that have another shape."""
        lines = "\n".join([*cells, ""])
        if lines.count("\n") != len(cells):
            return range(len(cells))
        return list(self._others(lines))

    def _others(self, lines: str) -> Iterator[int]:
        start = place = 0
        while (stop := self._end(lines, start)) < len(lines):
            place += lines.count("\n", start, stop)
            yield place
            start = lines.index("\n", stop) + 1
            place += 1

    def _end(self, lines: str, start: int) -> int:
        """Where the lines of this shape end that begin at `start`."""
        found = self._lines.match(lines, start)
        return found.end() if found else start
