"""Pages of incidents: the list, one with its timeline, and what an engineer does with it."""

from typing import cast

from django.conf import settings
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from probes.endpoints.models import Endpoint
from triage.incidents.actions.close_incident import (
    IncidentClosed,
    close_incident,
    masked_note,
    write_note,
)
from triage.incidents.actions.open_incident import open_incident
from triage.incidents.forms import IncidentForm, NoteForm
from triage.incidents.listing import STATES, incidents_by
from triage.incidents.models import Incident
from triage.incidents.telling import MOST_SHOWN, advice_for, left_of, seen_of, timeline_of, told_of
from triage.people.access import requires
from triage.people.roles import WHO_MAY, Role
from triage.verdicts.codes import ISSUES

_PER_PAGE = 50
_FILTERS = ("state", "endpoint", "class")


@requires(Role.SUPPORT)
@never_cache
@require_safe
def incident_list(request: HttpRequest) -> HttpResponse:
    endpoints = dict(Endpoint.objects.values_list("slug", "name"))
    query, unknown = _asked(request, endpoints)
    now = timezone.now()
    page = Paginator(incidents_by(query, now=now), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "incidents",
        "page": page,
        "rows": told_of(page, now=now),
        "query": query,
        "filter_query": _address(query),
        "unknown": unknown,
        "endpoints": endpoints.items(),
    }
    return render(request, "incidents/incident_list.html", context)


@requires(Role.SUPPORT)
@never_cache
@require_safe
def incident_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail_page(request, _incident_or_404(pk))


@requires(WHO_MAY["manage_incidents"])
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def incident_new(request: HttpRequest) -> HttpResponse:
    """Opens one by hand; an incident of the same signature that is open already is shown instead."""
    if request.method != "POST":
        asked = request.GET
        begun = {"endpoint": asked.get("endpoint"), "verdict_code": asked.get("class")}
        return _new_page(
            request, IncidentForm(initial=begun | {"model": masked_note(asked.get("model", ""))})
        )
    form = IncidentForm(_masked(request.POST))
    if not form.is_valid():
        return _new_page(request, form, status=422)
    said = form.cleaned_data
    incident = open_incident(
        endpoint_id=said["endpoint"].pk,
        code=said["verdict_code"],
        model=said["model"],
        note=said["note"],
        by=cast(User, request.user),
        now=timezone.now(),
    )
    return redirect(incident)


@requires(WHO_MAY["manage_incidents"])
@sensitive_post_parameters()
@require_POST
def incident_note(request: HttpRequest, pk: int) -> HttpResponse:
    incident, form = _incident_or_404(pk), NoteForm(_masked(request.POST))
    if not form.is_valid():
        return _detail_page(request, incident, form=form, status=422)
    try:
        write_note(incident, form.cleaned_data["note"], by=cast(User, request.user), now=timezone.now())
    except IncidentClosed:
        return _detail_page(request, incident, form=form, is_too_late=True, status=409)
    return redirect(incident)


@requires(WHO_MAY["manage_incidents"])
@require_POST
def incident_close(request: HttpRequest, pk: int) -> HttpResponse:
    incident = _incident_or_404(pk)
    try:
        close_incident(incident, by=cast(User, request.user), now=timezone.now())
    except IncidentClosed:
        return _detail_page(request, incident, is_too_late=True, status=409)
    return redirect(incident)


@requires(Role.SUPPORT)
@never_cache
@require_safe
def incidents_of_endpoint(request: HttpRequest) -> HttpResponse:
    """The banner of what is open at the endpoint that a form names."""
    slug = request.GET.get("endpoint", "").replace("\0", "")
    touching = Incident.objects.open().filter(endpoint__slug=slug).select_related("endpoint").order_by("pk")
    context = {"incidents": told_of(touching, now=timezone.now()), "place": "form"}
    return render(request, "incidents/_banner.html", context)


def _incident_or_404(pk: int) -> Incident:
    return get_object_or_404(Incident.objects.select_related("endpoint", "opened_by", "closed_by"), pk=pk)


def _detail_page(
    request: HttpRequest,
    incident: Incident,
    *,
    form: NoteForm | None = None,
    is_too_late: bool = False,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    timeline, told = timeline_of(incident), told_of([incident], now=now)[0]
    tickets = incident.investigations.belonging().values("ticket_id").distinct().count()
    context = {
        "section": "incidents",
        "incident": incident,
        "told": told,
        "advice": advice_for(incident),
        "timeline": timeline,
        "tickets": tickets,
        "most_shown": MOST_SHOWN if tickets > MOST_SHOWN else 0,
        "seen": seen_of(told.look),
        "left": left_of(incident) if incident.is_open else None,
        "look_min": settings.INCIDENT_LOOK_S // 60,
        "enough": {"tickets": settings.INCIDENT_TICKETS, "accounts": settings.INCIDENT_ACCOUNTS}
        | {"runs": settings.INCIDENT_RUNS},
        "form": form or NoteForm(initial={"note": incident.note}),
        "window_min": incident.counted.get("window_s", 0) // 60,
        "is_too_late": is_too_late,
    }
    return render(request, "incidents/incident_detail.html", context, status=status)


def _new_page(request: HttpRequest, form: IncidentForm, *, status: int = 200) -> HttpResponse:
    context = {"section": "incidents", "form": form}
    return render(request, "incidents/incident_new.html", context, status=status)


def _masked(typed: QueryDict) -> dict[str, str]:
    """What people type is masked before anything else reads it, also before a form shows it again."""
    given = {name: typed.get(name, "") for name in ("endpoint", "verdict_code")}
    return given | {name: masked_note(typed.get(name, "")) for name in ("model", "note")}


def _asked(request: HttpRequest, endpoints: dict[str, str]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The filters of the address, and those of them that name nothing here."""
    choices = {"state": STATES, "endpoint": endpoints, "class": ISSUES}
    typed = [(name, request.GET.get(name, "").strip()) for name in _FILTERS]
    given = [(name, value) for name, value in typed if value]
    known = {name: value for name, value in given if value in choices[name]}
    return known, [(name, masked_note(value)) for name, value in given if name not in known]


def _address(query: dict[str, str]) -> str:
    kept = QueryDict(mutable=True)
    kept.update(query)
    return kept.urlencode()
