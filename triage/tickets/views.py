"""Pages of tickets: the queue, the form, the live result."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from probes.endpoints.models import Endpoint
from probes.lab.behaviours import BEHAVIOURS
from probes.redaction.engine import WITHHELD
from probes.runs.halts import present_stop
from probes.runs.plan import NothingToProbe
from triage.charges.demo import SHOWS, SLUG
from triage.charges.models import LedgerSource
from triage.incidents.listing import newest_open
from triage.incidents.telling import told_of as incidents_told
from triage.people.access import requires
from triage.people.roles import WHO_MAY, Role
from triage.tickets.actions.probe_further import FurtherRefused, probe_further
from triage.tickets.actions.submit_ticket import (
    redact_fields,
)
from triage.tickets.asked import read_query
from triage.tickets.card import Reader
from triage.tickets.corrections import leading_verdict
from triage.tickets.deciding import Asked, askings, read_asked
from triage.tickets.form_views import file_ticket
from triage.tickets.further_form import PICKED, AgreementForm, FurtherForm, suggested_data
from triage.tickets.masked import told_of
from triage.tickets.models import Investigation
from triage.tickets.offer import options_for, quote
from triage.tickets.paging import page_of
from triage.tickets.queue import line_of, queue_choices, queue_of
from triage.tickets.redactors import field_redactors
from triage.tickets.result import investigations_of, result_of, version_of
from triage.tickets.same_key import keys_seen
from triage.tickets.statement import ChargeStatement, as_csv, statement_of
from triage.tickets.tasks import ring
from triage.tickets.tryout import sections, ticket_for
from triage.tickets.wording.verdicts import OWNERS_SHORT
from triage.verdicts.actions.playbooks_in_force import playbooks_in_force
from triage.verdicts.playbooks import Playbooks, words_for
from triage.verdicts.questions import in_reply
from triage.verdicts.rules.surroundings import SHARED


@requires(Role.SUPPORT)
@require_safe
def ticket_list(request: HttpRequest) -> HttpResponse:
    endpoints = dict(Endpoint.objects.values_list("slug", "name"))
    asked = read_query(request.GET, choices=queue_choices(endpoints))
    page = page_of(queue_of(asked.filters, reader=request.user), asked.filters)
    language, playbooks = get_language() or "en", playbooks_in_force()
    context = {
        "section": "tickets",
        "page": page,
        "lines": [line_of(ticket, language=language, playbooks=playbooks) for ticket in page.rows],
        "query": asked.filters,
        "unknown": asked.unknown,
        "owners": OWNERS_SHORT.items(),
        "endpoints": endpoints.items(),
        "incidents": incidents_told(newest_open(), now=timezone.now()),
    }
    return render(request, "tickets/ticket_list.html", context)


# --- the result


@requires(Role.SUPPORT)
@never_cache
@require_safe
def ticket_result(request: HttpRequest, pk: int) -> HttpResponse:
    investigation = _investigation_or_404(pk)
    context = _result_context(request, investigation) | {"sent_again": "again" in request.GET}
    return render(request, "tickets/ticket_result.html", context)


@requires(Role.SUPPORT)
@never_cache
@require_safe
def ticket_live(request: HttpRequest, pk: int) -> HttpResponse:
    """The live part alone; 204 while it is what the asker has already seen."""
    investigation = _investigation_or_404(pk)
    if request.GET.get("seen") == version_of(investigation, now=timezone.now()):
        return HttpResponse(status=204)
    context = _result_context(request, investigation) | {"is_fragment": True}
    return render(request, "tickets/_live.html", context)


@requires(Role.SUPPORT)
@require_safe
def ticket_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """The reply to copy, in the language that `reply` names."""
    investigation = _investigation_or_404(pk)
    if investigation.verdict is None:
        raise Http404
    context = _reply_context(request, investigation, playbooks_in_force())
    return render(request, "tickets/_reply.html", context)


@requires(Role.SUPPORT)
@never_cache
@require_safe
def ticket_verdict(request: HttpRequest, pk: int, investigation_id: int) -> HttpResponse:
    """What was concluded before further steps followed; the newest verdict has the ticket's own page."""
    investigations = investigations_of(pk)
    found = next((one for one in investigations if one.pk == investigation_id), None)
    if found is None:
        raise Http404
    if found == investigations[-1]:
        return redirect(found.ticket)
    context = _result_context(request, found) | {"is_superseded": True}
    return render(request, "tickets/ticket_result.html", context)


def _investigation_or_404(pk: int) -> Investigation:
    """The newest, with those that it builds on."""
    investigations = investigations_of(pk)
    if not investigations:
        raise Http404
    return investigations[-1]


