"""The pages for what goes wrong: each says what it is, who can help, and nothing of the inside."""

import logging
import secrets

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import bad_request as plain_bad_request

from triage.people.access import RoleNeeded
from triage.people.actions import active_admins
from triage.people.models import ROLE_LABELS

log = logging.getLogger(__name__)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    needed = exception.needed if isinstance(exception, RoleNeeded) else None
    context = {"needed": ROLE_LABELS[needed] if needed else "", "admins": _admins()}
    return render(request, "errors/403.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What is too large is told in the desk's own words; whatever else cannot be read, in Django's."""
    if not isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return plain_bad_request(request, exception)
    context = {
        "too_many": isinstance(exception, TooManyFieldsSent),
        "most_megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20,
        "most_fields": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
    }
    return render(request, "errors/413.html", context, status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without database, session or context processors: any of them may be what broke."""
    reference = secrets.token_hex(4)
    log.error("server error shown as %s", reference)
    return HttpResponseServerError(render_to_string("errors/500.html", {"reference": reference}))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", {"page": request.get_full_path()}, status=403)


def _admins() -> list[str]:
    """The names of up to five people who can change roles."""
    return list(active_admins().order_by("username").values_list("username", flat=True)[:5])
