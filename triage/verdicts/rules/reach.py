"""Exchanges without any answer: how far they came tells what may have been executed."""

from probes.wire.facts import Facts, Failure
from triage.verdicts.case import Confidence, Owner
from triage.verdicts.reading import Conclusion, Reading, shown
from triage.verdicts.texts import load_leads

_LEADS = load_leads("reach")

NEVER_CONNECTED = _LEADS["never_connected"]
NO_CONNECTION = _LEADS["no_connection"]
"""The system's own names for it: whatever else is told came of it."""

NAME_LOOK_UP = _LEADS["name_look_up"]
"""The part of it that the resolver says."""

LOCAL_PROXY = _LEADS["local_proxy"]
IN_A_CONTAINER = _LEADS["in_a_container"]
SELF_HOSTED = _LEADS["self_hosted"]
"""What speaks to us is a server of the customer's own."""

OWN_LOG = _LEADS["own_log"]
"""The log of such a server: its status was its own answer, the cause stands in the log."""

CONNECT_BUDGET = _LEADS["connect_budget"]
"""The time that a program leaves itself to connect, or what keeps it from using it."""

BY_US_TOO = _LEADS["by_us_too"]

CONNECTION = _LEADS["connection"]
"""Words for any broken connection, before or after the request was sent."""

TLS = _LEADS["tls"]
HANDSHAKE = _LEADS["handshake"]
CONNECT_TIMEOUT = _LEADS["connect_timeout"]
CONNECTION_TIMEOUT = _LEADS["connection_timeout"]
"""Words that many use for every timeout."""

STALE = _LEADS["stale"]

NEVER_SENT = {
    Failure.DNS: "reach.connect",
    Failure.CONNECT_REFUSED: "reach.connect",
    Failure.CONNECT_TIMEOUT: "timeout.connect",
    Failure.TLS_EXPIRED: "reach.tls",
    Failure.TLS_WRONG_NAME: "reach.tls",
    Failure.TLS_UNTRUSTED: "reach.tls",
    Failure.TLS_PROTOCOL: "reach.tls",
}
"""What breaks before the first byte of a request leaves, and the class that it shows."""

_AFTER_SENDING = (Failure.NO_RESPONSE, Failure.RESET, Failure.WRITE_FAILED)


def never_sent(facts: Facts, reading: Reading) -> Conclusion | None:
    """The desk itself cannot get a connection: the fault is on our side, and nothing was executed."""
    code = NEVER_SENT.get(facts.failure) if facts.failure else None
    if code is None:
        return None
    return Conclusion(
        code=code,
        confidence=Confidence.CERTAIN,
        evidence=shown(facts, "failure", "sent", "resolve_ms", "connect_ms"),
        owner=Owner.EDGE,
        alternatives=("edge.gateway_down",),
    )


def no_answer(facts: Facts, reading: Reading) -> Conclusion | None:
    """The request left, and the connection ended before a byte of an answer."""
    if facts.failure not in _AFTER_SENDING or facts.status is not None:
        return None
    idle = reading.says(STALE)
    return Conclusion(
        code="timeout.stale_keepalive" if idle else "reach.connect",
        confidence=Confidence.LIKELY,
        evidence=(*shown(facts, "failure", "sent", "total_ms"), *reading.quote(STALE)),
        owner=Owner.EDGE,
        alternatives=("reach.connect",) if idle else ("timeout.stale_keepalive", "edge.gateway_down"),
    )


def nothing_in_time(facts: Facts, reading: Reading) -> Conclusion | None:
    """Not one byte before the deadline."""
    if (
        facts.failure not in (Failure.FIRST_BYTE_TIMEOUT, Failure.TOTAL_TIMEOUT, Failure.IDLE_TIMEOUT)
        or facts.status
    ):
        return None
    return Conclusion(
        code="timeout.upstream",
        evidence=shown(facts, "failure", "sent", "total_ms"),
        alternatives=("upstream.slow", "edge.origin_slow"),
    )


def not_http(facts: Facts, reading: Reading) -> Conclusion | None:
    if (
        facts.failure not in (Failure.BAD_PROTOCOL, Failure.TOO_LARGE, Failure.INCOMPLETE_BODY)
        or facts.status
    ):
        return None
    return Conclusion(
        code="edge.gateway_down",
        evidence=shown(facts, "failure", "sent", "total_ms"),
        alternatives=("reach.connect",),
    )


RULES = (never_sent, no_answer, nothing_in_time, not_http)
