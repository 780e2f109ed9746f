"""Whatever an endpoint sends, in whatever order it happens, becomes facts that can be stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.wire.dialects.base import BALANCE, MODELS, WEBSOCKET, Observed, WireRequest
from probes.wire.dialects.table import DIALECTS
from probes.wire.look_ups import LookUp
from probes.wire.moments import Chunk, Closed, Headers
from tests.fuzz.bearing import assert_borne, assert_cuts_change_no_fact, assert_decoded_by_the_letter
from tests.fuzz.strategies import BODIES, CUTS, DOCUMENTS, EVENT_NAMES, HEADERS, MOMENTS, STREAMS

DIALECT = st.sampled_from(list(DIALECTS.values()))


@given(MOMENTS, DIALECT)
def test_any_moments_in_any_order_become_facts(moments, dialect):
    assert_borne(moments, dialect)


@given(HEADERS, STREAMS, CUTS, DIALECT)
def test_no_cut_of_any_stream_changes_a_fact(head, raw, cuts, dialect):
    assert_cuts_change_no_fact(head, raw, cuts, dialect)


@given(STREAMS, CUTS)
def test_any_stream_is_decoded_by_the_letter(raw, cuts):
    assert_decoded_by_the_letter(raw, cuts)


@given(HEADERS, BODIES, st.sampled_from([MODELS, BALANCE, WEBSOCKET]), DIALECT)
def test_any_answer_to_a_look_up_becomes_facts(head, body, step, dialect):
    look_up = LookUp(step=step, request=WireRequest("GET", "/x", (), b""), model="gpt-4o")

    assert_borne([head, Chunk(60, body), Closed(70)], dialect, step=step, look_up=look_up)


@pytest.mark.parametrize("name", DIALECTS)
@given(DOCUMENTS, EVENT_NAMES)
def test_a_dialect_reads_any_document(name, document, event):
    for seen in (DIALECTS[name].read_event(event, document), DIALECTS[name].read_body(document)):
        assert isinstance(seen, Observed)
        assert isinstance(seen.text + seen.reasoning + seen.finish_reason + seen.model, str)
        assert seen.tool_calls >= 0


@pytest.mark.parametrize(
    "opening", [b"[", b'{"error":', b'{"data":', b'{"choices":[{"delta":', b'{"message":']
)
@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("name", DIALECTS)
def test_a_document_nested_deeper_than_the_stack_is_borne(name, status, opening):
    closing = b"".join({b"[": b"]", b"{": b"}"}.get(bytes([byte]), b"") for byte in reversed(opening))
    depth = 1000 // (opening.count(b"[") + opening.count(b"{"))
    body = opening * depth + b'"x"' + closing * depth

    for sent in (body, b"data: " + body + b"\n\n", b'{"error":{"message":' + body + b"}}"):
        assert_borne([Headers(50, status, "HTTP/1.1", ()), Chunk(60, sent), Closed(70)], DIALECTS[name])
