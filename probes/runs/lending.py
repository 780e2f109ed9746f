"""Whose probe may stand in for the steps that a breaker or the rate held back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from probes.net.pacing import Outcome
from probes.runs.admission import BREAKER_OPEN, BREAKER_OPEN_REACH, HOLDS, PACED
from probes.runs.circuits import answered, reached
from probes.runs.kinds import FREE
from probes.runs.models import Attempt, Run
from probes.runs.plan import Step
from probes.wire.facts import Facts

_ESSENTIAL = ("control", "stream", "status")  # without these nobody can say that all is well
_FRESH = timedelta(minutes=10)
_LONGEST_WAY = timedelta(hours=1)  # from queue to end; it lets an index find the fresh ones
_MOST_LOOKED_AT = 50


def held_back(run: Run) -> list[tuple[Step, str]]:
    """The steps that were planned and not sent because of pacing or the kill switch, and why, as a code."""
    reasons = [_why_held_back(run, attempt) for attempt in run.seen_attempts]
    if HOLDS.isdisjoint(reasons):
        return []  # so it is of most runs, and to read a plan takes as long as an attempt
    planned = zip(run.read_plan().steps, reasons, strict=True)
    return [(step, reason) for step, reason in planned if reason in HOLDS]


def why_broken_off(run: Run) -> str:
    """Why the run proves no health although it met no fault, as a code; empty when it was sent as planned."""
    return run.refusal or next((why for step, why in held_back(run) if step.kind in _ESSENTIAL), "")


def lender_for(run: Run, *, now: datetime) -> Run | None:
    """The newest finished run of the last ten minutes that shows what the held-back steps would have seen.

    Behind an open breaker that is one of those that opened it; when only the rate is used up, any that went
    through. Never for look-ups: the state of one task says nothing of another.
    """
    held = _replaceable(run)
    if not held:
        return None
    reason = held[0][1]
    runs = Run.objects.filter(
        endpoint=run.endpoint_id,
        state=Run.State.FINISHED,
        finished_at__gte=now - _FRESH,
        queued_at__gte=now - _FRESH - _LONGEST_WAY,
    )
    if reason != BREAKER_OPEN_REACH:
        runs = runs.filter(model=run.model)
    newest = runs.prefetch_related("attempts").order_by("-finished_at", "-pk")[:_MOST_LOOKED_AT]
    return next((lender for lender in newest if _shows(lender, run, reason)), None)


def stand_ins(run: Run, lender: Run) -> list[Facts]:
    """What the lender's attempts showed, of those that stand for a held-back step of `run`."""
    held = _replaceable(run)
    return [facts for step, facts in _seen(lender) if any(_stands_for(step, *item) for item in held)]


def _replaceable(run: Run) -> list[tuple[Step, str]]:
    lent_for = (BREAKER_OPEN, BREAKER_OPEN_REACH, PACED)
    return [(step, why) for step, why in held_back(run) if why in lent_for and step.kind not in FREE]


def _why_held_back(run: Run, attempt: Attempt) -> str:
    if run.state == Run.State.REFUSED and attempt.state == Attempt.State.PLANNED:
        return run.refusal
    return attempt.read_facts().skipped if attempt.state == Attempt.State.SKIPPED else ""


def _shows(lender: Run, run: Run, reason: str) -> bool:
    told = [facts for facts in stand_ins(run, lender) if not facts.skipped]
    if reason == BREAKER_OPEN_REACH:
        return any(reached(facts) is Outcome.FAILED for facts in told)
    if reason == BREAKER_OPEN:
        return any(answered(facts) is Outcome.FAILED for facts in told)
    return bool(told)


def _seen(run: Run) -> Iterator[tuple[Step, Facts]]:
    for attempt, step in zip(run.seen_attempts, run.read_plan().steps, strict=True):
        if attempt.state != Attempt.State.PLANNED:
            yield step, attempt.read_facts()


def _stands_for(step: Step, held: Step, reason: str) -> bool:
    """An endpoint that cannot be reached cannot be reached for any model."""
    if (step.kind, step.route) != (held.kind, held.route):
        return False
    return reason == BREAKER_OPEN_REACH or (step.protocol, step.model) == (held.protocol, held.model)
