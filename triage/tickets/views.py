"""Pages of tickets: the queue, the form, the live result."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from triage.people.access import requires
from triage.people.roles import Role


@requires(Role.SUPPORT)
@require_safe
def ticket_list(request: HttpRequest) -> HttpResponse:
    return render(request, "tickets/ticket_list.html", {"section": "tickets"})


@requires(Role.SUPPORT)
@require_http_methods(["GET", "POST"])
def ticket_new(request: HttpRequest) -> HttpResponse:
    return render(request, "tickets/ticket_new.html", {"section": "new"})


@requires(Role.SUPPORT)
@require_safe
def ticket_details(request: HttpRequest) -> HttpResponse:
    return render(request, "tickets/_details.html")


@requires(Role.SUPPORT)
@require_safe
def ticket_result(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "tickets/ticket_result.html", {"section": "tickets"})


@requires(Role.SUPPORT)
@require_safe
def ticket_live(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "tickets/_live.html")


@requires(Role.SUPPORT)
@require_safe
def ticket_reply(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "tickets/_reply.html")


@requires(Role.SUPPORT)
@require_safe
def try_it(request: HttpRequest) -> HttpResponse:
    return render(request, "tickets/try_it.html", {"section": "try"})
