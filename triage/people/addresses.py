"""A credential that was put into an address is masked before any page, log or redirect repeats it."""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, unquote, urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from probes.redaction import meter
from probes.redaction.actions import current_redactor
from probes.redaction.engine import WITHHELD, Finding
from probes.redaction.kinds import hold_credential

GetResponse = Callable[[HttpRequest], HttpResponse]

# Words, numbers and versions of pages that poll: a rule can hardly mean them, and a check asks the database.
_HARMLESS = re.compile(r"[a-z0-9_./\-]{0,16}")


def mask_address(get_response: GetResponse) -> GetResponse:
    """Send whoever reads a page to the masked address; whatever else is sent goes on under it.

    Personal data stays: people look each other up by e-mail address, and logs mask it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        path, query, caught = _masked(request.path, request.META.get("QUERY_STRING", ""))
        if not caught:
            return get_response(request)
        meter.count(caught, channel="address", field="address")
        if request.method in ("GET", "HEAD"):
            return _redirect(f"{path}?{query}" if query else path)
        request.META["QUERY_STRING"] = query
        request.path = request.path_info = request.META["PATH_INFO"] = unquote(path)
        return get_response(request)

    return middleware


def _masked(path: str, query: str) -> tuple[str, str, list[Finding]]:
    """Path and query as they may be repeated, and what was masked in them."""
    caught: list[Finding] = []
    steps = [_text(step, caught) for step in path.split("/")]
    pairs = [
        (_text(name, caught), _text(value, caught))
        for name, value in parse_qsl(query, keep_blank_values=True, errors="replace")
    ]
    return "/".join(map(quote, steps)), urlencode(pairs), caught


def _text(text: str, caught: list[Finding]) -> str:
    if _HARMLESS.fullmatch(text):
        return text
    redactor = current_redactor("address")
    redacted = redactor.redact(text)
    if not hold_credential(redacted.findings):
        return text
    caught += redacted.findings
    # What the rules would mask again would be sent round for ever.
    return WITHHELD if redactor.redact(redacted.text).findings else redacted.text


def _redirect(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response["Cache-Control"] = "no-store"
    return response
