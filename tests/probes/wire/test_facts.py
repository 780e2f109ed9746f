import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.wire.dialects.base import STREAMED
from probes.wire.dialects.look_up import LOOK_UPS
from probes.wire.facts import BodyKind, EndMode, Facts, Failure

TEXTS = st.text(max_size=20)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)
COUNTS = st.integers(-(2**53), 2**53)
VALUES = {
    str: TEXTS,
    bool: st.booleans(),
    int: COUNTS,
    float | None: st.none() | NUMBERS,
    int | None: st.none() | COUNTS,
    bool | None: st.none() | st.booleans(),
    Failure | None: st.none() | st.sampled_from(Failure),
    EndMode | None: st.none() | st.sampled_from(EndMode),
    BodyKind | None: st.none() | st.sampled_from(BodyKind),
    dict[str, str]: st.dictionaries(st.sampled_from(["server", "cf-ray", "retry-after"]), TEXTS),
    tuple[str, ...]: st.lists(TEXTS).map(tuple),
    tuple[int, ...]: st.lists(COUNTS).map(tuple),
    tuple[tuple[float, int], ...]: st.lists(st.tuples(NUMBERS, COUNTS)).map(tuple),
    tuple[tuple[str, str, str], ...]: st.lists(st.tuples(TEXTS, TEXTS, TEXTS)).map(tuple),
}
ANY_FACTS = st.builds(
    Facts,
    **{f.name: VALUES[f.type] for f in fields(Facts) if f.name != "step"},
    step=st.sampled_from(sorted({"control", "status", *STREAMED, *LOOK_UPS})),
)


@given(ANY_FACTS)
def test_facts_survive_the_way_through_json(facts):
    assert Facts.from_dict(json.loads(json.dumps(facts.as_dict()))) == facts


def test_what_was_not_seen_is_not_written():
    assert Facts(step="control").as_dict() == {"step": "control"}
    assert Facts(step="control", retry_after_s=0.0, prompt_tokens=0).as_dict() == {
        "step": "control",
        "retry_after_s": 0.0,
        "prompt_tokens": 0,
    }


@pytest.mark.parametrize(
    ("written", "facts"),
    [
        (
            {"err.type": "t", "err.code": "c", "err.message": "m"},
            {"error_type": "t", "error_code": "c", "error_message": "m"},
        ),
        ({"err": {"type": "t", "code": 429}}, {"error_type": "t", "error_code": "429"}),
        ({"error": "boom"}, {"error_message": "boom"}),
        ({"instream_error": True}, {"in_stream_error": True}),
        ({"instream_error": "boom"}, {"in_stream_error": True, "error_message": "boom"}),
        ({"instream_error": {"code": "c"}}, {"in_stream_error": True, "error_code": "c"}),
        ({"instream_error": "no"}, {"in_stream_error": False, "error_message": ""}),
        ({"instream_error": None}, {"in_stream_error": False}),
        (
            {"t_headers": 1, "t_first_byte": 2, "t_first_event": 3},
            {"headers_ms": 1, "first_byte_ms": 2, "first_event_ms": 3},
        ),
        (
            {"t_first_content": 4, "t_last": 5, "max_gap": 6},
            {"first_content_ms": 4, "last_byte_ms": 5, "max_gap_ms": 6},
        ),
        ({"dns": 1, "connect": "2", "tls": 3}, {"resolve_ms": 1, "connect_ms": 2, "tls_ms": 3}),
        ({"choices_empty_events": 2}, {"empty_choices_events": 2}),
        ({"req_id": "r"}, {"request_ids": ("r",)}),
        ({"request_ids": ["r", 5, None]}, {"request_ids": ("r", "5")}),
        (
            {"server": "nginx", "cf-ray": "8f", "headers": {"Via": "a"}},
            {"headers": {"server": "nginx", "cf-ray": "8f", "via": "a"}},
        ),
        ({"body_kind": "json-ok"}, {"body_kind": BodyKind.JSON_OK}),
        ({"body_kind": "HTML"}, {"body_kind": BodyKind.HTML}),
        ({"body_kind": "sse"}, {"body_kind": BodyKind.EVENTS}),
        ({"end_mode": "client_abort"}, {"end_mode": EndMode.CLIENT_ABORT}),
        ({"end_mode": "clean-eof"}, {"end_mode": EndMode.CLEAN_EOF}),
        ({"end_mode": "incomplete"}, {"end_mode": EndMode.INCOMPLETE}),
        ({"failure": "connect-timeout"}, {"failure": Failure.CONNECT_TIMEOUT}),
        ({"status": "429", "done_seen": "true"}, {"status": 429, "done_seen": True}),
        ({"error_code": "ours", "err.code": "theirs"}, {"error_code": "ours"}),
    ],
)
def test_other_spellings_are_understood(written, facts):
    read = Facts.from_dict(written)

    assert {name: getattr(read, name) for name in facts} == facts


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ({"step": "A"}, "control"),
        ({"step": "B"}, "stream"),
        ({"step": "status"}, "status"),
        ({"stream": True}, "stream"),
        ({"stream": False}, "control"),
        ({"events": 3}, "stream"),
        ({"content_type": "text/event-stream"}, "stream"),
        ({"status": 401}, "control"),
        ({}, "control"),
    ],
)
def test_an_attempt_without_a_name_is_told_by_what_it_shows(written, step):
    assert Facts.from_dict(written).step == step


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(
    [*(f.name for f in fields(Facts)), "err", "error", "instream_error", "retry_headers", "stream"]
)


@given(st.dictionaries(NAMES | TEXTS, ODD, max_size=6))
def test_values_of_a_wrong_type_are_passed_over(written):
    assert isinstance(Facts.from_dict(written), Facts)


def test_a_number_beyond_64_bits_is_text_like_any_other():
    assert Facts.from_dict({"error_code": -(2**63) - 1}).error_code == str(-(2**63) - 1)
