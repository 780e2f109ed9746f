"""Masks text of any length piece by piece, each with a bounded window before and after it for context."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from probes.redaction.engine import Redacted, Redactor, render, withheld
from probes.redaction.helpers import Helpers
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

    def after(self, cut: int) -> "_Window":
        """What is left when everything before `cut` is done."""
        text = self.behind + self.ahead
        return _Window(text[max(0, cut - _BEHIND) : cut], text[cut:])


_NOTHING = _Window("", "")


def redact_stream(pieces: Iterable[str], redactor: Redactor, *, jobs: int = 1) -> Iterator[str]:
    """The masked text of `pieces`, in pieces; memory is bounded by the longest secret, not by the text."""
    return (piece.redacted.text for piece in redact_pieces(pieces, redactor, jobs=jobs))


def redact_pieces(pieces: Iterable[str], redactor: Redactor, *, jobs: int = 1) -> Iterator[Piece]:
    """The same with the findings and with what the text was; a piece that cannot be checked is withheld.

    With several `jobs`, as many processes search; the pieces and their order stay the same.
    """
    with ExitStack() as stack:
        ask = stack.enter_context(Helpers(redactor, jobs)).ask if jobs > 1 else _asked_here(redactor)
        queue = _Queue(iter(pieces), ask, jobs + 1 if jobs > 1 else 1)
        while question := queue.next():
            done, rest = _masked(question)
            yield from done
            queue.go_on(question, rest)


def _asked_here(redactor: Redactor) -> "Callable[[str], Callable[[], list[Hit]]]":
    return lambda text: lambda: redactor.find(text)


@dataclass(slots=True)
class _Question:
    """A window, what was read for it, and how to get at what is found in it."""

    window: _Window
    fresh: list[str]
    answer: Callable[[], list[Hit]]
    last: bool
    expected: _Window  # what will be left, if no finding crosses the place for a cut


@dataclass(slots=True)
class _Queue:
    """Windows searched ahead of their turn, each begun where the one before is expected to be cut."""

    pieces: Iterator[str]
    ask: Callable[[str], Callable[[], list[Hit]]]
    depth: int
    rest: _Window = _NOTHING  # behind the last question
    questions: deque[_Question] = field(default_factory=deque)
    returned: deque[str] = field(default_factory=deque)  # read for questions that were asked in vain

    def next(self) -> _Question | None:
        while len(self.questions) < self.depth and (question := self._question()):
            self.questions.append(question)
        return self.questions.popleft() if self.questions else None

    def go_on(self, done: _Question, rest: _Window) -> None:
        """Ask anew where a finding crossed the place that was expected for a cut."""
        if rest != done.expected:
            for question in reversed(self.questions):
                self.returned.extendleft(reversed(question.fresh))
            self.questions.clear()
            self.rest = rest

    def _question(self) -> _Question | None:
        window, fresh = self.rest, list[str]()
        while not fresh or len(window.ahead) < _PIECE + _AHEAD:
            text = self.returned.popleft() if self.returned else next(self.pieces, None)
            if text is None:
                break
            fresh.append(text)
            window = window._replace(ahead=window.ahead + text)
        last = len(window.ahead) < _PIECE + _AHEAD or not fresh
        if not window.ahead:
            return None
        text = window.behind + window.ahead
        self.rest = window.after(len(text) if last else _cut(text, []))
        return _Question(window, fresh, self.ask(text), last, self.rest)


def _masked(question: _Question) -> tuple[list[Piece], _Window]:
    """What is done now, if anything, and what is left to do."""
    window = question.window
    text, context = window.behind + window.ahead, len(window.behind)
    try:
        hits = question.answer()
    except Exception:  # fail closed, as Redactor.redact does
        return [_withheld(window.ahead)], _NOTHING
    cut = len(text) if question.last else _cut(text, hits)
    if cut <= context:
        return ([], window) if len(window.ahead) <= _LONGEST else ([_withheld(window.ahead)], _NOTHING)
    here = (hit for hit in hits if context < hit.end <= cut)
    moved = [hit._replace(start=max(0, hit.start - context), end=hit.end - context) for hit in here]
    return [Piece(text[context:cut], render(text[context:cut], moved))], window.after(cut)


def _withheld(text: str) -> Piece:
    redacted = withheld(text)
    return Piece(text, replace(redacted, text=redacted.text + "\n"))


def _cut(text: str, hits: list[Hit]) -> int:
    """Where everything before is decided: the end of a line, outside every hit, well before the last one."""
    cut = text.rfind("\n", 0, len(text) - _AHEAD) + 1 or len(text) - _AHEAD
    crossing = next((hit for hit in hits if hit.start < cut < hit.end), None)
    return crossing.start if crossing else cut
