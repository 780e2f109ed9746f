"""Masks text of any length piece by piece, each with a bounded window before and after it for context."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from probes.redaction.engine import Redacted, Redactor, render, withheld
from probes.redaction.search import Hit

_PIECE = 1024 * 1024  # characters masked at a time
_BEHIND = 4 * 1024
_AHEAD = 32 * 1024  # a private key and its wrapping fit in
_LONGEST = 16 * 1024 * 1024  # of a single secret; beyond it the rest of its text is withheld


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a stream as it was, and masked: offsets of findings count from the piece's beginning."""

    original: str
    redacted: Redacted


class _Window(NamedTuple):
    behind: str  # done already, context for what follows
    ahead: str  # to do


def redact_stream(pieces: Iterable[str], redactor: Redactor) -> Iterator[str]:
    """The masked text of `pieces`, in pieces; memory is bounded by the longest secret, not by the text."""
    return (piece.redacted.text for piece in redact_pieces(pieces, redactor))


def redact_pieces(pieces: Iterable[str], redactor: Redactor) -> Iterator[Piece]:
    """The same with the findings and with what the text was; a piece that cannot be checked is withheld."""
    window = _Window("", "")
    for text in pieces:
        window = window._replace(ahead=window.ahead + text)
        if len(window.ahead) >= _PIECE + _AHEAD:
            done, window = _masked(window, redactor, last=False)
            yield from done
    while window.ahead:
        done, window = _masked(window, redactor, last=True)
        yield from done


def _masked(window: _Window, redactor: Redactor, *, last: bool) -> tuple[list[Piece], _Window]:
    """What is done now, if anything, and what is left to do."""
    behind, ahead = window
    text, context = behind + ahead, len(behind)
    try:
        hits = redactor.find(text)
    except Exception:  # fail closed, as Redactor.redact does
        return [_withheld(ahead)], _Window("", "")
    cut = len(text) if last else _cut(text, hits)
    if cut <= context:
        return ([], window) if len(ahead) <= _LONGEST else ([_withheld(ahead)], _Window("", ""))
    here = (hit for hit in hits if context < hit.end <= cut)
    moved = [hit._replace(start=max(0, hit.start - context), end=hit.end - context) for hit in here]
    done = Piece(text[context:cut], render(text[context:cut], moved))
    return [done], _Window(text[max(0, cut - _BEHIND) : cut], text[cut:])


def _withheld(text: str) -> Piece:
    redacted = withheld(text)
    return Piece(text, replace(redacted, text=redacted.text + "\n"))


def _cut(text: str, hits: list[Hit]) -> int:
    """Where everything before is decided: the end of a line, outside every hit, well before the last one."""
    cut = text.rfind("\n", 0, len(text) - _AHEAD) + 1 or len(text) - _AHEAD
    crossing = next((hit for hit in hits if hit.start < cut < hit.end), None)
    return crossing.start if crossing else cut
