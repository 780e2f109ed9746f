"""The ledger's own pages: where charges come from, and how files of them come in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from triage.charges.models import LedgerSource
from triage.people.access import requires
from triage.people.roles import Role


@requires(Role.SUPPORT)
@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    context = {"section": "charges", "sources": LedgerSource.objects.order_by("slug")}
    return render(request, "charges/source_list.html", context)
