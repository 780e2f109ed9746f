"""Carries out a run: claim, reserve, send each step at most once, keep what was seen."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import transaction

from probes.endpoints.models import Endpoint, Route
from probes.net.exchange import exchange
from probes.redaction import meter
from probes.redaction.actions import current_redactor
from probes.redaction.engine import Redactor
from probes.redaction.log_ids import log_ids
from probes.runs.actions.create_run import terms_of
from probes.runs.admission import Gate, Refused, admit
from probes.runs.budget import settle_for
from probes.runs.connection import let_go
from probes.runs.leases import KEEPER
from probes.runs.models import Attempt, Run
from probes.runs.plan import Step, settled_cost, worst_case_in_all
from probes.runs.recorder import LIVE, Recorder, RunLost
from probes.runs.requests import auth_headers_of, request_of
from probes.runs.scrub import places_in, scrubbed
from probes.runs.skipping import why_skip
from probes.runs.tallied import tally_attempt, tally_skipped
from probes.wire.dialects.base import STATUS, Dialect
from probes.wire.dialects.media_task import MediaTask
from probes.wire.dialects.table import DIALECTS
from probes.wire.facts import Facts
from probes.wire.look_ups import LookUp, with_balance
from probes.wire.reader import Reader

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

# Why a step was skipped, as codes.
ROUTE_GONE = "route_gone"
PLACE_CHANGED = "place_changed"  # the endpoint or route, while the run went on


class Send(Protocol):
    """The shape of probes.net.exchange.exchange, for those who pass another one in."""

    def __call__(self, *args: Any, **kwargs: Any) -> None: ...


def perform_run(run_id: int, *, clock: Clock, send: Send = exchange) -> Run | None:
    """Carry out a queued run. None when it is not queued any more: then another worker has or had it."""
    run = Run.objects.claim(run_id, at=clock())
    if run is None:
        return None
    with log_ids(run=str(run.pk)), KEEPER.keeping(run):
        try:
            _perform(run, send, clock)
        except RunLost:
            log.warning("run %s was taken from this worker", run.pk)
            return None
    return run


def _perform(run: Run, send: Send, clock: Clock) -> None:
    gate = Gate(run)
    try:
        key = admit(run, worst_case=_worst_case(run))
        redactor = current_redactor().with_literals(_as_echoed(key))
        _perform_steps(_Means(run, key, redactor, gate, send, clock))
    except Refused as refusal:
        _end(run, Run.State.REFUSED, clock, refusal=refusal)
    finally:
        gate.close()


def _as_echoed(key: str) -> frozenset[str]:
    """The spellings in which facts may hold the key: names of headers and types become lower case, currencies
    upper case."""
    return frozenset(filter(None, (key, key.lower(), key.upper())))


def _worst_case(run: Run) -> Decimal:
    """At the prices by which it is settled: an admin may have raised them since it was planned."""
    return worst_case_in_all(terms_of(run.endpoint), run.read_plan().steps)


@dataclass(frozen=True, slots=True)
class _Means:
    """What every step of a run is carried out with."""

    run: Run
    key: str = field(repr=False)
    redactor: Redactor
    gate: Gate
    send: Send
    clock: Clock


def _perform_steps(means: _Means) -> None:
    run, seen, spent = means.run, list[Facts](), Decimal(0)
    terms = terms_of(run.endpoint)
    routes = {route.slug: route for route in run.endpoint.routes.all()}
    for attempt, step in zip(run.attempts.all(), run.read_plan().steps, strict=True):
        route = routes.get(step.route)
        if reason := (
            _why_skip(step, routes, seen)
            or _why_refused(means.gate, step, is_first=not seen)
            or _why_changed(route or run.endpoint)
        ):
            _skip(means, attempt, step, reason)
            continue
        facts = _perform_step(means, attempt, step, route, seen)
        means.gate.tell(facts)
        seen.append(facts)
        spent += settled_cost(terms, step, facts)
    _end(run, Run.State.FINISHED, means.clock, spent=spent)


def _why_skip(step: Step, routes: Mapping[str, Route], seen: Sequence[Facts]) -> str:
    """An admin may have removed the route since the plan was made."""
    return ROUTE_GONE if step.route and step.route not in routes else why_skip(step, seen)


def _why_refused(gate: Gate, step: Step, *, is_first: bool) -> str:
    """A code when the step may not be sent, else empty. Raises Refused while nothing was sent at all."""
    try:
        gate.ask(step)
    except Refused as refusal:
        if is_first:
            raise
        return refusal.code
    return ""


def _why_changed(place: Endpoint | Route) -> str:
    """Asked last, for steps wait long: the key in hand belongs where it led when the run began, and an admin
    may have sent it elsewhere since."""
    same = type(place).objects.filter(
        pk=place.pk, base_url=place.base_url, allow_addresses=place.allow_addresses
    )
    return "" if same.exists() else PLACE_CHANGED


def _perform_step(
    means: _Means, attempt: Attempt, step: Step, route: Route | None, earlier: Sequence[Facts]
) -> Facts:
    endpoint, request = means.run.endpoint, request_of(step)
    reader = Reader(
        step=step.kind,
        dialect=_dialect_of(step, endpoint),
        wall_start=means.clock(),
        look_up=LookUp(step.kind, request, step.model),
        route=step.route,
        route_place=route.place if route else "",
    )
    recorder = Recorder(
        run=means.run, attempt=attempt, reader=reader, redactor=means.redactor, clock=means.clock
    )
    let_go()
    with LIVE.holding(recorder):
        means.send(
            request,
            to=(route or endpoint).destination(),
            secret_headers=auth_headers_of(step, endpoint.protocol, means.key) if means.key else {},
            deadlines=endpoint.deadlines(),
            emit=recorder,
            enough=reader.has_end_marker,
            http2=step.kind == "http2",
        )
    facts, caught = scrubbed(with_balance(reader.facts(), earlier), means.redactor)
    recorder.finish(facts)
    meter.count_all(places_in(caught), channel="endpoint")
    tally_attempt(facts, endpoint=endpoint.slug)
    return facts


def _dialect_of(step: Step, endpoint: Endpoint) -> Dialect:
    """Who reads the answer; where a task's answer keeps things is the endpoint's own affair."""
    if step.kind == STATUS:
        return MediaTask(path=endpoint.task_path, fields=endpoint.read_task_fields())
    return DIALECTS[step.protocol]


def _skip(means: _Means, attempt: Attempt, step: Step, reason: str) -> None:
    facts = Facts(step=step.kind, route=step.route, skipped=reason)
    means.gate.tell(facts)  # the turn that it may have had is another's
    ours = Attempt.objects.open_to(means.run).filter(pk=attempt.pk)
    if not ours.update(state=Attempt.State.SKIPPED, facts=facts.as_dict(), finished_at=means.clock()):
        raise RunLost
    tally_skipped(reason)


def _end(
    run: Run, state: Run.State, clock: Clock, *, refusal: Refused | None = None, spent: Decimal = Decimal(0)
) -> None:
    """Give back what the run did not spend and close it, both or neither; in the order of admission."""
    found: dict[str, Any] = {"state": state, "finished_at": clock(), "settled": spent, "lease_until": None}
    if refusal is not None:
        found |= {
            "refusal": refusal.code,
            "refused_since": refusal.since,
            "refused_until": refusal.until,
        }
    with transaction.atomic():
        settle_for(run, spent)
        if not run.still_mine().update(**found):
            raise RunLost
    for name, value in found.items():
        setattr(run, name, value)
