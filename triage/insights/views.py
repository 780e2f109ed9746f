"""Pages about what the desk itself sees."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from triage.charges.spreadsheets import csv_lines, inert
from triage.insights import confusion
from triage.insights.desk_state import desk_state
from triage.insights.pastes import SPANS, meter_of
from triage.people.access import requires
from triage.people.roles import Role
from triage.tickets.asked import read_query
from triage.verdicts.actions.playbooks_in_force import playbooks_in_force

_USUAL_DAYS = 30  # of the report on verdicts


@requires(Role.ENGINEER)
@require_safe
def paste_meter(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, SPANS) else SPANS[0]
    meter = meter_of(days=days, today=timezone.now().date())
    context = {"section": "pastes", "meter": meter, "spans": SPANS}
    return render(request, "insights/paste_meter.html", context)


@requires(Role.ENGINEER)
@never_cache
@require_safe
def desk_state_page(request: HttpRequest) -> HttpResponse:
    return render(request, "insights/desk_state.html", {"section": "history", "state": desk_state()})


@requires(Role.ENGINEER)
@require_safe
def verdict_report(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    report = confusion.report_of(
        period=asked.period,
        rules=asked.rules,
        language=get_language() or "en",
        playbooks=playbooks_in_force(),
    )
    context = {
        "section": "history",
        "report": report,
        "spans": confusion.SPANS,
        "most": confusion.MOST_VERDICTS,
        "versions": asked.versions,
        "unknown": asked.unknown,
        "query": urlencode({"days": asked.period.days} | ({"rules": asked.rules} if asked.rules else {})),
    }
    return render(request, "insights/verdict_report.html", context)


@requires(Role.ENGINEER)
@require_safe
def verdict_report_csv(request: HttpRequest) -> StreamingHttpResponse:
    asked = _asked(request)
    said = confusion.said_of(period=asked.period, rules=asked.rules)
    rows = ([inert(cell) for cell in row] for row in confusion.csv_rows(said))
    disposition = {"Content-Disposition": 'attachment; filename="verdicts-corrected.csv"'}
    return StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8", headers=disposition)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for; `versions` are those that there are in its time."""

    period: confusion.Period
    rules: str  # empty: of any version
    versions: list[str]
    unknown: list[tuple[str, str]]


def _asked(request: HttpRequest) -> _Asked:
    spans = list(map(str, confusion.SPANS))
    given = request.GET.get("days", "")
    days = int(given) if given in spans else _USUAL_DAYS
    period = confusion.period_of(days=days, now=timezone.now())
    versions = confusion.versions_of_rules(period)
    asked = read_query(request.GET, choices={"days": spans, "rules": versions})
    return _Asked(period, asked.filters.get("rules", ""), versions, asked.unknown)
