"""The evidence of a ticket's charges: a page to print, and a file."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from triage.people.access import requires
from triage.people.roles import WHO_MAY
from triage.tickets.investigations import newest_or_404
from triage.tickets.statement import ChargeStatement, as_csv, statement_of


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
    statement = statement_of(newest_or_404(pk), now=timezone.now())
    if statement is None:
        raise Http404
    return statement
