"""Pages of further steps: what can be probed, what it would cost, and the run."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from probes.runs.plan import NothingToProbe
from triage.people.access import requires
from triage.people.roles import Role
from triage.tickets.actions.probe_further import FurtherRefused, probe_further
from triage.tickets.further_form import (
    PICKED,
    AgreementForm,
    FurtherForm,
    suggested_data,
    with_masked_model,
)
from triage.tickets.investigations import investigations_of, newest_or_404
from triage.tickets.models import Investigation
from triage.tickets.offer import options_for, quote
from triage.tickets.tasks import ring


@requires(Role.ENGINEER)
@never_cache
@require_safe
def ticket_further(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be probed further and what it would cost; nothing is sent."""
    picked = _picked(request.GET)
    if picked is not None and picked != request.GET:  # a secret must not stay in the address either
        return redirect(f"{request.path}?{picked.urlencode()}")
    return _further_page(request, newest_or_404(pk), picked)


@requires(Role.ENGINEER)
@never_cache
@require_safe
def further_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan alone, whenever a choice changes."""
    context = _further_context(request, newest_or_404(pk), _picked(request.GET))
    return render(request, "tickets/_further_plan.html", context | {"is_fragment": True})


@requires(Role.ENGINEER)
@require_POST
def further_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the plan that was shown; what has changed meanwhile is shown again instead."""
    investigations, picked = investigations_of(pk), _picked(request.POST)
    if not investigations:
        raise Http404
    agreed, investigation = AgreementForm(request.POST), investigations[-1]
    shown_for = agreed.cleaned_data["builds_on"] if agreed.is_valid() else 0
    base = next((one for one in investigations if one.pk == shown_for), investigation)
    wanted = _further_context(request, base, picked).get("quote")
    if wanted is None or not agreed.is_valid():
        return _further_page(request, investigation, picked, refusal="not_shown", status=422)
    try:
        probe_further(
            ticket_id=pk,
            plan=wanted.plan,
            asked_by=cast(User, request.user),
            now=timezone.now(),
            enqueue=ring,
            **agreed.cleaned_data,
        )
    except FurtherRefused as refused:
        return _further_page(request, investigation, picked, refusal=refused.code, status=409)
    return redirect(investigation.ticket)


def _picked(sent: QueryDict) -> QueryDict | None:
    """The choices, masked. None before anybody chose."""
    if PICKED not in sent:
        return None
    return with_masked_model(sent)


def _further_page(
    request: HttpRequest,
    investigation: Investigation,
    picked: QueryDict | None,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = _further_context(request, investigation, picked) | {"refusal": refusal}
    return render(request, "tickets/ticket_further.html", context, status=status)


def _further_context(
    request: HttpRequest, investigation: Investigation, picked: QueryDict | None
) -> dict[str, Any]:
    """The options, the choices, and the quote of a plan or the code of why there is none."""
    ticket = investigation.ticket
    context = {"section": "tickets", "ticket": ticket, "investigation": investigation, "picked_field": PICKED}
    if ticket.endpoint is None:
        return context | {"problem": "no_endpoint"}
    options = options_for(investigation)
    data = picked or suggested_data(options, endpoint=ticket.endpoint, model=ticket.model)
    form = FurtherForm(data, options=options, endpoint=ticket.endpoint)
    context |= {"options": options, "form": form}
    if not form.is_valid():
        return context
    try:
        wanted = quote(ticket, form.chosen(), options, asker=cast(User, request.user), now=timezone.now())
    except NothingToProbe as nothing:
        return context | {"problem": nothing.code}
    return context | {"quote": wanted}
