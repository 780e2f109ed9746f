"""The fact vocabulary, line by line: every name is read out of an attempt on the wire."""

import gzip
import json

import pytest

from probes.wire.dialects.base import WireRequest
from probes.wire.dialects.table import DIALECTS
from probes.wire.facts import Facts, Failure
from probes.wire.look_ups import LookUp
from probes.wire.moments import Chunk, Closed, Failed, Headers
from probes.wire.reader import Reader, read_facts
from tests.probes.wire.attempts import STREAM_TYPE, WALL_START, read, read_json, transcript
from tests.probes.wire.streams import DONE, HELLO, OPEN, STOP, WORLD, chat_chunk, event

MADE_AT = "20261121200000"  # 12:00 UTC in Shanghai
HOPS = (
    ("Date", "Sat, 21 Nov 2026 12:00:03 GMT"),
    ("Server", "cloudflare"),
    ("CF-Ray", "8f1a-HKG"),
    ("CF-Cache-Status", "DYNAMIC"),
    ("Via", "1.1 edge"),
    ("X-Oneapi-Request-Id", MADE_AT + "123456789"),
    ("X-Request-Id", "req_42"),
    ("Cache-Control", "no-cache"),
    ("Transfer-Encoding", "chunked"),
    ("Set-Cookie", "session=hidden"),
)
USAGE = event(
    {
        "choices": [],
        "usage": {
            "prompt_tokens": 9,
            "completion_tokens": 7,
            "completion_tokens_details": {"reasoning_tokens": 3},
        },
    }
)
THOUGHT = chat_chunk(reasoning_content="hm")
CALL = chat_chunk(tool_calls=[{"index": 0, "id": "call_1", "function": {"name": "f"}}])
STREAM = read(
    b": keep-alive\n\n",
    OPEN + THOUGHT,
    HELLO,
    CALL,
    WORLD + STOP + USAGE,
    DONE,
    headers=HOPS,
    every_ms=200,
)
REFUSED = read_json(
    {
        "error": {
            "type": "new_api_error",
            "code": "rate_limited",
            "param": "model",
            "message": f"slow down (request id: {MADE_AT}987654321)",
            "rate_limit_type": "tokens",
        }
    },
    status=429,
    headers=(*HOPS, ("Retry-After", "30"), ("cf-mitigated", "challenge")),
)


@pytest.mark.parametrize(
    "name",
    [
        *("status", "http_version", "content_type", "body_kind", "body_bytes", "sent"),
        *("resolve_ms", "connect_ms", "tls_ms", "headers_ms", "first_byte_ms", "first_event_ms"),
        *("first_content_ms", "first_reasoning_ms", "last_byte_ms", "total_ms"),
        *("addresses", "address", "tls_version"),
        *("max_gap_ms", "max_gap_at_ms", "max_gap_after", "gap_histogram", "max_read_gap_ms"),
        *("reads", "events", "events_per_read", "bytes_per_read", "bursts", "burst_count", "comments"),
        *("empty_choices_events", "finish_reason", "usage_seen", "done_seen", "end_mode", "last_seen"),
        *("content_chars", "reasoning_chars", "tool_calls", "model_reported", "answers"),
        *("prompt_tokens", "completion_tokens", "reasoning_tokens", "after_done_ms"),
        *("headers", "header_names", "headers_missing", "request_ids", "id_chain", "clock_skew_s"),
    ],
)
def test_a_stream_tells(name):
    assert name in STREAM.as_dict()


@pytest.mark.parametrize(
    "name",
    [
        *("error_type", "error_code", "error_message", "error_param", "rate_limit_type"),
        *("retry_after_s", "retry_source", "retry_at", "body_excerpt", "body_sha256", "content_type"),
    ],
)
def test_a_refusal_tells(name):
    assert name in REFUSED.as_dict()


def test_densities_are_per_read():
    facts = read(OPEN + HELLO, WORLD + STOP, DONE)

    assert facts.events_per_read == round(5 / 3, 2)
    assert facts.bytes_per_read == round(facts.body_bytes / 3, 1)


def test_the_longest_gap_has_its_place():
    facts = read(OPEN, HELLO, WORLD, DONE, every_ms=200)

    assert (facts.max_gap_ms, facts.max_gap_after) == (200, 1)
    assert sum(facts.gap_histogram) == facts.reads - 1


def test_every_hop_is_chained_with_its_time_in_the_zone_that_the_date_gives_away():
    assert STREAM.id_chain == (
        ("cf-ray", "8f1a-HKG", ""),
        ("x-oneapi-request-id", MADE_AT + "123456789", "2026-11-21T20:00:00+08:00"),
        ("x-request-id", "req_42", ""),
    )
    assert REFUSED.id_chain[-1] == ("body", MADE_AT + "987654321", "2026-11-21T20:00:00+08:00")


def test_without_a_date_the_clock_of_the_desk_tells_the_zone():
    facts = read(HELLO, DONE, headers=(("X-Oneapi-Request-Id", MADE_AT + "123456789"),))

    assert facts.id_chain == (("x-oneapi-request-id", MADE_AT + "123456789", "2026-11-21T20:00:00+08:00"),)


def test_headers_that_tell_how_it_travelled_are_kept_or_said_to_be_missing():
    assert STREAM.headers["cf-cache-status"] == "DYNAMIC"
    assert STREAM.headers["transfer-encoding"] == "chunked"
    assert STREAM.headers_missing == ("content-length", "content-encoding", "x-accel-buffering")
    assert "set-cookie" in STREAM.header_names
    assert "hidden" not in json.dumps(STREAM.as_dict())


