"""The answer as its pieces build it up: text, thoughts, calls, usage, and whether it came twice."""

from typing import Any

from probes.wire.arrivals import rounded
from probes.wire.dialects.base import Observed, TaskSeen, Usage
from probes.wire.error_shapes import ErrorSeen

_TEXT_KEPT = 64 * 1024
_LEAST_DOUBLED = 24  # characters; "ha ha" is no doubled answer
_LEAST_TWINS = 6  # deltas; fewer may be equal by chance


class Answer:
    """Folds observations in the order in which they came; what follows the end marker is not part of it."""

    def __init__(self) -> None:
        self.begun = 0
        self.text_chars = 0
        self.reasoning_chars = 0
        self.tool_calls = 0
        self.empty_choices = 0
        self.finish_reason = ""
        self.model = ""
        self.usage: Usage | None = None
        self.error: ErrorSeen | None = None
        self.task: TaskSeen | None = None
        self.done_at: float | None = None
        self.first_content_at: float | None = None
        self.first_reasoning_at: float | None = None
        self._texts: list[str] = []
        self._kept_chars = 0
        self._deltas = _Deltas()
        self._restarts = False  # the next piece of content belongs to a new answer
        self._had_role = False

    def add(self, seen: Observed, at_ms: float) -> None:
        self._count_answer(seen)
        self._take_text(seen.text, at_ms)
        self._take_reasoning(seen.reasoning, at_ms)
        self.tool_calls += seen.tool_calls
        if (seen.tool_calls or seen.tool_fragment) and self.first_content_at is None:
            self.first_content_at = at_ms
        self.empty_choices += seen.empty_choices
        self.finish_reason = seen.finish_reason or self.finish_reason
        self.model = seen.model or self.model
        self.usage = _merged(self.usage, seen.usage)
        self.error = self.error or seen.error
        self.task = seen.task or self.task
        if seen.done:
            self.end(at_ms)

    def end(self, at_ms: float) -> None:
        """The end marker arrived."""
        if self.done_at is None:
            self.done_at = at_ms

    @property
    def doubled(self) -> str:
        """ "deltas": every piece came twice; "cumulative": every piece begins with all that came before;
        "answer": it began twice and said the same; else ""."""
        if self._deltas.are_twins:
            return "deltas"
        if self._deltas.are_cumulative:
            return "cumulative"
        return "answer" if self.begun > 1 and self.halves_equal else ""

    @property
    def halves_equal(self) -> bool:
        """The text is one half said twice: a double answer, or a model that repeats itself."""
        text = "".join(self._texts)
        half, odd = divmod(len(text), 2)
        whole = self._kept_chars == self.text_chars
        return whole and not odd and half >= _LEAST_DOUBLED and text[:half] == text[half:]

    def facts(self) -> dict[str, Any]:
        """What any answer has, streamed or not, by the names of Facts."""
        usage = self.usage
        return {
            "answers": self.begun,
            "content_chars": self.text_chars,
            "reasoning_chars": self.reasoning_chars,
            "tool_calls": self.tool_calls,
            "first_content_ms": rounded(self.first_content_at),
            "first_reasoning_ms": rounded(self.first_reasoning_at),
            "finish_reason": self.finish_reason,
            "usage_seen": usage is not None,
            "prompt_tokens": usage.prompt if usage else None,
            "completion_tokens": usage.completion if usage else None,
            "reasoning_tokens": usage.reasoning if usage else None,
            "model_reported": self.model,
        }

    def stream_facts(self) -> dict[str, Any]:
        """What it shows by having come in pieces."""
        return {
            "done_seen": self.done_at is not None,
            "empty_choices_events": self.empty_choices,
            "doubled": self.doubled,
            "halves_equal": self.halves_equal,
            "repeated_deltas": self._deltas.repeated,
        }

    def _count_answer(self, seen: Observed) -> None:
        """A second answer starts where content follows a bare stop, or a role that earlier content lacked.

        Ids do not tell: some gateways give every chunk its own, as others repeat role or stop in every chunk.
        """
        has_content = bool(seen.text or seen.reasoning or seen.tool_calls)
        if not self.begun:
            self.begun = int(seen.begins or has_content)
        elif self.first_content_at is not None and seen.begins and not self._had_role:
            self._restarts = True
        if has_content:
            self.begun += self._restarts
            self._restarts = False
            self._had_role = seen.begins
        elif seen.finish_reason:
            self._restarts = True

    def _take_text(self, text: str, at_ms: float) -> None:
        if not text:
            return
        if self.first_content_at is None:
            self.first_content_at = at_ms
        self.text_chars += len(text)
        self._deltas.add(text)
        if self._kept_chars < _TEXT_KEPT:
            self._texts.append(text)
            self._kept_chars += len(text)

    def _take_reasoning(self, reasoning: str, at_ms: float) -> None:
        if reasoning and self.first_reasoning_at is None:
            self.first_reasoning_at = at_ms
        self.reasoning_chars += len(reasoning)


class _Deltas:
    """Watches for pieces that come twice in a row, or again at the head of the next one."""

    def __init__(self) -> None:
        self.repeated = 0
        self._count = 0
        self._last = ""
        self._paired = True
        self._varied = False
        self._swelling = True
        self._swells = 0

    def add(self, text: str) -> None:
        self._count += 1
        same = self._count > 1 and text == self._last
        self.repeated += same
        self._swelling = self._swelling and text.startswith(self._last)
        self._swells += self._swelling and self._count > 1 and not same
        if self._count % 2 == 0:
            self._paired = self._paired and same
        elif self._count > 1:
            self._varied = self._varied or not same
        self._last = text

    @property
    def are_twins(self) -> bool:
        return self._count >= _LEAST_TWINS and self._paired and self._varied

    @property
    def are_cumulative(self) -> bool:
        return self._swelling and self._swells >= _LEAST_TWINS


def _merged(old: Usage | None, new: Usage | None) -> Usage | None:
    """The later number wins; a half that is missing keeps what was known."""
    if not (old and new):
        return new or old
    return Usage(
        new.prompt if new.prompt is not None else old.prompt,
        new.completion if new.completion is not None else old.completion,
        new.reasoning if new.reasoning is not None else old.reasoning,
    )
