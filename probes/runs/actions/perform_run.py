"""Carries out a run: claim, reserve, send each step at most once, keep what was seen."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import quote

from django.db import transaction

from probes.endpoints.models import Endpoint
from probes.net.exchange import exchange
from probes.redaction.actions import current_redactor
from probes.redaction.engine import Redactor
from probes.runs.actions.create_run import terms_of
from probes.runs.admission import Refused, admit
from probes.runs.budget import settle_for
from probes.runs.connection import let_go
from probes.runs.leases import KEEPER
from probes.runs.models import Attempt, Run
from probes.runs.plan import Step, settled_cost, why_skip
from probes.runs.recorder import LIVE, Recorder, RunLost
from probes.runs.scrub import scrub
from probes.wire.dialects.base import WireRequest
from probes.wire.dialects.table import DIALECTS
from probes.wire.facts import Facts
from probes.wire.reader import Reader

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


class Send(Protocol):
    """The shape of probes.net.exchange.exchange, for those who pass another one in."""

    def __call__(self, *args: Any, **kwargs: Any) -> None: ...


def perform_run(run_id: int, *, clock: Clock, send: Send = exchange) -> Run | None:
    """Carry out a queued run. None when it is not queued any more: then another worker has or had it."""
    run = Run.objects.claim(run_id, at=clock())
    if run is None:
        return None
    with KEEPER.keeping(run):
        try:
            _perform(run, send, clock)
        except RunLost:
            log.warning("run %s was taken from this worker", run.pk)
            return None
    return run


def _perform(run: Run, send: Send, clock: Clock) -> None:
    try:
        key = admit(run)
    except Refused as refusal:
        _end(run, Run.State.REFUSED, clock, refusal=refusal.code)
    else:
        _perform_steps(run, key, send, clock)


def _perform_steps(run: Run, key: str, send: Send, clock: Clock) -> None:
    redactor = current_redactor().with_literals([key] if key else [])
    seen: list[Facts] = []
    spent = Decimal(0)
    for attempt, step in zip(run.attempts.all(), run.read_plan().steps, strict=True):
        reason = why_skip(step, tuple(seen))
        if reason:
            _skip(run, attempt, reason, clock)
            continue
        facts = _perform_step(run, attempt, step, key, redactor, send, clock)
        seen.append(facts)
        spent += settled_cost(terms_of(run.endpoint, protocol=step.protocol), step, facts)
    _end(run, Run.State.FINISHED, clock, spent=spent)


def _perform_step(
    run: Run, attempt: Attempt, step: Step, key: str, redactor: Redactor, send: Send, clock: Clock
) -> Facts:
    reader = Reader(step=step.kind, dialect=DIALECTS[step.protocol], wall_start=clock())
    recorder = Recorder(run=run, attempt=attempt, reader=reader, redactor=redactor, clock=clock)
    let_go()
    with LIVE.holding(recorder):
        send(
            _request_for(step, run.endpoint),
            to=run.endpoint.destination(),
            secret_headers=_auth_headers(run.endpoint, step, key),
            deadlines=run.endpoint.deadlines(),
            emit=recorder,
            enough=reader.has_end_marker,
        )
    facts = scrub(reader.facts(), redactor)
    recorder.finish(facts)
    return facts


def _request_for(step: Step, endpoint: Endpoint) -> WireRequest:
    request = DIALECTS[step.protocol].request_for(
        step.kind, model=step.model, prompt=step.prompt, max_tokens=step.max_tokens, task_id=step.task_id
    )
    if step.kind != "status":
        return request
    return replace(request, path=endpoint.task_path.replace("{task_id}", quote(step.task_id, safe="")))


def _auth_headers(endpoint: Endpoint, step: Step, key: str) -> dict[str, str]:
    """A status look-up signs in as the endpoint's own protocol does."""
    protocol = endpoint.protocol if step.protocol == "media_task" else step.protocol
    return DIALECTS[protocol].auth_headers(key) if key else {}


def _skip(run: Run, attempt: Attempt, reason: str, clock: Clock) -> None:
    facts = {"step": attempt.step, "skipped": reason}
    ours = Attempt.objects.open_to(run).filter(pk=attempt.pk)
    if not ours.update(state=Attempt.State.SKIPPED, facts=facts, finished_at=clock()):
        raise RunLost


def _end(run: Run, state: Run.State, clock: Clock, *, refusal: str = "", spent: Decimal = Decimal(0)) -> None:
    """Close the run and give back what it did not spend, both or neither."""
    now = clock()
    with transaction.atomic():
        if not run.still_mine().update(
            state=state, refusal=refusal, finished_at=now, settled=spent, lease_until=None
        ):
            raise RunLost
        settle_for(run, spent)
    run.state, run.refusal, run.finished_at, run.settled = state, refusal, now, spent
