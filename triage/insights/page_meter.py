"""Counts every request that a web process answers, and how long it took."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from probes.net.tallies import TALLIES

PAGES, PAGES_SECONDS = "pages", "pages_seconds"
NOWHERE = "none"  # no view has this address
GetResponse = Callable[[HttpRequest], HttpResponse]


def count_pages(get_response: GetResponse) -> GetResponse:
    """By the name of the view: addresses hold numbers, and whatever strangers try."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        view = view_of(request)
        TALLIES.count(PAGES, view, str(response.status_code))
        TALLIES.observe(PAGES_SECONDS, view, seconds=time.perf_counter() - started)
        return response

    return middleware


def view_of(request: HttpRequest) -> str:
    """`tickets:result`; the whole administration is one."""
    match = request.resolver_match
    if match is None:
        return NOWHERE
    return "admin" if match.namespaces[:1] == ["admin"] else match.view_name or NOWHERE
