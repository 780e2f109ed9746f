"""Masks text of any length piece by piece, each with a bounded window before and after it for context."""

from collections.abc import Iterable, Iterator

from probes.redaction.engine import WITHHELD, Redactor, render
from probes.redaction.search import Hit

_PIECE = 512 * 1024  # characters masked at a time
_BEHIND = 4 * 1024
_AHEAD = 32 * 1024  # a private key and its wrapping fit in
_LONGEST = 16 * 1024 * 1024  # of a single secret; beyond it the rest of its text is withheld


def redact_stream(pieces: Iterable[str], redactor: Redactor) -> Iterator[str]:
    """The masked text of `pieces`, in pieces; memory is bounded by the longest secret, not by the text."""
    behind, ahead = "", ""
    for piece in pieces:
        ahead += piece
        if len(ahead) < _PIECE + _AHEAD:
            continue
        done, behind, ahead = _masked(behind, ahead, redactor, last=False)
        yield done
    while ahead:
        done, behind, ahead = _masked(behind, ahead, redactor, last=True)
        yield done


def _masked(behind: str, ahead: str, redactor: Redactor, *, last: bool) -> tuple[str, str, str]:
    """(masked text, context for the next piece, what is left to do)."""
    text = behind + ahead
    try:
        hits = redactor.find(text)
    except Exception:  # fail closed, as Redactor.redact does
        return WITHHELD + "\n", "", ""
    cut = len(text) if last else _cut(text, hits)
    if cut <= len(behind):
        return ("", behind, ahead) if len(ahead) <= _LONGEST else (WITHHELD + "\n", "", "")
    moved = [
        hit._replace(start=max(0, hit.start - len(behind)), end=hit.end - len(behind))
        for hit in hits
        if len(behind) < hit.end <= cut
    ]
    return render(text[len(behind) : cut], moved).text, text[max(0, cut - _BEHIND) : cut], text[cut:]


def _cut(text: str, hits: list[Hit]) -> int:
    """Where everything before is decided: the end of a line, outside every hit, well before the last one."""
    cut = text.rfind("\n", 0, len(text) - _AHEAD) + 1 or len(text) - _AHEAD
    crossing = next((hit for hit in hits if hit.start < cut < hit.end), None)
    return crossing.start if crossing else cut
