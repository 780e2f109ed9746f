"""A stored run in the forms that other tools take: commands to paste, an archive of what was exchanged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from probes.endpoints.models import Endpoint
from probes.runs.models import Attempt, Run
from probes.runs.plan import Step
from probes.runs.requests import request_of
from probes.wire.dialects.base import StepNotOffered, WireRequest
from probes.wire.facts import Facts
from triage.history.har import Exchanged, har_of
from triage.history.reproduce import Target, address_of, curl_for, python_for
from triage.tickets.steps import plan_of, requests_of


@dataclass(frozen=True, slots=True)
class Commands:
    """What sends one step again by hand."""

    step: str
    curl: str
    python: str


def commands_of(run: Run) -> list[Commands]:
    """For every step of the plan that can still be sent: its route is registered, its kind known."""
    return [
        Commands(step.kind, curl_for(step, target), python_for(step, target)) for step, target in _aimed(run)
    ]


def archive_of(run: Run) -> dict[str, Any]:
    """HAR 1.2 of every attempt that was made, also of those that found nobody to send to."""
    return har_of(list(_exchanged(run)))


def _exchanged(run: Run) -> Iterator[Exchanged]:
    places = _places(run.endpoint)
    for sent in requests_of([run]) if plan_of(run) else ():
        started_at = _started_at(sent.attempt, sent.facts)
        request = _request(sent.step)
        if started_at and request and sent.step.route in places:
            yield Exchanged(request, address_of(places[sent.step.route], request), started_at, sent.facts)


def _started_at(attempt: Attempt, facts: Facts) -> datetime | None:
    """When the name was asked for; None for an attempt that was not made."""
    if attempt.sending_at:
        return attempt.sending_at - timedelta(milliseconds=facts.tls_ms or facts.connect_ms or 0)
    if attempt.state == Attempt.State.DONE and attempt.finished_at:
        return attempt.finished_at - timedelta(milliseconds=facts.total_ms or 0)
    return None


def _aimed(run: Run) -> Iterator[tuple[Step, Target]]:
    endpoint, places = run.endpoint, _places(run.endpoint)
    plan = plan_of(run)
    for step in plan.steps if plan else ():
        if step.route in places and _request(step):
            yield (
                step,
                Target(base_url=places[step.route], protocol=endpoint.protocol, total_s=endpoint.total_s),
            )


def _request(step: Step) -> WireRequest | None:
    """None for a step of another version of the desk, which this one has no request for."""
    try:
        return request_of(step)
    except (StepNotOffered, KeyError):
        return None


def _places(endpoint: Endpoint) -> Mapping[str, str]:
    """The base URLs by the short names of routes; the endpoint's own has none."""
    return {"": endpoint.base_url} | {route.slug: route.base_url for route in endpoint.routes.all()}
