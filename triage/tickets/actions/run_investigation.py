"""What the worker does for a ticket: probe, look into the ledger, conclude."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from probes.net.exchange import exchange
from probes.redaction.log_ids import note_ids
from probes.runs.actions.perform_run import Send, perform_run
from probes.runs.lending import lender_for, stand_ins, why_broken_off
from probes.runs.models import Attempt, Run
from probes.wire.facts import Facts
from triage.charges.codec import finding_as_dict
from triage.charges.finding import ChargeFinding
from triage.tickets.actions.ask_ledger import ask_ledger
from triage.tickets.actions.fold_incident import incident_of
from triage.tickets.actions.look_around import look_around
from triage.tickets.models import MOST_FAILED_CONCLUSIONS, Investigation
from triage.verdicts.case import Case, Intake, Verdict
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_as_dict
from triage.verdicts.surroundings import surroundings_as_dict, surroundings_from_dict

log = logging.getLogger(__name__)


def run_investigation(
    investigation_id: int, *, clock: Callable[[], datetime], send: Send = exchange, alone: bool = False
) -> None:
    """Carry an investigation to its end, whatever it still lacks. A second delivery finds nothing to do.

    `alone` judges it without regard to other tickets and incidents, and opens none.
    """
    investigation = (
        Investigation.objects.open()
        .select_related("ticket__endpoint", "incident")
        .filter(pk=investigation_id)
        .first()
    )
    if investigation is None:
        return
    note_ids(ticket=investigation.ticket.ref, run=investigation.run_id)
    if investigation.run_id is not None:
        perform_run(investigation.run_id, clock=clock, send=send)
        run = Run.objects.get(pk=investigation.run_id)
        if not run.is_finished:
            return  # another worker has it and will conclude
        investigation.run = run
    _conclude_or_give_up(investigation, now=clock(), alone=alone)


def case_of(investigation: Investigation, charges: ChargeFinding | None, *, now: datetime) -> Case:
    """Everything the verdict is drawn from, read back from its rows, also those of earlier steps."""
    story = investigation.story()
    hindrances = [_why_not_probed(part) for part in story]
    known = surroundings_from_dict(investigation.surroundings)
    return Case(
        intake=investigation.ticket.intake(),
        attempts=tuple(facts for part in story for facts in attempts_of(part)),
        charges=charges,
        not_probed=hindrances[-1] if all(hindrances) else "",  # one whole run is a probe, whatever came after
        now=now,
        health=known.health,
        similar=known.similar,
        incident=known.incident,
        usual=known.usual,
    )


def attempts_of(investigation: Investigation) -> list[Facts]:
    """What was seen for it: by its own run, and by the borrowed one in the place of what was held back."""
    run, borrowed = investigation.run, investigation.borrowed
    return [*(_facts(run) if run else ()), *(stand_ins(run, borrowed) if run and borrowed else ())]


def _why_not_probed(investigation: Investigation) -> str:
    run = investigation.run
    return investigation.not_probed or (_why_incomplete(investigation, run) if run else "")


def _why_incomplete(investigation: Investigation, run: Run) -> str:
    if run.state == Run.State.ABANDONED:
        return run.why_abandoned
    return "" if investigation.borrowed else why_broken_off(run)


def _conclude_or_give_up(investigation: Investigation, *, now: datetime, alone: bool) -> None:
    """A conclusion that raises is tried again by the sweep, a few times. A lost database does not count."""
    try:
        with transaction.atomic():
            _conclude(investigation, now=now, alone=alone)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("investigation %s cannot be judged", investigation.pk)
        if Investigation.objects.note_failure(investigation.pk) >= MOST_FAILED_CONCLUSIONS:
            investigation.refresh_from_db(fields=["incident", "surroundings"])  # what was undone with it
            _write(investigation, _no_verdict(now), None, now=now)


def _conclude(investigation: Investigation, *, now: datetime, alone: bool) -> None:
    charges = ask_ledger(investigation)
    investigation.borrowed = lender_for(investigation.run, now=now) if investigation.run else None
    judge = _verdict_alone if alone else _verdict_in_place
    _write(investigation, judge(investigation, charges, now=now), charges, now=now)


def _verdict_alone(investigation: Investigation, charges: ChargeFinding | None, *, now: datetime) -> Verdict:
    return classify(case_of(investigation, charges, now=now))


def _verdict_in_place(
    investigation: Investigation, charges: ChargeFinding | None, *, now: datetime
) -> Verdict:
    """The verdict beside all that is known of the endpoint, which is kept with the investigation."""
    around = look_around(investigation.ticket, now=now)
    investigation.surroundings = surroundings_as_dict(around.known)
    verdict = classify(case_of(investigation, charges, now=now))
    incident = incident_of(investigation, verdict, around.runs, now=now)
    if incident is None:
        return verdict
    investigation.surroundings = surroundings_as_dict(around.with_incident(incident))
    verdict = classify(case_of(investigation, charges, now=now))
    if verdict.code == incident.verdict_code:
        investigation.incident = incident
    return verdict


def _no_verdict(now: datetime) -> Verdict:
    """What can be said when the desk itself failed: nothing, and why. The facts stay as they are stored."""
    return classify(Case(intake=Intake(), not_probed="desk_failed", now=now))


def _write(
    investigation: Investigation, verdict: Verdict, charges: ChargeFinding | None, *, now: datetime
) -> None:
    Investigation.objects.conclude(
        investigation.pk,
        at=now,
        borrowed=investigation.borrowed,
        incident=investigation.incident,
        surroundings=investigation.surroundings,
        charges=finding_as_dict(charges) if charges else None,
        verdict=verdict_as_dict(verdict),
        verdict_code=verdict.code,
        owner=verdict.owner,
    )


def _facts(run: Run) -> list[Facts]:
    return [attempt.read_facts() for attempt in run.seen_attempts if attempt.state != Attempt.State.PLANNED]
