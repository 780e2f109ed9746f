"""How a request goes, how it ended, what it brought, and how two of them compare."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from probes.wire.comparison import Difference, Shortfall
from probes.wire.facts import BodyKind, EndMode, Failure

PHASES: Mapping[str, Any] = {
    "resolve": _("DNS lookup"),
    "connect": _("Initial connection"),
    "tls": _("TLS (SSL)"),
    "waiting": _("Request sent, waiting (TTFB)"),
    "thinking": _("Waiting for the first token"),
    "reasoning": _("Reasoning arrives, no text yet"),
    "flowing": _("Content download"),
}
"""By the names that browsers' developer tools give them, where these have one."""

STAGES: Mapping[str, Any] = {
    "": _("getting ready"),
    "resolved": _("name resolved, connecting"),
    "connected": _("connected"),
    "tlsdone": _("TLS agreed"),
    "sending": _("sending the request"),
    "sent": _("sent, waiting for the first byte"),
    "headers": _("headers are here, waiting for the body"),
    "streaming": _("receiving"),
    "closed": _("answer complete"),
    "failed": _("broke off"),
}
FAILURES: Mapping[str, Any] = {
    Failure.DNS: _("the name could not be resolved"),
    Failure.ADDRESS_REFUSED: _("the desk refused the address"),
    Failure.CONNECT_REFUSED: _("the connection was refused"),
    Failure.CONNECT_TIMEOUT: _("no connection in time"),
    Failure.TLS_EXPIRED: _("the certificate has expired"),
    Failure.TLS_WRONG_NAME: _("the certificate is for another name"),
    Failure.TLS_UNTRUSTED: _("the certificate is not trusted"),
    Failure.TLS_PROTOCOL: _("no common TLS version"),
    Failure.WRITE_FAILED: _("the request could not be sent"),
    Failure.NO_RESPONSE: _("closed without any answer"),
    Failure.FIRST_BYTE_TIMEOUT: _("no first byte in time"),
    Failure.RESET: _("the connection was reset"),
    Failure.INCOMPLETE_BODY: _("the body ended too early"),
    Failure.IDLE_TIMEOUT: _("nothing more arrived in time"),
    Failure.TOTAL_TIMEOUT: _("over the total deadline"),
    Failure.TOO_LARGE: _("larger than the desk reads"),
    Failure.BAD_PROTOCOL: _("not HTTP as we know it"),
}
ENDS: Mapping[str, Any] = {
    EndMode.DONE: _("ended with its end marker"),
    EndMode.CLEAN_EOF: _("closed without an end marker"),
    EndMode.INCOMPLETE: _("cut in the middle of the body"),
    EndMode.RESET: _("the connection was reset"),
    EndMode.IDLE_TIMEOUT: _("fell silent, gave up waiting"),
    EndMode.TOTAL_TIMEOUT: _("over the total deadline"),
    EndMode.CAPPED: _("stopped by the desk: too large"),
    EndMode.NO_BODY: _("no body"),
    EndMode.CLIENT_ABORT: _("the client hung up"),
}
BODY_KINDS: Mapping[str, Any] = {
    BodyKind.EVENTS: _("a stream of events"),
    BodyKind.JSON_OK: _("a JSON answer"),
    BodyKind.JSON_ERROR: _("a JSON error"),
    BodyKind.NDJSON: _("JSON lines"),
    BodyKind.HTML: _("an HTML page"),
    BodyKind.EMPTY: _("empty"),
    BodyKind.OTHER: _("something else"),
}
TASK_STATUSES: Mapping[str, Any] = {
    "queued": _("queued"),
    "running": _("running"),
    "succeeded": _("succeeded"),
    "failed": _("failed"),
    "unknown": _("unknown"),
}
DOUBLINGS: Mapping[str, Any] = {
    "deltas": _("every piece came twice"),
    "answer": _("the answer began twice"),
    "cumulative": _("every piece begins with all that came before"),
}
COMPARED: Mapping[str, Any] = {
    Difference.ERROR_HIDDEN: _("%(one)s shows an error that %(other)s hides behind a status 200."),
    Difference.ERROR_IN_STREAM: _("%(other)s shows an error; %(one)s was answered."),
    Difference.STREAM_EMPTY: _("%(one)s has %(one_chars)s characters of text, %(other)s has none."),
    Difference.STREAM_SHORTER: _(
        "The text of %(other)s is shorter: %(other_chars)s characters against %(one_chars)s."
    ),
    Difference.STREAM_LONGER: _(
        "The text of %(other)s is longer: %(other_chars)s characters against %(one_chars)s."
    ),
    Difference.FINISH_REASON: _("The finish reasons differ: %(was)s and %(now)s."),
    Difference.TOKENS: _("The tokens reported differ: %(was)s and %(now)s."),
    Difference.MODEL: _("Different models answered: %(was)s and %(now)s."),
    Difference.NO_SOONER: _(
        "Streaming gains nothing: the first text of %(other)s came after %(first)s, the whole of %(one)s "
        "after %(whole)s."
    ),
    Difference.HOPS: _("On the way, %(header)s differs: %(was)s and %(now)s."),
    Difference.ADDRESS: _("Different addresses answered: %(was)s and %(now)s."),
}
"""What two answers to one question say of each other."""

SHORTFALLS: Mapping[str, Any] = {
    Shortfall.CUT: _("Its connection broke."),
    Shortfall.UNFINISHED: _("It ended in good order, but nothing said that the answer was complete."),
    Shortfall.SILENT: _("It fell silent until the desk gave up waiting."),
    Shortfall.LIMITED: _("It says that it reached the output limit."),
    Shortfall.COMPLETE: _("It claims to be whole, as behind gateways that mend what broke upstream."),
}
"""How the shorter answer ended."""
