"""The engineers' pages: every run with its facts."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from probes.endpoints.models import Endpoint
from probes.runs.models import Attempt, Run
from triage.history.comparison import fact_rows, header_rows
from triage.history.filters import runs_of
from triage.history.reproduce import curl_for
from triage.people.access import requires
from triage.people.roles import Role
from triage.tickets.asked import read_query
from triage.tickets.narration import stories
from triage.tickets.paging import page_of
from triage.tickets.waterfall import draw
from triage.tickets.wording import PHASES


@requires(Role.ENGINEER)
@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    endpoints = dict(Endpoint.objects.values_list("slug", "name"))
    asked = read_query(request.GET, choices={"endpoint": endpoints, "state": Run.State.values})
    context = {
        "section": "history",
        "page": page_of(runs_of(asked.filters), asked.filters),
        "query": asked.filters,
        "unknown": asked.unknown,
        "endpoints": endpoints.items(),
        "states": Run.State.choices,
    }
    return render(request, "history/run_list.html", context)


@requires(Role.ENGINEER)
@require_safe
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    in_order = Prefetch("attempts", queryset=Attempt.objects.order_by("position"))
    runs = Run.objects.select_related("endpoint", "requested_by", "investigation__ticket")
    run = get_object_or_404(runs.prefetch_related(in_order), pk=pk)
    attempts = [attempt.read_facts() for attempt in run.attempts.all()]
    siblings = Run.objects.filter(endpoint=run.endpoint)
    context = {
        "section": "history",
        "run": run,
        "attempts": list(zip(run.attempts.all(), attempts, strict=True)),
        "waterfall": draw(attempts),
        "stories": stories(attempts),
        "phases": PHASES.items(),
        "fact_rows": fact_rows(attempts),
        "header_rows": header_rows(attempts),
        "commands": _commands(run),
        "older": siblings.filter(pk__lt=pk).order_by("-pk").values_list("pk", flat=True).first(),
        "newer": siblings.filter(pk__gt=pk).order_by("pk").values_list("pk", flat=True).first(),
    }
    return render(request, "history/run_detail.html", context)


def _commands(run: Run) -> list[tuple[str, str]]:
    return [
        (step.kind, curl_for(step, base_url=run.endpoint.base_url, total_s=run.endpoint.total_s))
        for step in run.read_plan().steps
    ]
