"""Figures that PostgreSQL knows: each by an index, of what is open now or of today alone.

Those of today are counters that start again at midnight UTC. For Prometheus that is what a restart is: `rate`
and `increase` go on.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Min, Sum
from prometheus_client.metrics_core import Metric

from probes.endpoints.models import Endpoint
from probes.redaction.models import Catch
from probes.runs.halts import present_stop
from probes.runs.models import Attempt, Run, Spend
from triage.incidents.models import Incident
from triage.insights.metrics.families import MOST_VALUES, Figures, capped, counter, gauge, with_zeros
from triage.tickets.models import Investigation

_PATIENCE = "2s"  # for one query: a scrape must not become a load
_UNDER_WAY = (Run.State.QUEUED, Run.State.RUNNING)
_ENDED = (Run.State.FINISHED, Run.State.REFUSED, Run.State.ABANDONED)


def stored_figures(*, now: datetime) -> Iterator[Metric]:
    """Raises django.db.Error."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout TO '{_PATIENCE}'")
        yield from _open_now(now)
        yield from _of_today(now)
        yield from _spend(now)


def _open_now(now: datetime) -> Iterator[Metric]:
    waiting = Run.objects.filter(state=Run.State.QUEUED).aggregate(since=Min("queued_at"))["since"]
    unanswered = Investigation.objects.open().aggregate(count=Count("pk"), since=Min("created_at"))
    yield gauge("desk_runs", "Runs under way, by state.", ("state",), _runs_under_way())
    yield gauge("desk_oldest_run_seconds", "How long the oldest queued run waits.", (), _age(waiting, now))
    yield gauge("desk_active_probes", "Requests that are on their way now.", (), {(): _active()})
    yield gauge("desk_investigations", "Tickets that wait for their verdict.", (), {(): unanswered["count"]})
    yield gauge(
        "desk_oldest_investigation_seconds",
        "How long the oldest of them waits.",
        (),
        _age(unanswered["since"], now),
    )
    yield gauge("desk_incidents", "Incidents that are open.", (), {(): Incident.objects.open().count()})
    yield gauge(
        "desk_probes_stopped",
        "1 while the kill switch holds all probes back.",
        (),
        {(): present_stop() is not None},
    )


def _runs_under_way() -> Figures:
    counts = Run.objects.filter(state__in=_UNDER_WAY).values_list("state").annotate(Count("pk")).order_by()
    return with_zeros({(state,): count for state, count in counts}, [(str(state),) for state in _UNDER_WAY])


def _active() -> int:
    sending = Attempt.objects.filter(run__state=Run.State.RUNNING, state=Attempt.State.SENDING)
    return sending.count()


def _age(since: datetime | None, now: datetime) -> Figures:
    return {(): max((now - since).total_seconds(), 0.0) if since else 0.0}


def _of_today(now: datetime) -> Iterator[Metric]:
    midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    runs = Run.objects.filter(queued_at__gte=midnight).order_by()
    ended = runs.filter(state__in=_ENDED).values_list("state", "purpose").annotate(Count("pk"))
    refused = runs.filter(state=Run.State.REFUSED).values_list("refusal").annotate(Count("pk"))
    verdicts = Investigation.objects.filter(concluded_at__gte=midnight).order_by()
    caught = Catch.objects.filter(day=midnight.date()).order_by()
    yield counter(
        "desk_runs_ended",
        "Runs of today that ended, by how and what they were for.",
        ("state", "purpose"),
        {(state, purpose): count for state, purpose, count in ended},
    )
    yield counter(
        "desk_runs_refused",
        "Runs of today that were not sent, by the code of the reason.",
        ("reason",),
        capped({(code,): count for code, count in refused}),
    )
    yield counter(
        "desk_verdicts",
        "Verdicts of today, by class.",
        ("verdict",),
        capped(_counted(verdicts.values_list("verdict_code").annotate(Count("pk"))), most=150),
    )
    yield counter(
        "desk_redactions",
        "Pieces masked today, by kind and the way they came in.",
        ("kind", "channel"),
        capped(_counted(caught.values_list("kind", "channel").annotate(Sum("count"))), most=150),
    )


def _counted(rows: Iterable[tuple[Any, ...]]) -> Figures:
    """Rows of labels, then a number."""
    return {tuple(row[:-1]): row[-1] for row in rows}


def _spend(now: datetime) -> Iterator[Metric]:
    """Of the first endpoints only; an endpoint that is not probed today has spent nothing."""
    endpoints = list(Endpoint.objects.order_by("pk")[:MOST_VALUES])
    scopes = [f"endpoint:{endpoint.pk}" for endpoint in endpoints]
    spent = dict(
        Spend.objects.filter(day=now.astimezone(UTC).date(), scope__in=scopes).values_list("scope", "amount")
    )
    labels = ("endpoint", "currency")
    yield gauge(
        "desk_spend",
        "What probes cost today, what is set aside for those under way included.",
        labels,
        {(e.slug, e.currency): float(spent.get(f"endpoint:{e.pk}", 0)) for e in endpoints},
    )
    yield gauge(
        "desk_spend_limit",
        "What they may cost in a day.",
        labels,
        {(e.slug, e.currency): float(e.daily_budget) for e in endpoints},
    )
    yield gauge(
        "desk_endpoint_paused",
        "1 while an admin holds the endpoint's probes back.",
        ("endpoint",),
        {(e.slug,): float(e.paused) for e in endpoints},
    )
