"""The investigations that a page of a ticket is about, with all that it shows of them."""

from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404

from probes.runs.models import Attempt, Run
from triage.tickets.models import Investigation, VerdictCorrection


def investigations_of(ticket_id: int) -> list[Investigation]:
    """All investigations of a ticket, oldest first, with all that its page needs, in three queries."""
    in_order = Attempt.objects.order_by("position")
    found = list(
        Investigation.objects.filter(ticket_id=ticket_id)
        .annotate(was_replayed=Exists(Run.objects.filter(replay_of=OuterRef("run"))))
        .select_related(
            *("ticket__endpoint", "ticket__created_by", "run__requested_by"),
            *("borrowed__investigation__ticket", "incident__endpoint"),
        )
        .prefetch_related(
            Prefetch("run__attempts", queryset=in_order),
            Prefetch("borrowed__attempts", queryset=in_order),
            Prefetch("corrections", queryset=VerdictCorrection.objects.select_related("corrected_by")),
        )
        .order_by("pk")
    )
    by_id = {part.pk: part for part in found}
    for part in found:
        part.builds_on = by_id.get(part.builds_on_id or 0)
    return found


def newest_or_404(ticket_id: int) -> Investigation:
    """The newest, with those that it builds on."""
    investigations = investigations_of(ticket_id)
    if not investigations:
        raise Http404
    return investigations[-1]


def judged_or_404(ticket_id: int) -> Investigation:
    """The newest, once it has a verdict."""
    investigation = newest_or_404(ticket_id)
    if investigation.verdict is None:
        raise Http404
    return investigation
