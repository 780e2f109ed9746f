"""What a run against a behaviour must show: expected facts as data, told in docs/lab.md, held by a test."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TASK_SHAPES = ("videos", "tasks", "plain")
"""The ways to look a task up: the first part of the path names the shape of its answer."""


@dataclass(frozen=True, slots=True)
class Within:
    """A number between two bounds, both included; with `per_unit` they count times the model's argument."""

    low: float | None = None
    high: float | None = None
    per_unit: bool = False

    def holds(self, value: Any, arg: float) -> bool:
        scale = arg if self.per_unit else 1
        return (
            isinstance(value, (int, float))
            and (self.low is None or value >= self.low * scale)
            and (self.high is None or value <= self.high * scale)
        )

    def __str__(self) -> str:
        signs = (("≥", self.low), ("≤", self.high))
        told = " and ".join(f"{sign} {bound:g}" for sign, bound in signs if bound is not None)
        return f"{told} × argument" if self.per_unit else told


@dataclass(frozen=True, slots=True)
class Containing:
    """A text with this in it."""

    part: str

    def holds(self, value: Any, arg: float) -> bool:
        return self.part in value

    def __str__(self) -> str:
        return f"contains `{self.part}`"


Expected = Within | Containing | str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class By:
    """A value that depends on the way: a protocol, or one of TASK_SHAPES."""

    rest: Expected
    ways: Mapping[str, Expected]

    def on(self, way: str) -> Expected:
        return self.ways.get(way, self.rest)


Promise = Mapping[str, Expected | By]
"""Fact name to what it must be. What a promise does not name, nobody may rely on."""

Shows = Mapping[str, Promise]
"""The kind of a step to its promise, in the order in which a run sends them."""


def by(rest: Expected, **ways: Expected) -> By:
    return By(rest, ways)


def at_least(bound: float) -> Within:
    return Within(low=bound)


def at_most(bound: float) -> Within:
    return Within(high=bound)


def after_units(ms: float) -> Within:
    """Not before so many milliseconds for each unit of the argument."""
    return Within(low=ms, per_unit=True)


def broken(promise: Promise, facts: Any, *, way: str, arg: float) -> Iterator[str]:
    """A line for every fact that is not as promised. `facts` has an attribute for each name."""
    for name, expected in promise.items():
        wanted = expected.on(way) if isinstance(expected, By) else expected
        seen = getattr(facts, name)
        kept = wanted.holds(seen, arg) if isinstance(wanted, (Within, Containing)) else seen == wanted
        if not kept:
            yield f"{name} is {seen!r}, promised: {wanted!r}"


FINISHED = by("stop", openai_responses="completed", anthropic="end_turn")
AT_THE_LIMIT = by("length", openai_responses="max_output_tokens", anthropic="max_tokens")
WITH_A_TOOL = by("tool_calls", openai_responses="completed", anthropic="tool_use")

WHOLE: Promise = {
    "status": 200,
    "body_kind": "json_ok",
    "end_mode": "clean_eof",
    "finish_reason": FINISHED,
    "content_chars": at_least(1),
    "usage_seen": True,
}
FLOWING: Promise = {
    "status": 200,
    "content_type": "text/event-stream",
    "body_kind": "events",
    "end_mode": "done",
    "done_seen": True,
    "finish_reason": FINISHED,
    "content_chars": at_least(1),
    "malformed_events": 0,
    "in_stream_error": False,
}
AS_OK: Shows = {"control": WHOLE, "stream": FLOWING}


def both(promise: Promise) -> Shows:
    """Streamed or not, the same facts."""
    return {"control": promise, "stream": promise}


def answers(**facts: Expected | By) -> Shows:
    """A complete answer, with these facts in both steps."""
    return {"control": {**WHOLE, **facts}, "stream": {**FLOWING, **facts}}


def streams(**facts: Expected | By) -> Shows:
    """A healthy control; the stream is complete but for these facts."""
    return {"control": WHOLE, "stream": {**FLOWING, **facts}}


def ends_early(end_mode: str, **facts: Expected | By) -> Shows:
    """A healthy control; the stream says something and never comes to its end."""
    early: Promise = {"end_mode": end_mode, "done_seen": False, "finish_reason": "", "last_seen": "text"}
    return {"control": WHOLE, "stream": {**FLOWING, **early, **facts}}


def refuses(status: int, kind: str | By = "", code: str = "", **facts: Expected | By) -> Shows:
    """A JSON error. Anthropic's shape of it has no code."""
    error: Promise = {
        "status": status,
        "body_kind": "json_error",
        "error_type": kind,
        "error_code": by(code, anthropic="") if code else "",
    }
    return both({**error, **facts})


def shows_page(status: int, **facts: Expected | By) -> Shows:
    """HTML in place of an API's answer."""
    return both({"status": status, "content_type": "text/html", "body_kind": "html", **facts})


def breaks(failure: str | By, **facts: Expected | By) -> Shows:
    """No answer that HTTP knows."""
    return both({"failure": failure, "status": None, "end_mode": "no_body", **facts})


def looked_up(status: str, **facts: Expected | By) -> Shows:
    """One look-up of a media task."""
    return {"status": {"status": 200, "body_kind": "json_ok", "task_status": status, **facts}}
