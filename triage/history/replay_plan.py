"""The plan of a run once more: as it was, or with one change, so that a difference has one cause."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from probes.runs.kinds import FREE, Wish
from probes.runs.plan import NothingToProbe, Plan, Step, Terms, plan_steps
from probes.wire.reasoning_models import output_limit

SAME: Final = "same"
CHANGES: Final = (SAME, "model", "stream_only", "both", "gzip", "http2", "route", "length")
LEAST_TOKENS, MOST_TOKENS = 1, 4000  # as with the endpoint's own setting
_WHOLE: Mapping[str, tuple[str, ...]] = {"stream_only": ("stream",), "both": ("control", "stream")}
_OWN_PROMPTS = frozenset({"long", "tool"})
_ANY_PROTOCOL = frozenset({"status", "balance", "websocket"})  # look-ups that no protocol describes


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be different, one of CHANGES, with what that one needs."""

    what: str = SAME
    model: str = ""
    route: str = ""
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """What two plans do not share: `what` is "model", "steps", "route" or "length"."""

    what: str
    was: tuple[str, ...]
    now: tuple[str, ...]


def plan_again(terms: Terms, then: Plan, change: Change) -> Plan:
    """The steps of `then` with its prompt, model and length, at today's prices, routes and paths.

    `terms` are the endpoint's for `protocol_of(then)`. Raises NothingToProbe for what cannot be had: media
    are looked up again, never submitted.
    """
    protocol = protocol_of(then)
    if protocol and terms.protocol != protocol:
        raise NothingToProbe("protocol_gone")
    if change.what == "model" and not change.model:
        raise NothingToProbe("no_model_named")
    wishes = list(_wishes_of(then))
    if change.what != SAME:
        wishes = _changed(wishes, change)
    return plan_steps(
        _terms_of_then(terms, then, change),
        wishes,
        model=change.model if change.what == "model" else model_of(then),
        task_id=next((step.task_id for step in then.steps if step.task_id), ""),
    )


def protocol_of(plan: Plan) -> str:
    """Empty where only look-ups are planned that know none."""
    return next((step.protocol for step in plan.steps if step.kind not in _ANY_PROTOCOL), "")


def model_of(plan: Plan) -> str:
    """The one that its steps share."""
    return next((step.model for step in plan.steps if step.kind != "model"), "")


def asks_a_model(plan: Plan) -> bool:
    return any(step.kind not in FREE for step in plan.steps)


def length_of(plan: Plan) -> int:
    """Tokens of visible answer that its ordinary requests ask for; 0 where there is none."""
    step = _ordinary(plan)
    return max(step.max_tokens - output_limit(step.model, 0), 1) if step else 0


def differences(was: Plan, now: Plan) -> list[Difference]:
    """In the order in which one would tell them; empty for the same plan at other prices."""
    return [
        Difference(what, before, after)
        for what, before, after in (
            ("model", _said(model_of(was)), _said(model_of(now))),
            ("steps", _kinds(was), _kinds(now)),
            ("route", _routes(was), _routes(now)),
            ("length", _said(length_of(was)), _said(length_of(now))),
        )
        if before != after
    ]


def _ordinary(plan: Plan) -> Step | None:
    return next((step for step in plan.steps if step.prompt and step.kind not in _OWN_PROMPTS), None)


def _terms_of_then(terms: Terms, then: Plan, change: Change) -> Terms:
    step = _ordinary(then)
    kept = replace(terms, prompt=step.prompt, output_tokens=length_of(then)) if step else terms
    return replace(kept, output_tokens=change.tokens) if change.what == "length" else kept


def _wishes_of(plan: Plan) -> Iterator[Wish]:
    for kind, same in groupby(plan.steps, key=lambda step: step.kind):
        steps = list(same)
        if kind in ("repeat", "balance"):  # one wish for several requests
            yield Wish(kind=kind, times=len(steps), reason=steps[0].reason)
            continue
        for step in steps:
            other = step.model if kind == "model" else ""
            yield Wish(kind=kind, model=other, route=step.route, reason=step.reason)


def _changed(wishes: list[Wish], change: Change) -> list[Wish]:
    """Raises NothingToProbe where nothing asks a model."""
    place = next((n for n, wish in enumerate(wishes) if wish.kind == "stream"), None)
    if place is None:
        place = next((n for n, wish in enumerate(wishes) if wish.kind not in FREE), None)
    if place is None:
        raise NothingToProbe("only_look_ups")
    if kinds := _WHOLE.get(change.what):
        return [Wish(kind=kind, reason="asked") for kind in kinds]
    if change.what in ("gzip", "http2", "route"):
        route = change.route if change.what == "route" else ""
        wishes[place] = Wish(kind=change.what, route=route, reason="asked")
    return wishes


def _said(value: str | int) -> tuple[str, ...]:
    return (str(value),) if value else ()


def _kinds(plan: Plan) -> tuple[str, ...]:
    return tuple(step.kind for step in plan.steps)


def _routes(plan: Plan) -> tuple[str, ...]:
    return tuple(step.route for step in plan.steps if step.route)
