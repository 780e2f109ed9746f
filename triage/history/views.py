"""One run with its facts."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from probes.runs.models import Attempt, Run
from triage.history.comparison import FactRow, fact_rows, header_rows, in_parts, telling_header_rows
from triage.history.expenses import expenses_of
from triage.history.handover import archive_of, commands_of
from triage.history.rhythm import gap_labels, rhythms
from triage.people.access import requires
from triage.people.roles import Role
from triage.tickets.compared import comparisons
from triage.tickets.narration import stories
from triage.tickets.stages import refusal_of
from triage.tickets.steps import Request, requests_of
from triage.tickets.waterfall import draw
from triage.tickets.wording.outcomes import PHASES


@requires(Role.ENGINEER)
@require_safe
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    in_order = Prefetch("attempts", queryset=Attempt.objects.order_by("position"))
    runs = Run.objects.select_related("endpoint", "requested_by", "investigation__ticket")
    run = get_object_or_404(runs.prefetch_related(in_order), pk=pk)
    requests = requests_of([run])
    begun = [request for request in requests if request.attempt.state != Attempt.State.PLANNED]
    siblings = Run.objects.filter(endpoint=run.endpoint)
    context = {
        "section": "history",
        "run": run,
        "requests": requests,
        "begun": begun,
        "refusal": refusal_of(run),
        "expenses": expenses_of(run, requests),
        "waterfall": draw([(request.label, request.facts) for request in begun]),
        "stories": stories(begun),
        "comparisons": comparisons(begun),
        "phases": PHASES.items(),
        **_side_by_side([request for request in begun if not request.facts.skipped]),
        "rhythms": rhythms(begun),
        "gap_labels": gap_labels(),
        "excerpts": any(request.facts.body_excerpt for request in begun),
        "has_ids": any(request.facts.id_chain for request in begun),
        "currency": run.read_plan().currency,
        "commands": commands_of(run),
        "older": siblings.filter(pk__lt=pk).order_by("-pk").values_list("pk", flat=True).first(),
        "newer": siblings.filter(pk__gt=pk).order_by("pk").values_list("pk", flat=True).first(),
    }
    return render(request, "history/run_detail.html", context)


# The headers and the rhythm have tables of their own on this page.
_SHOWN_ELSEWHERE = frozenset({"header_names", "headers_missing", "gap_histogram"})


@requires(Role.ENGINEER)
@require_safe
def run_archive(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(Run.objects.select_related("endpoint"), pk=pk)
    disposition = {"Content-Disposition": f'attachment; filename="run-{pk}.har"'}
    return JsonResponse(archive_of(run), headers=disposition)


def _side_by_side(requests: Sequence[Request]) -> dict[str, Any]:
    """The tables of facts and headers, a column per request."""
    facts, titles = [request.facts for request in requests], [request.name.title for request in requests]
    rows = [row for row in fact_rows(facts) if row.name not in _SHOWN_ELSEWHERE]
    telling = telling_header_rows(facts)
    others = [row for row in header_rows(facts) if row.name not in {told.name for told in telling}]

    def cells(rows: Iterable[FactRow]) -> list[tuple[FactRow, list[tuple[str, str]]]]:
        return [(row, list(zip(titles, row.values, strict=True))) for row in rows]

    return {
        "titles": titles,
        "unseen": _("not seen"),
        "fact_parts": [(part.title, cells(part.rows)) for part in in_parts(rows)],
        "header_parts": [
            (title, cells(rows))
            for title, rows in ((_("Seen and missing"), telling), (_("Others that are kept"), others))
            if rows
        ],
    }
