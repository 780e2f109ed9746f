"""The requests of free look-ups: they are the same in every chat protocol, but for where the models are."""

from probes.wire.dialects.base import (
    BALANCE,
    MODELS,
    USER_AGENT,
    WEBSOCKET,
    StepNotOffered,
    WireRequest,
    reading_headers,
)
from probes.wire.websocket import new_key

LOOK_UPS = frozenset({MODELS, BALANCE, WEBSOCKET})


def look_up(step: str, *, path: str, models_path: str) -> WireRequest:
    """The GET of a step in LOOK_UPS. Raises StepNotOffered when the endpoint has no path for it."""
    place = models_path if step == MODELS else path
    if not place:
        raise StepNotOffered(step)
    return WireRequest("GET", place, _headers(step), b"")


def _headers(step: str) -> tuple[tuple[str, str], ...]:
    return _upgrade_headers() if step == WEBSOCKET else reading_headers(stream=False)


def _upgrade_headers() -> tuple[tuple[str, str], ...]:
    """A client's opening handshake, RFC 6455 section 4.1."""
    return (
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", new_key()),
        ("user-agent", USER_AGENT),
    )
