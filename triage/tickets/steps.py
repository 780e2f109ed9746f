"""The requests of one or several runs, each under a name that tells it from its neighbours."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from probes.runs.models import Attempt, Run
from probes.runs.plan import Plan, Step
from probes.wire.facts import Facts
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.steps import REASONS, STEP_NOTES, STEPS


@dataclass(frozen=True, slots=True)
class StepName:
    """`title` is short and tells it from its neighbours; `note` says what it does differently."""

    title: str
    note: str
    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    """One request as planned and as it went."""

    attempt: Attempt
    step: Step
    facts: Facts
    name: StepName

    @property
    def run_id(self) -> int:
        return self.attempt.run_id

    @property
    def label(self) -> tuple[str, str]:
        return self.name.title, self.name.note


def requests_of(runs: Iterable[Run]) -> list[Request]:
    """Every planned request of these runs, in the order of sending."""
    planned = [pair for run in runs for pair in _planned(run)]
    names = names_of(step for _attempt, step in planned)
    return [
        Request(attempt, step, attempt.read_facts(), name)
        for (attempt, step), name in zip(planned, names, strict=True)
    ]


def plan_of(run: Run) -> Plan | None:
    """None for a plan that another version of the desk wrote down in a way that this one cannot read."""
    try:
        return run.read_plan()
    except (TypeError, KeyError, ValueError, ArithmeticError):
        return None


def _planned(run: Run) -> Iterator[tuple[Attempt, Step]]:
    """Each attempt with its step; where the plan does not say that, with what the attempt itself tells."""
    plan = plan_of(run)
    by_place = dict(enumerate(plan.steps if plan else ()))
    for attempt in run.attempts.all():
        step = by_place.get(attempt.position)
        if step is None or step.kind != attempt.step:
            step = Step(kind=attempt.step, protocol=run.endpoint.protocol, model=run.model)
        yield attempt, step


def names_of(steps: Iterable[Step]) -> list[StepName]:
    """In the same order. A kind that comes more than once is numbered."""
    planned = list(steps)
    return [
        StepName(title, _note(step), in_words(REASONS, step.reason))
        for step, title in zip(planned, _titles([step.kind for step in planned]), strict=True)
    ]


def _titles(kinds: list[str]) -> Iterator[str]:
    often, so_far = Counter(kinds), Counter[str]()
    for kind in kinds:
        so_far[kind] += 1
        title = in_words(STEPS, kind)
        yield f"{title} {so_far[kind]}" if often[kind] > 1 else title


def _note(step: Step) -> str:
    """What only this step does: its route, its model, or what its kind is known for."""
    if step.route:
        return _("route %(route)s") % {"route": step.route}
    if step.kind == "model":
        return step.model
    return in_words(STEP_NOTES, step.kind)
