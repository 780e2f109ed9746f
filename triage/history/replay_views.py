"""Pages of a replay: what to change, what it would cost, and the run."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from probes.runs.models import Run
from probes.runs.plan import NothingToProbe
from triage.history.actions.replay_run import ReplayRefused, replay_run
from triage.history.replay import choices_for, quote_again
from triage.history.replay_form import ReplayForm, ShownForm
from triage.history.replay_plan import differences, length_of
from triage.history.tasks import ring_run
from triage.people.access import requires
from triage.people.roles import WHO_MAY
from triage.tickets.further_form import with_masked_model
from triage.tickets.steps import plan_of


@requires(WHO_MAY["replay_runs"])
@never_cache
@require_safe
def run_replay(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be changed and what the replay would cost; nothing is sent."""
    picked = with_masked_model(request.GET)
    if picked != request.GET:  # a secret must not stay in the address either
        return redirect(f"{request.path}?{picked.urlencode()}")
    return _page(request, _run_or_404(pk), picked)


@requires(WHO_MAY["replay_runs"])
@never_cache
@require_safe
def replay_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan alone, whenever a choice changes."""
    context = _context(request, _run_or_404(pk), with_masked_model(request.GET))
    return render(request, "history/_replay_plan.html", context | {"is_fragment": True})


@requires(WHO_MAY["replay_runs"])
@require_POST
def replay_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the plan that was shown; what has changed meanwhile is shown again instead."""
    run, picked = _run_or_404(pk), with_masked_model(request.POST)
    quote, shown = _context(request, run, picked).get("quote"), ShownForm(request.POST)
    if quote is None or not shown.is_valid():
        return _page(request, run, picked, refusal="not_shown", status=422)
    try:
        replay = replay_run(
            run_id=pk,
            quote=quote,
            asked_by=cast(User, request.user),
            now=timezone.now(),
            enqueue=ring_run,
            **shown.cleaned_data,
        )
    except ReplayRefused as refused:
        return _page(request, run, picked, refusal=refused.code, status=409)
    return redirect("history:run", replay.pk)


@requires(WHO_MAY["read_history"])
@never_cache
@require_safe
def run_live(request: HttpRequest, pk: int) -> HttpResponse:
    """204 while the run goes on; at its end the page that asks is to load itself anew."""
    run = get_object_or_404(Run.objects.only("state"), pk=pk)
    if request.GET.get("seen") == run.state:
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Refresh": "true"})


def _run_or_404(pk: int) -> Run:
    return get_object_or_404(Run.objects.select_related("endpoint", "investigation__ticket"), pk=pk)


def _page(
    request: HttpRequest, run: Run, picked: QueryDict, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = _context(request, run, picked) | {"refusal": refusal}
    return render(request, "history/replay.html", context, status=status)


def _context(request: HttpRequest, run: Run, picked: QueryDict) -> dict[str, Any]:
    """The choices, and the quote of a plan or the code of why there is none."""
    context: dict[str, Any] = {"section": "history", "run": run}
    then = plan_of(run)
    if then is None:
        return context | {"problem": "plan_unreadable"}
    choices = choices_for(run, then)
    form = ReplayForm(picked, choices=choices, endpoint=run.endpoint)
    newest = run.replays.aggregate(newest=Max("pk"))["newest"]
    context |= {"choices": choices, "form": form, "then_length": length_of(then), "shown_after": newest or 0}
    if not form.is_valid():
        return context
    try:
        quote = quote_again(run, form.chosen(), asker=cast(User, request.user), now=timezone.now())
    except NothingToProbe as nothing:
        return context | {"problem": nothing.code}
    return context | {"quote": quote, "differs": differences(then, quote.plan)}
