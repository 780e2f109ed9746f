"""Variants of a request beside the plain one."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probes.wire.facts import BodyKind, EndMode, Facts, Failure
from tests.probes.wire.test_facts import ANY_FACTS
from tests.triage.verdicts.steps import (
    CONTROL,
    CUT,
    LUMP,
    REFUSED,
    STREAM,
    judged,
    look_up,
    seen,
    step,
)
from triage.verdicts.case import Confidence, Owner
from triage.verdicts.codec import verdict_as_dict
from triage.verdicts.codes import ISSUES

REFUSED_JSON = REFUSED | {"body_kind": BodyKind.JSON_ERROR, "content_type": "application/json"}


@pytest.mark.parametrize("declared", [{}, {"notes": "内容一次性出来，没有打字机效果"}])
def test_bursts_only_with_compression_name_the_compressor(declared):
    verdict = judged(CONTROL, STREAM, step("gzip", content_encoding="gzip", **LUMP), **declared)

    assert (verdict.code, verdict.owner) == ("stream.fully_buffered", Owner.EDGE)
    assert seen(verdict, "gzip")["content_encoding"] == "gzip"
    assert seen(verdict, "stream")["reads"] == 90


def test_a_compressor_that_holds_the_headers_too_is_named():
    compressed = step("gzip", content_encoding="gzip", **LUMP | {"headers_ms": 5990})

    verdict = judged(CONTROL, STREAM, compressed)

    assert (verdict.code, verdict.owner) == ("stream.fully_buffered", Owner.EDGE)


def test_a_gzip_step_that_was_answered_in_plain_has_tested_nothing():
    assert judged(CONTROL, STREAM, step("gzip", **LUMP)).code == "ok.not_reproduced"


def test_http2_that_breaks_where_http1_does_not_is_the_edges():
    reset = step("http2", **CUT | {"http_version": "HTTP/2", "failure_detail": "http2: INTERNAL_ERROR"})

    verdict = judged(CONTROL, STREAM, reset)

    assert (verdict.code, verdict.owner) == ("stream.cut", Owner.EDGE)
    assert seen(verdict, "http2")["http_version"] == "HTTP/2"
    assert seen(verdict, "stream")["http_version"] == "HTTP/1.1"


def test_http1_that_breaks_where_http2_does_not_is_the_edges_too():
    verdict = judged(CONTROL, step("stream", **CUT), step("http2", http_version="HTTP/2"))

    assert (verdict.code, verdict.owner) == ("stream.cut", Owner.EDGE)


def test_an_endpoint_without_http2_is_no_fault():
    refused = Facts(
        step="http2", failure=Failure.BAD_PROTOCOL, sent=True, failure_detail="server does not offer h2"
    )

    verdict = judged(CONTROL, STREAM, refused)

    assert verdict.code == "ok.not_reproduced"
    assert not seen(verdict, "http2")


def test_a_stream_that_breaks_only_when_it_is_long_breaks():
    verdict = judged(CONTROL, STREAM, step("long", **CUT | {"last_byte_ms": 59_900, "total_ms": 60_000}))

    assert verdict.code == "stream.cut"
    assert seen(verdict, "long")["total_ms"] == 60_000


def test_a_long_answer_that_comes_with_its_headers_at_the_end_was_held():
    held = step("long", **LUMP | {"headers_ms": 5990})

    assert judged(CONTROL, STREAM, held).code == "stream.fully_buffered"


def test_the_longer_answer_is_the_better_witness_of_buffers():
    short_lump = step("stream", **LUMP | {"body_bytes": 3000})

    assert judged(CONTROL, short_lump).code == "inconclusive"
    assert judged(CONTROL, short_lump, step("long", **LUMP)).code == "stream.fully_buffered"
    assert judged(CONTROL, step("stream", **LUMP), step("long")).code != "stream.fully_buffered"


def test_an_announced_tool_call_that_never_comes_was_lost_on_the_way():
    lost = step("tool", finish_reason="tool_calls", tool_calls=0, content_chars=0)

    verdict = judged(CONTROL, STREAM, lost)

    assert (verdict.code, verdict.owner) == ("stream.malformed", Owner.GATEWAY)


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({}, "client.protocol_mismatch"),
        ({"notes": "函数调用没反应"}, "client.protocol_mismatch"),
        ({"notes": "偶尔失败"}, "intermittent"),
    ],
)
def test_text_instead_of_a_tool_call_matters_to_a_ticket_about_tools(declared, code):
    assert judged(CONTROL, STREAM, step("tool", tool_calls=0), **declared).code == code


def test_a_tool_call_that_comes_is_well():
    called = step("tool", tool_calls=1, content_chars=0, finish_reason="tool_calls")

    assert judged(CONTROL, STREAM, called).code == "ok.not_reproduced"


def test_tools_that_are_refused_are_told_beside_the_text_that_works():
    refused = step("tool", **REFUSED_JSON, status=400, error_message="tools is not supported by this model")

    verdict = judged(CONTROL, STREAM, refused)

    assert verdict.code.startswith("client.")
    assert (seen(verdict, "tool")["status"], seen(verdict, "stream")["status"]) == (400, 200)


def test_another_model_that_works_leaves_this_one():
    broken = step("control", **REFUSED_JSON, status=500)
    other = step("model", model_reported="m-2")

    alone, beside = judged(broken), judged(broken, other)

    assert (alone.code, alone.confidence) == ("upstream.error", Confidence.POSSIBLE)
    assert (beside.code, beside.confidence) == ("upstream.error", Confidence.LIKELY)
    assert seen(beside, "model") == {"status": 200, "model_reported": "m-2"}
    assert "gateway.internal" not in beside.alternatives


def test_another_model_that_fails_alike_leaves_the_gateway():
    broken = REFUSED_JSON | {"status": 500}

    verdict = judged(step("control", **broken), step("model", **broken))

    assert (verdict.code, verdict.owner) == ("upstream.error", Owner.GATEWAY)
    assert verdict.alternatives[0] == "gateway.internal"


def test_a_key_that_serves_another_model_is_no_unknown_key():
    refused = step("control", **REFUSED_JSON, status=401, error_code="invalid_api_key")

    assert judged(refused).code == "auth.key_unknown"
    assert judged(refused, step("model")).code == "auth.upstream_credential"


@pytest.mark.parametrize("declared", [{}, {"notes": "wss:// 连不上，WebSocket 握手失败"}])
def test_an_upgrade_that_is_refused_where_http_works(declared):
    refused = Facts(step="websocket", sent=True, status=400, websocket_accepted=False)

    verdict = judged(CONTROL, STREAM, refused, **declared)

    assert (verdict.code, verdict.owner) == ("client.protocol_mismatch", Owner.EDGE)
    assert seen(verdict, "websocket") == {"websocket_accepted": False, "status": 400}


def test_an_upgrade_that_nobody_asked_for_explains_no_other_complaint():
    refused = Facts(step="websocket", sent=True, status=400, websocket_accepted=False)

    verdict = judged(CONTROL, STREAM, refused, error_text="429 rate limit", status_code=429)

    assert verdict.code.startswith("limit.")


@pytest.mark.parametrize("kind", ["long", "gzip", "http2", "route", "tool", "model"])
def test_a_variant_that_nothing_stands_beside_is_judged_by_itself(kind):
    assert judged(step(kind, **CUT)).code == "stream.cut"
    assert judged(step(kind, tool_calls=int(kind == "tool"))).code == "ok.not_reproduced"


def test_hidden_thoughts_that_used_up_the_budget_are_no_empty_answer():
    thought = step("stream", content_chars=0, finish_reason="length", reasoning_tokens=600)

    verdict = judged(CONTROL, thought)

    assert verdict.code == "body.reasoning_only"
    assert seen(verdict, "stream")["reasoning_tokens"] == 600


def test_a_stream_mended_on_the_way_lacks_most_of_the_text():
    verdict = judged(CONTROL, step("stream", content_chars=300))

    assert (verdict.code, verdict.confidence) == ("stream.truncated", Confidence.POSSIBLE)
    assert verdict.owner is Owner.GATEWAY
    assert (seen(verdict, "control")["content_chars"], seen(verdict, "stream")["content_chars"]) == (
        2700,
        300,
    )


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (look_up("models", models_listed=3, model_listed=True), "inconclusive"),
        (Facts(step="models", sent=True, status=401, error_code="invalid_api_key"), "auth.key_unknown"),
        (Facts(step="models", sent=True, status=404, end_mode=EndMode.CLEAN_EOF), "inconclusive"),
        (Facts(step="balance", failure=Failure.CONNECT_REFUSED), "reach.connect"),
    ],
)
def test_a_free_look_up_alone_proves_no_health(facts, code):
    assert judged(facts).code == code


@settings(max_examples=50, deadline=None)
@given(st.lists(ANY_FACTS, max_size=4))
def test_any_attempts_of_any_steps_have_a_verdict(attempts):
    verdict = judged(*attempts)

    assert verdict.code in ISSUES
    assert set(verdict.alternatives) <= set(ISSUES)
    assert json.loads(json.dumps(verdict_as_dict(verdict)))


PIECE = {"reads": 1, "burst_count": 1, "content_encoding": "gzip", "body_bytes": 880, "decoded_bytes": 24_000}


QUICK = {"first_event_ms": 50, "last_byte_ms": 730}


@pytest.mark.parametrize("first_event_ms", [735, 400])
def test_what_took_less_than_a_second_is_told_by_comparison(first_event_ms):
    timed = {"first_event_ms": first_event_ms, "last_byte_ms": first_event_ms}

    verdict = judged(CONTROL, step("stream", **QUICK), step("gzip", **PIECE | timed))

    assert (verdict.code, verdict.owner) == ("stream.fully_buffered", Owner.EDGE)
    assert seen(verdict, "gzip")["content_encoding"] == "gzip"


@pytest.mark.parametrize(
    "plain", [{"last_byte_ms": 300}, {"reads": 2, "burst_count": 1}, {"body_bytes": 3000}]
)
def test_where_the_plain_answer_did_not_flow_compression_proves_nothing(plain):
    timed = {"first_event_ms": 735, "last_byte_ms": 735}

    assert judged(CONTROL, step("stream", **QUICK | plain), step("gzip", **PIECE | timed)).code == (
        "ok.not_reproduced"
    )


SPEAKS_NO_HTTP1 = Facts(step="control", sent=True, failure=Failure.BAD_PROTOCOL, total_ms=3)


@pytest.mark.parametrize(
    ("failure", "confidence"),
    [(Failure.BAD_PROTOCOL, Confidence.CERTAIN), (Failure.NO_RESPONSE, Confidence.LIKELY)],
)
@pytest.mark.parametrize("kinds", [("control",), ("control", "stream")])
def test_a_port_for_http2_alone_is_said_to_be_one(failure, confidence, kinds):
    refused = [replace(SPEAKS_NO_HTTP1, step=kind, failure=failure) for kind in kinds]

    verdict = judged(*refused, step("http2", http_version="HTTP/2"))

    assert (verdict.code, verdict.owner, verdict.confidence) == (
        "client.protocol_mismatch",
        Owner.EDGE,
        confidence,
    )
    assert seen(verdict, "http2")["http_version"] == "HTTP/2"
    assert seen(verdict, "control")["failure"] == failure


def test_what_is_no_http_in_any_version_stays_unreachable():
    verdict = judged(SPEAKS_NO_HTTP1, replace(SPEAKS_NO_HTTP1, step="http2"))

    assert verdict.code == "edge.gateway_down"


@pytest.mark.parametrize(
    ("failure", "detail"),
    [
        (Failure.BAD_PROTOCOL, "server does not offer h2"),
        (Failure.BAD_PROTOCOL, "http2: FRAME_SIZE_ERROR"),
        (Failure.NO_RESPONSE, "http2: closed before END_STREAM"),
        (Failure.RESET, ""),
    ],
)
def test_a_server_that_takes_the_preface_of_http2_for_noise_is_healthy(failure, detail):
    noise = Facts(step="http2", sent=True, failure=failure, failure_detail=detail)

    beside = judged(CONTROL, STREAM, noise)

    assert beside == judged(CONTROL, STREAM)
    assert judged(noise).code == "inconclusive"


def test_an_answer_that_was_agreed_to_and_never_came_is_the_edges():
    agreed = {"failure": Failure.NO_RESPONSE, "failure_detail": "http2: closed before END_STREAM"}

    verdict = judged(CONTROL, STREAM, Facts(step="http2", sent=True, tls_version="TLSv1.3", **agreed))

    assert (verdict.code, verdict.owner) == ("reach.connect", Owner.EDGE)


@pytest.mark.parametrize("kind", ["stream", "long", "tool"])
def test_a_503_page_beside_fine_answers_may_be_a_limit_of_the_edge(kind):
    page = step(kind, **REFUSED, status=503)
    others = (CONTROL,) if kind == "stream" else (CONTROL, STREAM)

    verdict = judged(*others, page)

    assert (verdict.code, verdict.confidence) == ("edge.gateway_down", Confidence.LIKELY)
    assert verdict.alternatives[0] == "limit.ip"
    assert seen(verdict, "control") == {"status": 200}


def test_a_limit_that_refuses_every_repeat_stays_possible():
    pages = [step(kind, **REFUSED, status=503) for kind in ("stream", "repeat", "repeat")]

    verdict = judged(CONTROL, *pages)

    assert (verdict.confidence, "limit.ip" in verdict.alternatives) == (Confidence.LIKELY, True)
    assert "limit.ip" in judged(CONTROL, STREAM, pages[1]).alternatives


def test_a_gateway_that_answers_nothing_else_is_down_for_certain():
    verdict = judged(step("control", **REFUSED, status=503))

    assert verdict.confidence is Confidence.CERTAIN
    assert "limit.ip" not in verdict.alternatives