def test_a_hint_to_wait_is_one_moment_with_its_source():
    assert (REFUSED.retry_after_s, REFUSED.retry_source) == (30, "retry-after")
    assert REFUSED.retry_at == "2026-11-21T12:00:30+00:00"


def test_the_clocks_are_compared():
    assert STREAM.clock_skew_s == 2.9


@pytest.mark.parametrize(
    ("end", "mode"),
    [
        (Closed(500), "clean_eof"),
        (Failed(500, Failure.INCOMPLETE_BODY), "incomplete_chunked"),
        (Failed(500, Failure.RESET), "reset"),
        (Failed(500, Failure.IDLE_TIMEOUT), "idle_timeout"),
        (Failed(500, Failure.TOTAL_TIMEOUT), "total_timeout"),
        (Failed(500, Failure.TOO_LARGE), "capped"),
    ],
)
def test_every_way_to_end_has_its_name(end, mode):
    assert read(OPEN, HELLO, end=end).end_mode == mode


def test_the_peers_own_word_for_a_failure_is_kept():
    facts = read(OPEN, end=Failed(500, Failure.RESET, "INTERNAL_ERROR"))

    assert (facts.failure, facts.failure_detail) == (Failure.RESET, "INTERNAL_ERROR")


def test_an_error_inside_the_stream_is_told_by_its_parts():
    facts = read(OPEN, event({"error": {"type": "overloaded_error", "code": "busy", "message": "later"}}))

    assert facts.in_stream_error
    assert (facts.error_type, facts.error_code, facts.error_message) == ("overloaded_error", "busy", "later")


def test_a_long_failed_body_is_kept_by_head_tail_and_hash():
    body = b'{"error": {"message": "' + b"word " * 4000 + b'the end"}}'
    facts = read(body, status=500, content_type="application/json")

    assert facts.body_excerpt.startswith('{"error"')
    assert facts.body_excerpt.endswith('end"}}')
    assert len(facts.body_excerpt) < 2100
    assert (len(facts.body_sha256), facts.content_type) == (64, "application/json")


def test_a_compressed_stream_names_its_coding_and_counts_what_came_over_the_wire():
    plain = OPEN + HELLO + DONE
    packed = gzip.compress(plain)
    facts = read(packed, headers=(("Content-Encoding", "gzip"),))

    assert (facts.content_encoding, facts.events) == ("gzip", 3)
    assert (facts.body_bytes, facts.decoded_bytes) == (len(packed), len(plain))


def test_a_second_route_is_named_with_its_place():
    reader = Reader(
        step="route",
        dialect=DIALECTS["openai_chat"],
        wall_start=WALL_START,
        route="inner",
        route_place="behind_edge",
    )

    assert (reader.facts().route, reader.facts().route_place) == ("inner", "behind_edge")


def looked_up(step, document, *, model="", status=200, headers=(), request_headers=()):
    request = WireRequest("GET", "/x", request_headers, b"")
    fields = (("Content-Type", "application/json"), *headers)
    body = json.dumps(document).encode() if document is not None else b""
    moments = [
        *transcript()[:5],
        Headers(100, status, "HTTP/1.1", fields),
        *([Chunk(110, body)] if body else []),
        Closed(120),
    ]
    return _read_look_up(moments, LookUp(step, request, model))


def _read_look_up(moments, look_up) -> Facts:
    reader = Reader(
        step=look_up.step, dialect=DIALECTS["openai_chat"], wall_start=WALL_START, look_up=look_up
    )
    for moment in moments:
        reader.take(moment)
    return reader.facts()


MODELS = {"object": "list", "data": [{"id": "gpt-4o"}, {"id": "openai/gpt-4.1"}, {"id": "glm-4.6"}]}


@pytest.mark.parametrize(
    ("model", "listed", "nearest"),
    [("gpt-4o", True, ()), ("GPT-4o1", False, ("gpt-4o", "openai/gpt-4.1")), ("", None, ())],
)
def test_a_list_of_models_tells_whether_the_model_is_there(model, listed, nearest):
    facts = looked_up("models", MODELS, model=model)

    assert (facts.models_listed, facts.model_listed, facts.models_nearest) == (3, listed, nearest)
    assert facts.shape_known
    assert not facts.body_excerpt


def test_a_balance_tells_what_is_left():
    facts = looked_up("balance", {"data": {"total_credits": 20, "total_usage": 7.5}})

    assert (facts.balance, facts.balance_currency) == ("12.5", "USD")
    assert (facts.credit_limit, facts.credit_used) == ("20", "7.5")


def test_a_refused_look_up_is_an_error_like_any_other():
    facts = looked_up("balance", {"error": {"code": "invalid_api_key", "message": "no"}}, status=401)

    assert (facts.error_code, facts.balance) == ("invalid_api_key", "")


@pytest.mark.parametrize(
    ("accept", "accepted"), [("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", True), ("something else", False)]
)
def test_a_websocket_is_accepted_by_the_right_answer_alone(accept, accepted):
    facts = looked_up(
        "websocket",
        None,
        status=101,
        headers=(("Sec-WebSocket-Accept", accept),),
        request_headers=(("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),),  # RFC 6455 section 1.3
    )

    assert facts.websocket_accepted is accepted


def test_what_was_never_answered_tells_nothing_more():
    moments = [Failed(10, Failure.DNS)]
    facts = read_facts(moments, step="stream", dialect=DIALECTS["openai_chat"], wall_start=WALL_START)

    assert set(facts.as_dict()) == {"step", "failure", "total_ms", "end_mode"}
    assert STREAM_TYPE not in str(facts)
