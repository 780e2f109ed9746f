"""What today's rules would say of stored cases: read, judged and compared, never written."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.db.models import QuerySet, prefetch_related_objects

from probes.runs.models import Attempt
from triage.charges.codec import finding_from_dict
from triage.tickets.actions.run_investigation import case_of
from triage.tickets.models import Investigation
from triage.verdicts.case import Resend, Verdict
from triage.verdicts.classify import classify

_PAGE: Final = 500  # investigations


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
    rows = concluded(since=since, limit=limit).select_related("ticket__endpoint", "run")
    found = rows.iterator(chunk_size=_PAGE)
    while page := list(islice(found, _PAGE)):
        _read_runs(page)
        changes = [(investigation, change) for investigation in page if (change := _change(investigation))]
        prefetch_related_objects([investigation for investigation, _change in changes], "corrections")
        yield from (change | _said(investigation, change) for investigation, change in changes)


# --- reading a page in a few queries, whatever stands in it


def _read_runs(page: Sequence[Investigation]) -> None:
    """All runs that the verdicts rest on, with their attempts.

    Attempts are shared out here: prefetch_related, which also tells each of its run, takes twice as long.
    """
    parts = _with_earlier(page)
    runs = [run for part in parts for run in (part.run, part.borrowed) if run]
    attempts: defaultdict[int, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(run__in=runs):
        attempts[attempt.run_id].append(attempt)
    for run in runs:
        run.seen_attempts = attempts[run.pk]


def _with_earlier(page: Sequence[Investigation]) -> list[Investigation]:
    """These and those that they build on, step by step, each with its runs."""
    parts: list[Investigation] = []
    while page:
        parts += page
        prefetch_related_objects([part for part in page if part.borrowed_id], "borrowed")
        following = [part for part in page if part.builds_on_id]
        prefetch_related_objects(following, "builds_on__run")
        page = [part.builds_on for part in following if part.builds_on]
    return parts


# --- judging and comparing


def _change(investigation: Investigation) -> dict[str, Any] | None:
    try:
        was, now = _gist(investigation.verdict or {}), judged_again(investigation)
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
        return {"ref": investigation.ticket.ref, "failed": type(error).__name__}
    is_now = _gist({name: getattr(now, name) for name in _COMPARED})
    if all(was[name] == is_now[name] for name in _DECIDING):
        return None
    return {"ref": investigation.ticket.ref, "was": was, "now": is_now}


_DECIDING = ("code", "owner", "resend")
_COMPARED = (*_DECIDING, "rules_version")


def judged_again(investigation: Investigation) -> Verdict:
    """By today's rules, as of when it was concluded. Raises what a row raises that nobody can read."""
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


def _said(investigation: Investigation, change: Mapping[str, Any]) -> dict[str, Any]:
    """What an engineer said last, also where that was that the machine is right."""
    if "failed" in change:
        return {}
    said = investigation.newest_correction
    if said is None:
        return {"person": None, "agrees": None}
    now = change["now"]
    agrees = (said.code, said.owner) == (now["code"], now["owner"])
    return {"person": {"code": said.code, "owner": said.owner}, "agrees": agrees}
