"""One run with its facts."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from probes.runs.models import Attempt, Run
from triage.history.comparison import FactRow, fact_rows, header_rows, in_parts, telling_header_rows
from triage.history.expenses import expenses_of
from triage.history.handover import archive_of, commands_of
from triage.history.record import record_of
from triage.history.rhythm import gap_labels, rhythms
from triage.history.today import today_of
from triage.people.access import requires
from triage.people.roles import Role
from triage.tickets.compared import comparisons
from triage.tickets.narration import stories
from triage.tickets.stages import refusal_of
from triage.tickets.steps import Request
from triage.tickets.waterfall import KEPT_FIRST, draw
from triage.tickets.wording.outcomes import PHASES
from triage.verdicts.actions.playbooks_in_force import playbooks_in_force


@requires(Role.ENGINEER)
@require_safe
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    in_order = Prefetch("attempts", queryset=Attempt.objects.order_by("position"))
    runs = Run.objects.select_related("endpoint", "requested_by", "investigation__ticket__endpoint")
    run = get_object_or_404(runs.prefetch_related(in_order, "endpoint__routes"), pk=pk)
    record = record_of(run)
    context = {
        "section": "history",
        "run": run,
        "record": record,
        "begun": record.begun,
        "refusal": refusal_of(run),
        "queued_ms": _queued_ms(run),
        "expenses": expenses_of(run, record.requests),
        "waterfall": draw([(sent.label, sent.facts) for sent in record.begun]),
        "stories": stories(record.begun),
        "comparisons": comparisons(record.begun),
        "phases": PHASES.items(),
        **_side_by_side(record.sent),
        "rhythms": rhythms(record.begun),
        "gap_labels": gap_labels(),
        "kept_first": KEPT_FIRST,
        "excerpts": any(sent.facts.body_excerpt for sent in record.begun),
        "has_ids": any(sent.facts.id_chain for sent in record.begun),
        "currency": record.currency,
        "commands": commands_of(run),
        "today": today_of(
            run,
            [sent.facts for sent in record.begun],
            language=get_language() or "en",
            playbooks=playbooks_in_force(),
        ),
        "keys": _keys(),
        **_neighbours(run),
    }
    return render(request, "history/run_detail.html", context)


def _queued_ms(run: Run) -> float | None:
    return (run.started_at - run.queued_at).total_seconds() * 1000 if run.started_at else None


def _keys() -> list[tuple[str, str]]:
    return [
        ("[", _("the older run of this endpoint")),
        ("]", _("the newer one")),
        ("g", _("compare with the last good run")),
        ("r", _("what a replay would cost")),
    ]


def _neighbours(run: Run) -> dict[str, int | None]:
    """Runs of the same endpoint; one query finds both."""
    siblings = Run.objects.filter(endpoint=run.endpoint).values_list("pk", flat=True)
    older, newer = (
        siblings.filter(pk__lt=run.pk).order_by("-pk"),
        siblings.filter(pk__gt=run.pk).order_by("pk"),
    )
    found = list(older[:1].union(newer[:1]))
    return {
        "older": next((pk for pk in found if pk < run.pk), None),
        "newer": next((pk for pk in found if pk > run.pk), None),
    }


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
