"""A concluded ticket per class, with the facts of the case that shows it best, as rows."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from probes.endpoints.models import Endpoint
from probes.runs.models import Attempt, Run
from probes.runs.plan import Plan, Step
from probes.wire.facts import Facts
from tests.cases.labelled import case_of, labelled_cases
from tests.probes.runs.builders import make_endpoint
from triage.people.models import Member
from triage.people.roles import Role
from triage.tickets.models import Investigation, Ticket
from triage.verdicts.case import Case, Confidence, Intake, Verdict
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_as_dict
from triage.verdicts.codes import ISSUES, RULES_VERSION

Judged = tuple[Case, Verdict]


def tickets_by_class() -> Iterator[tuple[str, Ticket]]:
    """In the order in which the classes are listed; those that only a ledger reaches have no facts."""
    best = _best_cases()
    endpoint = make_endpoint(slug="shop", name="Shop")
    for code in ISSUES:
        case, verdict = best.get(code) or (Case(intake=Intake(notes="?")), _bare(code))
        yield code, _ticket(case, verdict, endpoint)


def _best_cases() -> dict[str, Judged]:
    """Of each class the case with the most to show: evidence of both sides, alternatives, attempts."""
    found: dict[str, Judged] = {}
    for row in labelled_cases():
        case = case_of(row)
        verdict = classify(case)
        if verdict.code not in found or _telling((case, verdict)) > _telling(found[verdict.code]):
            found[verdict.code] = case, verdict
    return found


def _telling(judged: Judged) -> int:
    case, verdict = judged
    shown = len(verdict.evidence) + 2 * len(verdict.counter_evidence) + len(verdict.alternatives)
    return shown + 2 * bool(case.attempts) + bool(verdict.retry_not_before)


def _bare(code: str) -> Verdict:
    issue = ISSUES[code]
    return Verdict(
        code=code,
        confidence=Confidence.CERTAIN,
        owner=issue.owner,
        resend=issue.resend,
        overturned_by=issue.overturned_by,
        rules_version=RULES_VERSION,
    )


def _ticket(case: Case, verdict: Verdict, endpoint: Endpoint) -> Ticket:
    now = timezone.now()
    probed = bool(case.attempts)
    said = {f.name: getattr(case.intake, f.name) for f in fields(Intake) if f.name != "endpoint"}
    said |= {"request_ids": list(case.intake.request_ids), "endpoint": endpoint if probed else None}
    ticket = Ticket.objects.create(created_at=now, **said)
    Investigation.objects.create(
        ticket=ticket,
        run=_run(case.attempts, endpoint) if probed else None,
        not_probed="" if probed else "no_endpoint",
        verdict=verdict_as_dict(verdict),
        verdict_code=verdict.code,
        owner=verdict.owner,
        created_at=now,
        concluded_at=now + timedelta(seconds=3),
    )
    return ticket


def _run(attempts: tuple[Facts, ...], endpoint: Endpoint) -> Run:
    steps = tuple(Step(kind=facts.step, protocol="openai_chat", model="gpt-4o-mini") for facts in attempts)
    now = timezone.now()
    times: dict[str, Any] = {"queued_at": now, "started_at": now, "finished_at": now}
    run = Run.objects.create(
        endpoint=endpoint, model="gpt-4o-mini", plan=Plan(steps=steps).as_dict(), state="finished", **times
    )
    for position, facts in enumerate(attempts):
        state = Attempt.State.SKIPPED if facts.skipped else Attempt.State.DONE
        Attempt.objects.create(
            run=run, position=position, step=facts.step, state=state, facts=facts.as_dict(), finished_at=now
        )
    return run


def make_reader(name: str, password: str) -> None:
    """An engineer, who sees all that a card can show."""
    Member.objects.create(user=User.objects.create_user(name, password=password), role=Role.ENGINEER)
