"""What today's rules would say of stored cases: read, judged and compared, never written."""

from collections.abc import Iterator
from typing import Any

from triage.charges.codec import finding_from_dict
from triage.tickets.actions.run_investigation import case_of
from triage.tickets.models import Investigation
from triage.verdicts.case import Verdict
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_from_dict


def rejudge_stored() -> Iterator[dict[str, Any]]:
    """A dict per concluded investigation whose class, owner or resend light would change.

    `person` is what an engineer said of it last, None where nobody did, and `agrees` whether the new verdict
    says the same.
    """
    concluded = Investigation.objects.exclude(verdict=None).order_by("pk")
    rows = concluded.select_related("ticket__endpoint", "run", "borrowed").prefetch_related(
        "run__attempts", "borrowed__attempts", "corrections"
    )
    for investigation in rows.iterator(chunk_size=500):
        was, now = verdict_from_dict(investigation.verdict or {}), _judge_again(investigation)
        if (was.code, was.owner, was.resend) != (now.code, now.owner, now.resend):
            yield {"ref": investigation.ticket.ref, "was": _gist(was), "now": _gist(now)} | _said(
                investigation, now
            )


def _judge_again(investigation: Investigation) -> Verdict:
    charges = investigation.charges
    finding = finding_from_dict(charges) if charges else None
    return classify(
        case_of(investigation, finding, now=investigation.concluded_at or investigation.created_at)
    )


def _gist(verdict: Verdict) -> dict[str, str]:
    return {
        "code": verdict.code,
        "owner": verdict.owner,
        "resend": verdict.resend,
        "rules_version": verdict.rules_version,
    }


def _said(investigation: Investigation, now: Verdict) -> dict[str, Any]:
    """What an engineer said last, also where that was that the machine is right."""
    said = investigation.newest_correction
    if said is None:
        return {"person": None, "agrees": None}
    agrees = (said.code, said.owner) == (now.code, now.owner)
    return {"person": {"code": said.code, "owner": said.owner}, "agrees": agrees}
