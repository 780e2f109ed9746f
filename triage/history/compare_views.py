"""Runs side by side, and the way to the run that shows what is usual."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from probes.runs.models import Attempt, Run
from triage.history.choice import FEWEST, MOST, Choice, read_choice
from triage.history.compared_runs import compared_runs
from triage.history.last_good import LOOKED_AT, last_good_of
from triage.people.access import requires
from triage.people.roles import Role
from triage.tickets.models import VerdictCorrection
from triage.tickets.wording.outcomes import PHASES
from triage.verdicts.actions.playbooks_in_force import playbooks_in_force


@requires(Role.ENGINEER)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    choice = read_choice(request.GET.getlist("run"))
    found = _runs(choice.numbers)
    runs = [found[number] for number in choice.numbers if number in found]
    context = _context(choice, runs)
    if len(runs) >= FEWEST:
        context["compared"] = compared_runs(
            runs, language=get_language() or "en", playbooks=playbooks_in_force()
        )
    return render(request, "history/compare.html", context)


@requires(Role.ENGINEER)
@require_safe
def last_good(request: HttpRequest, pk: int) -> HttpResponse:
    """On to the comparison with it; a page that says so where there is none."""
    run = get_object_or_404(Run.objects.select_related("endpoint").prefetch_related("attempts"), pk=pk)
    good = last_good_of(run)
    if good is None:
        context = {"section": "history", "run": run, "looked_at": LOOKED_AT}
        return render(request, "history/no_good_run.html", context)
    return redirect(f"{reverse('history:compare')}?{urlencode([('run', good.pk), ('run', run.pk)])}")


def _runs(numbers: Iterable[int]) -> dict[int, Run]:
    in_order = Prefetch("attempts", queryset=Attempt.objects.order_by("position"))
    said = Prefetch(
        "investigation__corrections", queryset=VerdictCorrection.objects.select_related("corrected_by")
    )
    joined = ("endpoint", "investigation__ticket__endpoint", "investigation__borrowed")
    return Run.objects.select_related(*joined).prefetch_related(in_order, said).in_bulk(list(numbers))


def _context(choice: Choice, runs: list[Run]) -> dict[str, Any]:
    return {
        "section": "history",
        "choice": choice,
        "runs": runs,
        "unknown": [number for number in choice.numbers if number not in {run.pk for run in runs}],
        "most": MOST,
        "phases": PHASES.items(),
        "keys": [("f", _("to the facts that differ")), ("h", _("to the headers that differ"))],
    }
