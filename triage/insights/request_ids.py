"""Each request has an id of the desk's own: its answer, its log lines and those of its tasks carry it.

What a stranger sends as X-Request-Id is not taken over: it would stand in the logs.
"""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from probes.redaction.log_ids import begin_with

GetResponse = Callable[[HttpRequest], HttpResponse]


def give_ids(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponse:
        name = secrets.token_hex(6)
        begin_with({"request": name})  # until the next one: Django and gunicorn log an answer once it is made
        response = get_response(request)
        response["X-Request-Id"] = name
        return response

    return middleware
