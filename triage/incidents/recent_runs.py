"""How an endpoint has been of late: the desk's own runs, each judged by its facts alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from statistics import median

from django.db.models import Prefetch, prefetch_related_objects

from probes.runs.models import Attempt, Run
from probes.wire.facts import Facts
from triage.verdicts.case import Case, Health, Intake
from triage.verdicts.classify import classify
from triage.verdicts.reading import LOOK_UPS

MOST_RUNS = 12
_LONGEST_WAY = timedelta(hours=1)  # from queue to end; it lets the index find the recent ones
_WELL = "ok."


@dataclass(frozen=True, slots=True)
class SeenRun:
    """A finished run: the class of what it met, whatever its ticket tells."""

    pk: int
    at: datetime
    code: str
    first_content_ms: float | None = None  # of its stream

    @property
    def is_well(self) -> bool:
        return self.code.startswith(_WELL)


def recent_runs(
    endpoint_id: int, model: str, *, since: datetime, but_of_ticket: int | None = None
) -> list[SeenRun]:
    """The newest finished runs since then, at most MOST_RUNS, newest first; at most two queries.

    An empty `model` means every model of the endpoint.
    """
    runs = Run.objects.filter(
        endpoint_id=endpoint_id,
        state=Run.State.FINISHED,
        finished_at__gte=since,
        queued_at__gte=since - _LONGEST_WAY,
    )
    if model:
        runs = runs.filter(model=model)
    if but_of_ticket is not None:
        runs = runs.exclude(investigation__ticket_id=but_of_ticket)
    newest = runs.only("finished_at").order_by("-queued_at", "-pk")[:MOST_RUNS]
    seen = filter(None, _judged(list(newest)))
    return sorted(seen, key=lambda run: (run.at, run.pk), reverse=True)


def health_of(runs: Sequence[SeenRun], *, since: datetime) -> Health | None:
    """The runs, newest first, as one answer; None where there are none."""
    if not runs:
        return None
    well = [run for run in runs if run.is_well]
    waits = [run.first_content_ms for run in well if run.first_content_ms is not None]
    return Health(
        since=runs[-1].at if len(runs) == MOST_RUNS else since,
        runs=len(runs),
        well=len(well),
        failing=sum(1 for _run in takewhile(lambda run: not run.is_well, runs)),
        last_well_at=well[0].at if well else None,
        first_content_ms=median(waits) if waits else None,
        codes={code: sum(run.code == code for run in runs) for code in sorted({run.code for run in runs})},
    )


def in_a_row(runs: Sequence[SeenRun], code: str, *, since: datetime) -> list[SeenRun]:
    """The newest runs that all met this class, without one between them that did not."""
    return list(takewhile(lambda run: run.code == code and run.at >= since, runs))


_judged_before: dict[tuple[int, datetime | None], SeenRun | None] = {}
_MOST_REMEMBERED = 2000


def _judged(runs: Sequence[Run]) -> list[SeenRun | None]:
    """Each of them, judged once in the life of this process: a finished run does not change any more."""
    known = dict(_judged_before)  # a copy: other threads forget
    new = [run for run in runs if _key(run) not in known]
    done = Attempt.objects.filter(state=Attempt.State.DONE).exclude(step__in=LOOK_UPS).order_by("position")
    prefetch_related_objects(new, Prefetch("attempts", queryset=done))
    told = {_key(run): _seen(run) for run in new}
    if len(known) > _MOST_REMEMBERED:
        _judged_before.clear()
    _judged_before.update(told)
    known |= told
    return [known[_key(run)] for run in runs]


def _key(run: Run) -> tuple[int, datetime | None]:
    return run.pk, run.finished_at


def _seen(run: Run) -> SeenRun | None:
    """None for a run that called no model."""
    attempts = tuple(facts for attempt in run.attempts.all() if not (facts := attempt.read_facts()).skipped)
    if not attempts or run.finished_at is None:
        return None
    verdict = classify(Case(intake=Intake(), attempts=attempts))
    return SeenRun(run.pk, run.finished_at, verdict.code, _first_text(attempts))


def _first_text(attempts: Sequence[Facts]) -> float | None:
    return next((facts.first_content_ms for facts in attempts if facts.step == "stream"), None)
