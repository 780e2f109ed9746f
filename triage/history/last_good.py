"""The run that shows how an endpoint and model look when nothing is wrong."""

from collections.abc import Iterable

from django.db.models import Prefetch, Q

from probes.runs.models import Attempt, Run
from triage.history.today import judged_alone
from triage.tickets.steps import requests_of
from triage.tickets.waterfall import mood_of

LOOKED_AT = 100
"""So many runs are looked at on either side, so that an endpoint that never answered costs no more."""


def last_good_of(run: Run) -> Run | None:
    """The newest good run of its endpoint and model before it; where none is near, the first one after it."""
    others = (
        Run.objects.filter(endpoint=run.endpoint_id, model=run.model, state=Run.State.FINISHED)
        .exclude(pk=run.pk)
        .select_related("endpoint")
        .prefetch_related(Prefetch("attempts", queryset=Attempt.objects.order_by("position")))
    )
    is_older = Q(queued_at__lt=run.queued_at) | Q(queued_at=run.queued_at, pk__lt=run.pk)
    # The plain bound beside the exact one lets the database begin at the run, however old it is.
    before = others.filter(is_older, queued_at__lte=run.queued_at).order_by("-queued_at", "-pk")
    after = others.filter(~is_older, queued_at__gte=run.queued_at).order_by("queued_at", "pk")
    asked = {attempt.step for attempt in run.attempts.all()}
    return _first_good(before[:LOOKED_AT], asked) or _first_good(after[:LOOKED_AT], asked)


def is_good(run: Run) -> bool:
    """Every request went well, and today's rules find nothing in what they showed together."""
    sent = requests_of([run])
    went_well = all(one.attempt.state == Attempt.State.DONE and mood_of(one.facts) == "good" for one in sent)
    return bool(sent) and went_well and judged_alone(run, [one.facts for one in sent]).code.startswith("ok.")


def _first_good(runs: Iterable[Run], asked: set[str]) -> Run | None:
    """Of those that asked something that was asked here too."""
    return next((run for run in runs if _asks_any_of(run, asked) and is_good(run)), None)


def _asks_any_of(run: Run, asked: set[str]) -> bool:
    return not asked or any(attempt.step in asked for attempt in run.attempts.all())
