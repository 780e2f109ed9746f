"""Which breakers a step asks, and what an attempt says to them."""

import hashlib

from probes.net.pacing import Outcome
from probes.runs.plan import Step
from probes.wire.facts import NEVER_CONNECTED, Facts, Failure

_SILENT = frozenset({Failure.FIRST_BYTE_TIMEOUT, Failure.IDLE_TIMEOUT, Failure.TOTAL_TIMEOUT})
_HUNG_UP = frozenset({Failure.WRITE_FAILED, Failure.NO_RESPONSE, Failure.RESET})  # if before the headers
_OVER_HTTP2 = "http2"
_ORDINARY = frozenset({"control", "stream", "repeat", "model", "route"})  # the same request, but for "stream"


def circuits_of(endpoint_id: int, base_url: str, step: Step) -> tuple[str, str]:
    """The way to the endpoint, and what answers there.

    A gateway sends every model elsewhere, so one dead model says nothing of the others, while a name that
    does not resolve stops all of them. By address, so that a moved endpoint starts anew.

    A step that goes another way or asks for something special has breakers of its own: a server without
    HTTP/2, a dead second route, a task that cannot be looked up are no reasons to leave the endpoint alone.
    """
    where = hashlib.sha256(base_url.encode()).hexdigest()[:12]
    way = _OVER_HTTP2 if step.kind == _OVER_HTTP2 else step.route
    reach = f"{endpoint_id}:{where}:{way}"
    kind = "" if step.kind in _ORDINARY else step.kind
    return reach, f"{reach}:{step.protocol}:{kind}:{step.task_id or step.model}"


def reached(facts: Facts) -> Outcome:
    """Whether name, connection and TLS stand. What the desk refused itself says nothing."""
    if facts.failure in NEVER_CONNECTED:
        return Outcome.FAILED
    return Outcome.PASSED if facts.sent or facts.status is not None else Outcome.NOTHING


def answered(facts: Facts) -> Outcome:
    """Whether an answer came that is no sign of a dead or overloaded service.

    A refusal with 4xx is a healthy answer, but for 429; so is a stream cut at its end.
    """
    if reached(facts) is not Outcome.PASSED:
        return Outcome.NOTHING
    if facts.status is None:
        failed = facts.failure in _SILENT | _HUNG_UP
    else:
        failed = facts.failure in _SILENT or facts.status >= 500 or facts.status == 429
    return Outcome.FAILED if failed else Outcome.PASSED
