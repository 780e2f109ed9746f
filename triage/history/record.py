"""What is on record of one run, also where an older desk wrote it down in another way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from probes.runs.models import Attempt, Run
from probes.wire.fact_names import by_our_names
from probes.wire.facts import Facts
from triage.tickets.steps import Request, plan_of, requests_of

_OUR_FACTS = frozenset(f.name for f in fields(Facts))


@dataclass(frozen=True, slots=True)
class Record:
    """`requests` are all that are planned, those still to come among them."""

    run: Run
    requests: list[Request]
    currency: str
    is_planned: bool  # False where the plan is of another version and each step is told by its attempt
    foreign: tuple[str, ...]  # names of values that this version does not know

    @property
    def begun(self) -> list[Request]:
        return [request for request in self.requests if request.attempt.state != Attempt.State.PLANNED]

    @property
    def sent(self) -> list[Request]:
        """Those of which something was seen."""
        return [request for request in self.begun if not request.facts.skipped]


def record_of(run: Run) -> Record:
    """Reads `run` with its endpoint and its attempts, whatever version stored them."""
    plan = plan_of(run)
    return Record(
        run=run,
        requests=requests_of([run]),
        currency=plan.currency if plan else run.endpoint.currency,
        is_planned=plan is not None,
        foreign=tuple(sorted(set(_foreign_names(run.attempts.all())))),
    )


def _foreign_names(attempts: Iterable[Attempt]) -> Iterator[str]:
    for attempt in attempts:
        yield from by_our_names(attempt.facts).keys() - _OUR_FACTS
