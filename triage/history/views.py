"""The engineers' pages: every run with its facts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from triage.people.access import requires
from triage.people.roles import Role


@requires(Role.ENGINEER)
@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    return render(request, "history/run_list.html", {"section": "history"})


@requires(Role.ENGINEER)
@require_safe
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "history/run_detail.html", {"section": "history"})