def _result_context(request: HttpRequest, investigation: Investigation) -> dict[str, Any]:
    asked, playbooks = _questions(request), playbooks_in_force()
    reader = Reader(get_language() or "en", playbooks, asked)
    context = {
        "section": "tickets",
        "ticket": investigation.ticket,
        "told": told_of(investigation.ticket.masked),
        "same_keys": keys_seen(investigation.ticket),
        "stop": present_stop(),
        "incidents": incidents_told(filter(None, [investigation.belongs_to]), now=timezone.now()),
        "shares_its_fault": _shares_its_fault(investigation),
        "result": result_of(investigation, reader=reader, now=timezone.now()),
        "further_address": request.build_absolute_uri(
            reverse("tickets:further", args=[investigation.ticket_id])
        ),
    }
    return context | _reply_context(request, investigation, playbooks)


def _shares_its_fault(investigation: Investigation) -> bool:
    """Whether others may meet the same at its endpoint, and no incident tells of it yet."""
    alone = investigation.belongs_to is None and investigation.ticket.endpoint is not None
    said = investigation.newest_correction
    return alone and (said.code if said else investigation.verdict_code) in SHARED


def _reply_context(
    request: HttpRequest, investigation: Investigation, playbooks: Playbooks
) -> dict[str, Any]:
    """The customer's language is its own choice: support may read Chinese and answer in English."""
    language = _reply_language(request)
    asked, ticket = _questions(request), investigation.ticket
    verdict = leading_verdict(investigation)
    words = words_for(verdict, language, playbooks=playbooks) if verdict else None
    return {
        "ticket": ticket,
        "reply": words.reply if words else "",
        "reply_language": language,
        "questions": in_reply(asked.names, language),
        "asked": askings(asked.names, asked, ticket, language=get_language() or "en"),
        "queries": {code: asked.in_language(code).query() for code, _name in settings.LANGUAGES},
    }


def _reply_language(request: HttpRequest) -> str:
    asked = request.GET.get("reply", "")
    return asked if asked in dict(settings.LANGUAGES) else get_language() or "en"


def _questions(request: HttpRequest) -> Asked:
    """What the reply asks the customer, by the address; the language stays where somebody chose one."""
    chosen = request.GET.get("reply", "")
    language = chosen if chosen in dict(settings.LANGUAGES) else ""
    return read_asked(request.GET.getlist("ask"), reply_language=language)


# --- evidence of charges


@requires(WHO_MAY["read_ledger"])
@never_cache
@require_safe
def charge_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """One page to print, in the language that `lang` names: the reader may be the customer's billing."""
    language = _language_asked(request)
    with translation.override(language):
        context = {"statement": _statement_or_404(pk), "language": language}
        return render(request, "tickets/charge_statement.html", context)


@requires(WHO_MAY["read_ledger"])
@never_cache
@require_safe
def charge_evidence_csv(request: HttpRequest, pk: int) -> HttpResponse:
    with translation.override(_language_asked(request)):
        statement = _statement_or_404(pk)
        content = "".join(as_csv(statement))
    name = f"charges-{statement.ticket.ref}.csv"
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _language_asked(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else get_language() or "en"


def _statement_or_404(pk: int) -> ChargeStatement:
    statement = statement_of(_investigation_or_404(pk), now=timezone.now())
    if statement is None:
        raise Http404
    return statement


# --- further steps


@requires(Role.ENGINEER)
@never_cache
@require_safe
def ticket_further(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be probed further and what it would cost; nothing is sent."""
    picked = _picked(request.GET)
    if picked is not None and picked != request.GET:  # a secret must not stay in the address either
        return redirect(f"{request.path}?{picked.urlencode()}")
    return _further_page(request, _investigation_or_404(pk), picked)


@requires(Role.ENGINEER)
@never_cache
@require_safe
def further_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan alone, whenever a choice changes."""
    context = _further_context(request, _investigation_or_404(pk), _picked(request.GET))
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
    """The choices, masked: a name of a model is a text like any other. None before anybody chose."""
    if PICKED not in sent:
        return None
    masked, _found = redact_fields({"model": sent.get("model", "")}, *field_redactors())
    shown = sent.copy()
    if "model" in sent:
        shown["model"] = "" if masked["model"] == WITHHELD else masked["model"]
    return shown


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


# --- the lab

_LONGEST_SEARCH = 100  # characters


@requires(Role.SUPPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def try_it(request: HttpRequest) -> HttpResponse:
    """The lab's behaviours; posting the name of one files a ticket that meets it."""
    lab = Endpoint.objects.filter(is_lab=True).order_by("pk").first()
    behaviour = BEHAVIOURS.get(request.POST.get("behaviour", ""))
    if lab is None or behaviour is None:
        search = request.GET.get("q", "")[:_LONGEST_SEARCH]
        context = {
            "section": "try",
            "lab": lab,
            "ledger_samples": SHOWS if LedgerSource.objects.filter(slug=SLUG).exists() else (),
            "search": search,
            "sections": list(sections(get_language() or "en", search=search)),
        }
        return render(request, "tickets/try_it.html", context)
    typed = ticket_for(behaviour, endpoint=lab.slug)
    return redirect(file_ticket(request, typed, now=timezone.now(), always_probe=True))
