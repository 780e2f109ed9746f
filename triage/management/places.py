"""Where in a text something had to be masked, as line and column, for people and editors to go to."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from probes.redaction.engine import Redactor
from probes.redaction.stream import redact_pieces

_SNIFFED = 8 * 1024  # bytes in which a NUL gives a binary file away, as it does to git


class Place(NamedTuple):
    """Line and column count from 1, the column in characters; what stands there is not told."""

    line: int
    column: int
    kind: str


def places(pieces: Iterable[str], redactor: Redactor, *, jobs: int = 1) -> Iterator[Place]:
    """Every finding in a text of any length; a part that cannot be checked counts as one (`withheld`)."""
    line, column = 1, 1
    for piece in redact_pieces(pieces, redactor, jobs=jobs):
        position = 0
        for finding in piece.redacted.findings:
            line, column = _after(piece.original[position : finding.start], line, column)
            position = finding.start
            yield Place(line, column, finding.kind)
        line, column = _after(piece.original[position:], line, column)


def is_binary(start: bytes) -> bool:
    """Whether a file that begins so is no text."""
    return b"\0" in start[:_SNIFFED]


def _after(text: str, line: int, column: int) -> tuple[int, int]:
    ends = text.count("\n")
    return line + ends, len(text) - text.rfind("\n") if ends else column + len(text)
