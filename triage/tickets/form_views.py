"""The form of a ticket: empty, read from a paste, sent; and what its scripts ask for."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from probes.redaction import meter
from probes.redaction.models import RedactionRule
from probes.runs.halts import present_stop
from triage.people.access import requires
from triage.people.choices import keep_language, keep_theme
from triage.people.models import Theme
from triage.people.roles import Role
from triage.tickets import same_form
from triage.tickets.actions.submit_ticket import (
    Masked,
    UnknownEndpoint,
    count_masked,
    redact_fields,
    submit_ticket,
)
from triage.tickets.carried import FIELD, from_token, to_token
from triage.tickets.examples import EXAMPLES
from triage.tickets.forms import TicketForm
from triage.tickets.guard import counts_in, etag_of, rules_for_browser, spots_in
from triage.tickets.guard_counts import CHANNEL as BROWSER
from triage.tickets.guard_counts import BadCounts
from triage.tickets.masked import told_of
from triage.tickets.models import Ticket
from triage.tickets.prefill import mark_of, marks_in, prefilled, told_by
from triage.tickets.reading import Reading, reading_of
from triage.tickets.redactors import field_redactors
from triage.tickets.tasks import ring

_CHANNEL = "form"  # of the meter
_MASKED_HERE = "masked_here"  # a hidden field: what the browser's guard masked before it was sent
_READ = "paste_read"  # a hidden field: which paste has been read
_MARKS = "paste_marks"  # a hidden field: which values the desk wrote itself
_MAY_BEGIN_WITH = ("task_id", "symptom")  # of a link to the form


@requires(Role.SUPPORT)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def ticket_new(request: HttpRequest) -> HttpResponse:
    if "redraw_in" in request.POST or "redraw_theme" in request.POST:
        return _redrawn(request)
    if not request.POST:
        begun = {name: request.GET[name] for name in _MAY_BEGIN_WITH if name in request.GET}
        shown, _found = redact_fields(begun, *field_redactors())
        return _form_page(request, TicketForm(initial=shown))
    typed, before, found = _masked(request)
    count_masked(found, channel=_CHANNEL)
    masked = [*before, *found]
    if _is_unread(request, typed):
        return _read(request, typed, masked, unasked=True)
    form = TicketForm(typed)  # judged as masked: a pasted key must not make a short field too long
    if form.is_valid():
        with suppress(UnknownEndpoint):  # removed a moment ago: the form, read again below, says so
            return redirect(_filed(request, form.intake_fields(), masked))
    return _form_page(request, TicketForm(typed), masked=masked, status=422)


def _filed(request: HttpRequest, typed: dict[str, Any], masked: Sequence[Masked]) -> str:
    """Where the ticket is read; its page says so when the same form was sent before."""
    now = timezone.now()
    form_drawn_at = same_form.drawn_at(request.POST.get(same_form.FIELD, ""))
    ticket = file_ticket(request, typed, now=now, masked=masked, form_drawn_at=form_drawn_at)
    address = ticket.get_absolute_url()
    return address if ticket.created_at == now else f"{address}?again=1"


@requires(Role.SUPPORT)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def ticket_paste(request: HttpRequest) -> HttpResponse:
    """The same form with what the paste says; nothing is kept. `use` takes over one suggestion more."""
    if request.method == "GET":  # somebody reloads the page, or comes back to it from signing in
        return redirect("tickets:new")
    typed, before, found = _masked(request)
    if not typed.get("paste") and (example := EXAMPLES.get(request.POST.get("example", ""))):
        typed["paste"] = example
    count_masked(found, channel=_CHANNEL)
    return _read(request, typed, [*before, *found])


def _read(
    request: HttpRequest, typed: dict[str, Any], masked: Sequence[Masked], *, unasked: bool = False
) -> HttpResponse:
    """The form with its empty fields filled from the paste; `unasked` when it was sent without being read."""
    reading = reading_of(typed.get("paste", ""), now=timezone.now())
    marks = marks_in(request.POST.get(_MARKS, ""))
    filled = prefilled(typed, reading.paste, marks=marks, use=request.POST.get("use", ""))
    form = TicketForm(initial=filled.values)
    told = {"just_read": True, "unasked": unasked, "newly_filled": len(filled.marks)}
    return _form_page(request, form, masked=masked, marks=filled.marks, reading=reading, told=told)


def _is_unread(request: HttpRequest, typed: dict[str, Any]) -> bool:
    """Something was pasted since the box was last read: it must not be lost."""
    pasted = str(typed.get("paste", "")).strip()
    return bool(pasted) and request.POST.get(_READ, "") != _mark_of_paste(pasted)


def _mark_of_paste(pasted: object) -> str:
    """The same for a text and for what a browser makes of its line ends."""
    return mark_of(str(pasted or "").strip().replace("\r\n", "\n"))


def _shown_reading(request: HttpRequest, form: TicketForm) -> Reading | None:
    """What was read before and stands on the page."""
    pasted = str(form["paste"].value() or "")
    is_read = bool(pasted.strip()) and request.POST.get(_READ, "") == _mark_of_paste(pasted)
    return reading_of(pasted, now=timezone.now()) if is_read else None


def _tell(form: TicketForm, reading: Reading | None) -> None:
    if reading:
        form.tell(told_by(reading.paste, {name: form[name].value() for name in form.fields}))


@requires(Role.SUPPORT)
@sensitive_post_parameters()
@require_POST
def ticket_details(request: HttpRequest) -> HttpResponse:
    """The conditional fields for the symptom and kind of work that were just chosen; nothing is kept."""
    typed, _before, found = _masked(request)
    form = TicketForm(initial=typed)
    replaced = {
        field.name for field in form.details()
    }  # the other fields keep their text, and are read again
    carried = [spot for spot in found if spot.field in replaced]
    count_masked(carried, channel=_CHANNEL)
    _tell(form, _shown_reading(request, form))
    context = {
        "form": form,
        "masked_field": FIELD,
        "masked_token": to_token([*_told_before(request), *carried]),
    }
    return render(request, "tickets/_details.html", context)


@requires(Role.SUPPORT)
@require_safe
def guard_rules(request: HttpRequest) -> HttpResponse:
    """The admins' rules for the browser's guard; 304 while they are what it has already."""
    content = rules_for_browser(RedactionRule.objects.enabled().order_by("order", "name"))
    response = HttpResponse(content, content_type="application/json")
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = etag_of(content)
    return cast(HttpResponse, get_conditional_response(request, etag=response["ETag"], response=response))


@requires(Role.SUPPORT)
@require_POST
def guard_counts(request: HttpRequest) -> HttpResponse:
    """How much the browser's guard masked before anything was sent; the server never sees what it was."""
    try:
        caught = counts_in(request.body, RedactionRule.objects.enabled())
    except BadCounts:
        return HttpResponse(status=400)
    meter.count_all(caught, channel=BROWSER)
    return HttpResponse(status=204)


