"""What today's rules would say of stored cases: read, judged and compared, never written."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from triage.charges.codec import finding_from_dict
from triage.tickets.actions.run_investigation import case_of
from triage.tickets.models import Investigation
from triage.verdicts.case import Resend, Verdict
from triage.verdicts.classify import classify


def concluded(*, since: datetime | None = None, limit: int | None = None) -> "QuerySet[Investigation]":
    """What can be judged again, newest first: all of it, or what was concluded since, or so many."""
    rows = Investigation.objects.exclude(verdict=None).order_by("-pk")
    if since is not None:
        rows = rows.filter(concluded_at__gte=since)
    return rows if limit is None else rows[:limit]


def rejudge_stored(*, since: datetime | None = None, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """A dict per concluded investigation whose class, owner or resend light would change, newest first.

    `person` is what an engineer said of it last, None where nobody did, and `agrees` whether the new verdict
    says the same. A row that cannot be read has only `ref` and `failed`, the name of the error.
    """
    rows = concluded(since=since, limit=limit).select_related("ticket__endpoint", "run", "borrowed")
    rows = rows.prefetch_related("run__attempts", "borrowed__attempts", "corrections")
    for investigation in rows.iterator(chunk_size=500):
        try:
            change = _change(investigation)
        except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
            change = {"ref": investigation.ticket.ref, "failed": type(error).__name__}
        if change:
            yield change


def _change(investigation: Investigation) -> dict[str, Any] | None:
    was, now = _gist(investigation.verdict or {}), _judge_again(investigation)
    is_now = _gist({name: getattr(now, name) for name in _COMPARED})
    if all(was[name] == is_now[name] for name in _DECIDING):
        return None
    return {"ref": investigation.ticket.ref, "was": was, "now": is_now} | _said(investigation, now)


_DECIDING = ("code", "owner", "resend")
_COMPARED = (*_DECIDING, "rules_version")


def _judge_again(investigation: Investigation) -> Verdict:
    charges = investigation.charges
    finding = finding_from_dict(charges) if charges else None
    return classify(
        case_of(investigation, finding, now=investigation.concluded_at or investigation.created_at)
    )


def _gist(verdict: Mapping[str, Any]) -> dict[str, str]:
    """A light that older rules did not store is unknown; raises KeyError for what is no verdict."""
    return {"code": verdict["code"], "owner": str(verdict["owner"])} | {
        "resend": str(verdict.get("resend", Resend.UNKNOWN)),
        "rules_version": str(verdict.get("rules_version", "")),
    }


def _said(investigation: Investigation, now: Verdict) -> dict[str, Any]:
    """What an engineer said last, also where that was that the machine is right."""
    said = investigation.newest_correction
    if said is None:
        return {"person": None, "agrees": None}
    agrees = (said.code, said.owner) == (now.code, now.owner)
    return {"person": {"code": said.code, "owner": said.owner}, "agrees": agrees}
