"""Tickets with their investigations, running or concluded, as rows."""

from django.utils import timezone

from probes.runs.actions.create_run import create_run, terms_of
from probes.runs.kinds import Wish
from probes.runs.models import Attempt, Run
from probes.runs.plan import plan_chat, plan_steps
from tests.probes.runs.builders import make_endpoint
from tests.triage.tickets.test_waterfall import make_facts
from triage.charges.codec import finding_as_dict
from triage.charges.finding import ChargeFinding
from triage.tickets.models import Investigation, Ticket
from triage.verdicts.case import Confidence, Evidence, Owner, Resend, Verdict
from triage.verdicts.codec import verdict_as_dict


def make_investigation(
    *, concluded: bool = True, finding: ChargeFinding | None = None, **columns
) -> Investigation:
    """A ticket whose probe streamed and, if concluded, was found to be truncated."""
    now = timezone.now()
    endpoint = columns.pop("endpoint", None) or make_endpoint(slug=f"shop-{Ticket.objects.count()}")
    ticket = Ticket.objects.create(endpoint=endpoint, created_at=now, **{"model": "glm-4"} | columns)
    run = create_run(endpoint=endpoint, plan=plan_chat(terms_of(endpoint)), requested_by=None, now=now)
    investigation = Investigation.objects.create(ticket=ticket, run=run, created_at=now)
    if concluded:
        conclude(investigation, finding)
    return investigation


FURTHER = ("repeat", "gzip", "long", "http2", "tool", "models")


def follow_up(investigation: Investigation, *kinds: str, concluded: bool = True) -> Investigation:
    """Further steps of these kinds for the same ticket."""
    now, endpoint = timezone.now(), investigation.ticket.endpoint
    wishes = [Wish(kind=kind, times=3, reason="asked") for kind in kinds or FURTHER]
    further = Investigation.objects.create(
        ticket=investigation.ticket,
        builds_on=investigation,
        run=create_run(
            endpoint=endpoint, plan=plan_steps(terms_of(endpoint), wishes), requested_by=None, now=now
        ),
        created_at=now,
    )
    if concluded:
        conclude(further)
    return further


def conclude(investigation: Investigation, finding: ChargeFinding | None = None, **said) -> None:
    for attempt in investigation.run.attempts.all():
        attempt.state, attempt.facts = Attempt.State.DONE, make_facts(step=attempt.step).as_dict()
        attempt.save()
    Run.objects.filter(pk=investigation.run_id).update(state=Run.State.FINISHED, finished_at=timezone.now())
    verdict = make_verdict(**said)
    Investigation.objects.conclude(
        investigation.pk,
        at=timezone.now(),
        verdict=verdict_as_dict(verdict),
        charges=finding_as_dict(finding) if finding else None,
        verdict_code=verdict.code,
        owner=verdict.owner,
    )


def make_verdict(**said) -> Verdict:
    given = {
        "code": "stream.truncated",
        "confidence": Confidence.LIKELY,
        "owner": Owner.UPSTREAM,
        "evidence": (Evidence("stream", "done_seen", False),),
        "alternatives": ("stream.cut",),
        "resend": Resend.UNSAFE,
        "overturned_by": "gateway_log",
        "rules_version": "1",
    }
    return Verdict(**given | said)
