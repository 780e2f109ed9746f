"""Pages about what the desk itself sees."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from triage.insights.pastes import SPANS, meter_of
from triage.people.access import requires
from triage.people.roles import Role


@requires(Role.ENGINEER)
@require_safe
def paste_meter(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, SPANS) else SPANS[0]
    meter = meter_of(days=days, today=timezone.now().date())
    context = {"section": "pastes", "meter": meter, "spans": SPANS}
    return render(request, "insights/paste_meter.html", context)
