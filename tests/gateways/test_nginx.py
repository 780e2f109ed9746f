"""A real nginx between the desk and an endpoint: what it does to a stream, and whether that is named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from probes.lab.promises import FLOWING, WHOLE, Containing, Promise, Within, at_least, at_most, broken
from probes.lab.server import Lab
from probes.net.exchange import Deadlines, Destination, exchange
from probes.wire.dialects.table import DIALECTS
from probes.wire.reader import Reader
from tests.gateways.nginx import NGINX, Nginx, nginx_before
from tests.gateways.probing import probe
from tests.probes.lab.asking import KEY

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        NGINX is None, reason="nginx is not installed; on Debian: apt-get install nginx-light"
    ),
]

_STEADY: Promise = {**FLOWING, "burst_count": at_least(20), "first_event_ms": at_most(1000)}
_AT_ONCE: Promise = {**FLOWING, "burst_count": at_most(2), "first_event_ms": at_least(1500)}
_FINE = ("ok.not_reproduced",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`place` is a location of nginx, `shows` the facts by step, `codes` what the verdict may be."""

    place: str
    model: str
    shows: Mapping[str, Promise]
    codes: tuple[str, ...]
    owner: str = ""
    beside: str = ""  # what must stay possible


def _page(status: int) -> Promise:
    return {"status": status, "body_kind": "html", "body_excerpt": Containing("nginx")}


CASES = (
    Case(
        place="on",
        model="slow_total:1.6",
        shows={"control": WHOLE, "stream": {**_AT_ONCE, "headers_ms": at_least(1500)}},
        codes=("stream.fully_buffered",),
        owner="edge",
    ),
    Case(
        place="blocks",
        model="slow_total:2.5",
        shows={
            "control": WHOLE,
            "stream": {**FLOWING, "burst_count": Within(4, 10), "max_gap_ms": at_least(200)},
        },
        codes=("stream.block_buffered",),
        owner="edge",
    ),
    # From an upstream that chunks, nginx passes every chunk on at once, buffering or not.
    Case(
        place="on-chunked",
        model="slow_total:1.6",
        shows={"control": WHOLE, "stream": _STEADY},
        codes=_FINE,
    ),
    Case(place="off", model="slow_total:1.6", shows={"control": WHOLE, "stream": _STEADY}, codes=_FINE),
    Case(place="on", model="accel_off:1.6", shows={"control": WHOLE, "stream": _STEADY}, codes=_FINE),
    Case(
        place="gzip",
        model="slow_total:1.6",
        shows={
            "control": WHOLE,
            "stream": {**_STEADY, "content_encoding": ""},
            "gzip": {**_STEADY, "content_encoding": "gzip", "body_bytes": at_most(4000)},
        },
        codes=_FINE,
    ),
    Case(
        place="short",
        model="stall_mid:20",
        shows={
            "control": WHOLE,
            "stream": {
                "status": 200,
                "failure": "incomplete_body",
                "end_mode": "incomplete_chunked",
                "content_chars": 52,
                "max_gap_ms": Within(900, 2000),
            },
        },
        codes=("stream.cut",),
        beside="timeout.our_proxy",
    ),
    Case(
        place="short",
        model="slow_headers_ttfb:5",
        shows={"control": {**_page(504), "headers_ms": Within(900, 2000)}},
        codes=("timeout.our_proxy", "edge.origin_slow"),
        owner="edge",
    ),
    Case(place="dead", model="ok", shows={"control": _page(502)}, codes=("edge.gateway_down",), owner="edge"),
    Case(place="small", model="ok", shows={"control": _page(413)}, codes=("client.body_too_large",)),
    Case(
        place="busy",
        model="ok",
        shows={"control": WHOLE, "stream": _page(503)},
        codes=("edge.gateway_down",),
        beside="limit.ip",
    ),
    Case(place="told", model="ok", shows={"control": WHOLE, "stream": _page(429)}, codes=("limit.ip",)),
)

TRIES = 4  # a hop's limit is read from an end within 50 ms of it, which a loaded machine may miss


@pytest.fixture(scope="module")
def nginx(lab: Lab) -> Iterator[Nginx]:
    with nginx_before(lab) as nginx:
        yield nginx


def complaints(shows: Mapping[str, Promise], facts: Mapping[str, object]) -> list[str]:
    return [
        f"{kind}: {line}"
        for kind, promise in shows.items()
        for line in broken(promise, facts[kind], way="openai_chat", arg=0)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.place}-{case.model}")
def test_what_nginx_does_to_an_answer_is_seen_and_named(nginx: Nginx, case: Case):
    steps = dict.fromkeys(("control", "stream", *case.shows))

    for _ in range(TRIES if case.beside else 1):
        probed = probe(f"http://127.0.0.1:{nginx.port}/{case.place}/v1", model=case.model, steps=steps)
        assert complaints(case.shows, probed.facts) == []
        assert probed.verdict.code in case.codes
        assert case.owner in ("", probed.verdict.owner)
        if case.beside in ("", *probed.verdict.alternatives):
            return
    pytest.fail(f"{case.beside} is not among {probed.verdict.alternatives}")


@pytest.mark.django_db
def test_a_stream_that_nginx_compresses_and_then_holds_back_shows_only_in_the_gzip_step(nginx: Nginx):
    shows = {"stream": _STEADY, "gzip": {**_AT_ONCE, "content_encoding": "gzip"}}

    probed = probe(
        f"http://127.0.0.1:{nginx.port}/gzip-held/v1",
        model="slow_total:1.6",
        steps=("control", "stream", "gzip"),
    )

    assert complaints(shows, probed.facts) == []
    assert (probed.verdict.code, probed.verdict.owner) == ("stream.fully_buffered", "edge")


@pytest.mark.django_db
def test_http2_without_tls_is_asked_as_known_beforehand(nginx: Nginx):
    """nginx then understands HTTP/2 alone on that port, and the control says so."""
    shows = {
        "control": {"failure": "bad_protocol", "status": None},
        "http2": {**FLOWING, "http_version": "HTTP/2", "burst_count": at_least(20)},
    }

    probed = probe(f"http://127.0.0.1:{nginx.plain_h2}/v1", model="ok", steps=("control", "http2"))

    assert complaints(shows, probed.facts) == []
    assert (probed.verdict.code, probed.verdict.owner) == ("client.protocol_mismatch", "edge")


@pytest.mark.parametrize("http2", [False, True])
def test_over_tls_either_version_of_http_is_agreed_on(nginx: Nginx, http2: bool):
    """By the exchange alone: an endpoint's row names no authority of its own."""
    reader = Reader(step="stream", dialect=DIALECTS["openai_chat"], wall_start=datetime.now(UTC))
    address = f"127.0.0.1:{nginx.tls}"

    exchange(
        DIALECTS["openai_chat"].request_for("stream", model="ok", prompt="Count.", max_tokens=400),
        to=Destination(
            base_url=f"https://{address}/v1", allowed_addresses=frozenset({address}), ca_file=nginx.ca_file
        ),
        secret_headers=DIALECTS["openai_chat"].auth_headers(KEY),
        deadlines=Deadlines(),
        emit=reader.take,
        enough=reader.has_end_marker,
        http2=http2,
    )

    version = "HTTP/2" if http2 else "HTTP/1.1"
    expected = {**FLOWING, "http_version": version, "tls_version": "TLSv1.3", "burst_count": at_least(20)}
    assert complaints({"stream": expected}, {"stream": reader.facts()}) == []
