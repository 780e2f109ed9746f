"""The fingerprint of a held-back stream, and the quick answers that only look like one."""

from dataclasses import replace

import pytest

from probes.wire.facts import BodyKind, EndMode, Facts
from tests.cases.labelled import NOW
from triage.verdicts.case import Case, Confidence, Intake, Owner, Tri
from triage.verdicts.classify import classify

CONTROL = Facts(
    step="control", status=200, body_kind=BodyKind.JSON_OK, content_chars=900, finish_reason="stop"
)
LUMP = Facts(
    step="stream",
    status=200,
    body_kind=BodyKind.EVENTS,
    content_type="text/event-stream",
    events=120,
    reads=2,
    headers_ms=20,
    first_event_ms=6000,
    first_content_ms=6000,
    last_byte_ms=6010,
    content_chars=900,
    finish_reason="stop",
    done_seen=True,
    end_mode=EndMode.DONE,
)
EARLY = {"first_event_ms": 300, "first_content_ms": 300, "last_byte_ms": 2400}
CODED = {"content_encoding": "gzip", "body_bytes": 2_000, "decoded_bytes": 40_000}


def judged(stream: Facts, **declared):
    return classify(Case(intake=Intake(**declared), attempts=(CONTROL, stream), now=NOW))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "stream.fully_buffered"),
        ({"headers_ms": 5990}, "stream.fully_buffered"),
        ({"first_event_ms": 300, "first_content_ms": 300, "last_byte_ms": 305}, "ok.not_reproduced"),
        ({"events": 3}, "stream.slow_first_token"),
        ({"last_byte_ms": 9000}, "stream.slow_first_token"),
        ({"last_byte_ms": 6700, "burst_count": 4}, "stream.fully_buffered"),
        ({"last_byte_ms": 6700, "burst_count": 12}, "stream.slow_first_token"),
        ({"last_byte_ms": 6700}, "stream.slow_first_token"),
        (
            EARLY | CODED | {"bursts": tuple((300.0 * n, 230 + 30 * (n % 3)) for n in range(1, 9))},
            "stream.block_buffered",
        ),
        ({"first_comment_ms": 500, "comments": 11}, "stream.slow_first_token"),
        ({"first_comment_ms": 5990, "comments": 11}, "stream.fully_buffered"),
        (EARLY | {"bursts": tuple((300.0 * n, 4096) for n in range(1, 9))}, "stream.block_buffered"),
        (EARLY | {"bursts": tuple((300.0 * n, 90 + n) for n in range(1, 9))}, "ok.not_reproduced"),
    ],
)
def test_lumps_blocks_and_quick_answers(changes, code):
    assert judged(replace(LUMP, **changes)).code == code


@pytest.mark.parametrize(
    ("declared", "owner"),
    [
        ({}, Owner.EDGE),
        ({"via_proxy": Tri.YES, "via_proxy_text": "nginx"}, Owner.CUSTOMER_NETWORK),
        ({"notes": "直连没问题，走 nginx 就卡"}, Owner.CUSTOMER_NETWORK),
        ({"notes": "our FastAPI app has the gzip middleware on"}, Owner.CUSTOMER),
        ({"client": "LiteLLM proxy", "via_proxy": Tri.YES}, Owner.EDGE),
    ],
)
def test_the_holder_owns_it(declared, owner):
    assert judged(LUMP, **declared).owner is owner


FLOW = replace(LUMP, **EARLY, reads=100, burst_count=100)
SHORT, MIDDLING, LONG = 2_000, 9_000, 24_000
ALL_AT_ONCE = {"symptom": "stream_all_at_once", "notes": "内容一次性全部出来"}


@pytest.mark.parametrize(
    ("size", "code", "confidence"),
    [
        (SHORT, "inconclusive", Confidence.POSSIBLE),
        (MIDDLING, "stream.fully_buffered", Confidence.LIKELY),
        (LONG, "stream.fully_buffered", Confidence.CERTAIN),
    ],
)
def test_a_lump_is_judged_as_surely_as_it_is_long(size, code, confidence):
    verdict = judged(replace(LUMP, body_bytes=size))

    assert (verdict.code, verdict.confidence) == (code, confidence)
    assert ("stream", "body_bytes", size) in [
        (item.where, item.fact, item.value) for item in verdict.evidence
    ]


def test_what_is_too_short_to_tell_names_who_can():
    verdict = judged(replace(LUMP, body_bytes=SHORT))

    assert verdict.overturned_by == "long_probe"
    assert "stream.fully_buffered" in verdict.alternatives


@pytest.mark.parametrize("stream", [LUMP, FLOW])
def test_a_short_stream_never_speaks_against_a_customer_who_sees_it_held_back(stream):
    verdict = judged(
        replace(stream, body_bytes=SHORT), symptom="stream_all_at_once", notes="内容一次性全部出来"
    )

    assert verdict.code == "stream.fully_buffered"
    assert verdict.confidence is Confidence.POSSIBLE
    assert not verdict.counter_evidence
    assert verdict.overturned_by == "long_probe"


def test_a_long_stream_that_flows_does():
    verdict = judged(replace(FLOW, body_bytes=LONG), **ALL_AT_ONCE)

    assert {item.fact for item in verdict.counter_evidence} >= {"body_bytes", "burst_count"}
