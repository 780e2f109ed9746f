"""Ask a loopback server through the real exchange and keep the moments."""

from collections.abc import Callable, Mapping
from typing import Any

from probes.net.exchange import Caps, Deadlines, Destination, exchange
from probes.wire.dialects.base import WireRequest
from probes.wire.facts import Failure
from probes.wire.moments import Chunk, Closed, Failed, Headers, Moment

REQUEST = WireRequest("POST", "/chat/completions", (("content-type", "application/json"),), b'{"model":"m"}')
KEY = "sk-" + "a1B2" * 12
AUTH = {"authorization": f"Bearer {KEY}"}
QUICK = Deadlines(connect_s=2, first_byte_s=2, idle_s=2, total_s=4)


def ask(
    base_url: str,
    *,
    allowed: set[str] | frozenset[str] = frozenset(),
    request: WireRequest = REQUEST,
    secret_headers: Mapping[str, str] = AUTH,
    deadlines: Deadlines = QUICK,
    caps: Caps = Caps(),  # noqa: B008
    enough: Callable[[], bool] | None = None,
    lookup: Any = None,
    seen: list[Moment] | None = None,
    http2: bool = False,
    **destination: Any,
) -> list[Moment]:
    moments: list[Moment] = [] if seen is None else seen
    exchange(
        request,
        to=Destination(base_url=base_url, allowed_addresses=frozenset(allowed), **destination),
        secret_headers=secret_headers,
        deadlines=deadlines,
        caps=caps,
        emit=moments.append,
        enough=enough,
        http2=http2,
        **({"lookup": lookup} if lookup else {}),
    )
    return moments


def ask_server(server: Any, **kwargs: Any) -> list[Moment]:
    return ask(f"http://{server.entry}/v1", allowed={server.entry}, **kwargs)


def names(moments: list[Moment]) -> list[str]:
    return [type(moment).__name__ for moment in moments]


def failure(moments: list[Moment]) -> Failure | None:
    last = moments[-1]
    assert isinstance(last, Failed | Closed)
    return last.failure if isinstance(last, Failed) else None


def detail(moments: list[Moment]) -> str:
    last = moments[-1]
    return last.detail if isinstance(last, Failed) else ""


def body(moments: list[Moment]) -> bytes:
    return b"".join(moment.data for moment in moments if isinstance(moment, Chunk))


def headers(moments: list[Moment]) -> Headers:
    return next(moment for moment in moments if isinstance(moment, Headers))