def _masked(request: HttpRequest) -> tuple[dict[str, Any], list[Masked], list[Masked]]:
    """What was typed, masked; what was masked when the form came back before; and what is masked now."""
    typed, found = redact_fields(TicketForm(request.POST).typed(), *field_redactors())
    before = _told_before(request)
    told = {(spot.field, spot.kind, spot.start, spot.end) for spot in before}
    here = spots_in(request.POST.get(_MASKED_HERE, ""), RedactionRule.objects.enabled())
    news = [spot for spot in here if (spot.field, spot.kind, spot.start, spot.end) not in told]
    return typed, [*before, *news], found


def _told_before(request: HttpRequest) -> list[Masked]:
    return from_token(request.POST.get(FIELD, ""))


def _redrawn(request: HttpRequest) -> HttpResponse:
    """The same form in another language or theme, with what was typed so far, masked."""
    typed, before, found = _masked(request)
    count_masked(found, channel=_CHANNEL)
    language, theme = request.POST.get("redraw_in", ""), request.POST.get("redraw_theme", "")
    in_language = language if language in dict(settings.LANGUAGES) else get_language()
    with translation.override(in_language):
        response = _form_page(request, TicketForm(initial=typed), masked=[*before, *found], theme=theme)
    keep_language(request, response, language)
    keep_theme(request, response, theme)
    return response


def _form_page(
    request: HttpRequest,
    form: TicketForm,
    *,
    masked: Sequence[Masked] = (),
    theme: str = "",
    status: int = 200,
    marks: dict[str, str] | None = None,
    reading: Reading | None = None,
    told: dict[str, Any] | None = None,
) -> HttpResponse:
    """What was typed is shown again masked only: a secret is not even echoed."""
    reading = reading or _shown_reading(request, form)
    _tell(form, reading)
    context = {"section": "new", "redraws": "ticket", "form": form, "reading": reading}
    context |= {"told": told_of(spot.as_dict() for spot in masked), "examples": EXAMPLES}
    context |= {"masked_field": FIELD, "masked_token": to_token(masked), "stop": present_stop()}
    context |= {"drawn_field": same_form.FIELD, "drawn_token": _drawn(request), "read_field": _READ}
    context |= {"read_mark": _mark_of_paste(form["paste"].value()) if reading else "", "marks_field": _MARKS}
    context["masked_here_field"] = _MASKED_HERE
    context["marks"] = marks_in(request.POST.get(_MARKS, "")) if marks is None else marks
    context |= told or {}
    if theme in Theme.values:
        context["theme"] = theme
    page = "_ticket_fields" if request.headers.get("HX-Request") else "ticket_new"
    return render(request, f"tickets/{page}.html", context, status=status)


def _drawn(request: HttpRequest) -> str:
    """When this form was first shown: reading a paste into it makes no other form of it."""
    sent = request.POST.get(same_form.FIELD, "")
    return sent if same_form.drawn_at(sent) else same_form.to_token(timezone.now())


def file_ticket(
    request: HttpRequest,
    fields_typed: dict[str, Any],
    *,
    now: datetime,
    masked: Sequence[Masked] = (),
    form_drawn_at: datetime | None = None,
    always_probe: bool = False,
) -> Ticket:
    redactors = field_redactors()
    return submit_ticket(
        fields_typed=fields_typed,
        author=request.user if isinstance(request.user, User) else None,
        now=now,
        redactor=redactors.redactor,
        own_redactors=redactors.own_redactors,
        enqueue=ring,
        masked_before=masked,
        form_drawn_at=form_drawn_at,
        always_probe=always_probe,
    )
