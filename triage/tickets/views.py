"""Pages of tickets: the queue, the live result, and the lab's behaviours to try."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from probes.endpoints.models import Endpoint
from probes.lab.behaviours import BEHAVIOURS
from probes.runs.halts import present_stop
from triage.charges.demo import SHOWS, SLUG
from triage.charges.models import LedgerSource
from triage.incidents.listing import newest_open
from triage.incidents.telling import told_of as incidents_told
from triage.people.access import requires
from triage.people.roles import Role
from triage.tickets.asked import read_query
from triage.tickets.card import Reader
from triage.tickets.corrections import leading_verdict
from triage.tickets.deciding import Asked, askings, read_asked
from triage.tickets.form_views import file_ticket
from triage.tickets.investigations import investigations_of, judged_or_404, newest_or_404
from triage.tickets.masked import told_of
from triage.tickets.models import Investigation
from triage.tickets.paging import page_of
from triage.tickets.queue import line_of, queue_choices, queue_of
from triage.tickets.result import result_of, version_of
from triage.tickets.same_key import keys_seen
from triage.tickets.tryout import sections, ticket_for
from triage.tickets.wording.verdicts import OWNERS_SHORT
from triage.verdicts.actions.playbooks_in_force import playbooks_in_force
from triage.verdicts.playbooks import Playbooks, words_for
from triage.verdicts.questions import in_reply
from triage.verdicts.rules.surroundings import SHARED

_LONGEST_SEARCH = 100  # characters


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


@requires(Role.SUPPORT)
@never_cache
@require_safe
def ticket_result(request: HttpRequest, pk: int) -> HttpResponse:
    investigation = newest_or_404(pk)
    context = _result_context(request, investigation) | {"sent_again": "again" in request.GET}
    return render(request, "tickets/ticket_result.html", context)


@requires(Role.SUPPORT)
@never_cache
@require_safe
def ticket_live(request: HttpRequest, pk: int) -> HttpResponse:
    """The live part alone; 204 while it is what the asker has already seen."""
    investigation = newest_or_404(pk)
    if request.GET.get("seen") == version_of(investigation, now=timezone.now()):
        return HttpResponse(status=204)
    context = _result_context(request, investigation) | {"is_fragment": True}
    return render(request, "tickets/_live.html", context)


@requires(Role.SUPPORT)
@require_safe
def ticket_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """The reply to copy, in the language that `reply` names."""
    context = _reply_context(request, judged_or_404(pk), playbooks_in_force())
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
