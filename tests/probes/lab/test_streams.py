"""Every fault of a stream shows on the wire as its row says."""

import json
import zlib

import pytest

from tests.probes.lab.asking import CHAT, MESSAGES, PATHS, RESPONSES, ask, chat_text, events

_ERROR_TYPES = {CHAT: "server_error", MESSAGES: "api_error"}


def _stream(lab, model, path=CHAT, max_tokens=12):
    return ask(lab, model, path=path, stream=True, max_tokens=max_tokens)


@pytest.mark.parametrize("path", PATHS)
def test_a_clean_end_mid_stream_leaves_two_deltas_and_no_marker(lab, path):
    reply = _stream(lab, "clean_eof_mid", path)

    assert reply.ended_properly
    assert b"steady " in reply.body
    assert b"stream " not in reply.body


@pytest.mark.parametrize("path", PATHS)
def test_a_reset_mid_stream_comes_after_two_deltas(lab, path):
    reply = _stream(lab, "reset_mid", path)

    assert reply.was_reset
    assert b"steady " in reply.body


def test_a_truncated_chunk_promises_more_than_it_holds(lab):
    reply = _stream(lab, "truncated_chunked")

    assert not reply.ended_properly
    assert reply.rest.endswith(b"1000\r\ndata: {")


@pytest.mark.parametrize("path", PATHS)
def test_a_stall_keeps_the_line_open_in_silence(lab, path):
    reply = _stream(lab, "stall_mid:0.4", path)

    assert reply.seconds - reply.arrivals[-1][0] > 0.2
    assert not reply.ended_properly


def test_stalled_headers_are_followed_by_nothing(lab):
    reply = _stream(lab, "stall_headers:0.3")

    assert (reply.status, reply.rest) == (200, b"")


def test_without_done_the_finish_reason_stands_last(lab):
    assert events(_stream(lab, "no_done").body)[-1]["choices"][0]["finish_reason"] == "stop"
    assert events(_stream(lab, "no_done", MESSAGES).body)[-1]["type"] == "message_delta"


def test_without_finish_reason_the_marker_stands_alone(lab):
    assert b'"finish_reason":"stop"' not in _stream(lab, "missing_finish").body
    assert events(_stream(lab, "missing_finish", MESSAGES).body)[-1]["type"] == "message_stop"


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        ("no_space", b"data:{"),
        ("crlf", b"\r\n\r\ndata: [DONE]\r\n\r\n"),
        ("cr_only", b"\r\rdata: [DONE]\r\r"),
        ("bom", b"\xef\xbb\xbfdata: {"),
        ("empty_data_lines", b"\n\ndata:\n\n"),
        ("u2028", "\u2028after\u2028".encode()),
    ],
)
def test_unusual_bytes_are_really_sent(lab, model, wanted):
    assert wanted in _stream(lab, model).body


def test_a_marker_may_lack_its_blank_line(lab):
    assert _stream(lab, "done_no_blank_line").body.endswith(b"data: [DONE]")


def test_a_stray_chunk_follows_the_marker(lab):
    assert events(_stream(lab, "after_done").body)[-2] == "[DONE]"


def test_a_usage_chunk_has_no_choices(lab):
    assert events(_stream(lab, "usage_chunk").body)[-2]["choices"] == []


def test_every_byte_comes_in_a_chunk_of_its_own(lab):
    reply = _stream(lab, "one_byte", max_tokens=3)

    assert {len(chunk) for chunk in reply.chunks} == {1}
    assert chat_text(reply.body) == "A steady stream "


def test_characters_are_cut_between_chunks_but_arrive_whole(lab):
    reply = _stream(lab, "split_utf8")

    with pytest.raises(UnicodeDecodeError):
        [chunk.decode() for chunk in reply.chunks]
    assert chat_text(reply.body).startswith("流式回答")


def test_a_flushed_gzip_stream_can_be_read_as_it_comes(lab):
    unpacker = zlib.decompressobj(wbits=31)

    pieces = [unpacker.decompress(chunk) for chunk in _stream(lab, "gzip_stream").chunks]

    assert all(piece.endswith(b"\n\n") for piece in pieces[:-1])


@pytest.mark.parametrize("model", ["buffered:0.4", "gzip_buffered:0.4"])
def test_a_buffered_stream_is_one_late_chunk(lab, model):
    reply = _stream(lab, model)

    assert len(reply.chunks) == 1
    assert reply.arrivals[-1][0] > 0.35


def test_a_proxy_that_reads_to_the_end_knows_the_length(lab):
    reply = _stream(lab, "buffered_length:0.3")

    assert reply.headers["content-length"] == str(len(reply.body))
    assert reply.arrivals[0][0] > 0.25


@pytest.mark.parametrize(("model", "size"), [("buffered_4k:0.3", 4096), ("buffered_16k:0.3", 16384)])
def test_block_buffers_send_lumps_of_one_size(lab, model, size):
    chunks = _stream(lab, model, max_tokens=300).chunks

    assert len(chunks) > 2
    assert {len(chunk) for chunk in chunks[:-1]} == {size}


@pytest.mark.parametrize("path", PATHS)
def test_held_headers_come_late_and_the_stream_then_flows(lab, path):
    reply = _stream(lab, "headers_held:0.3", path)

    assert reply.arrivals[0][0] > 0.25
    assert len(reply.arrivals) > 3


def test_a_slow_first_token_opens_the_stream_at_once(lab):
    reply = _stream(lab, "slow_first_token:0.4")
    first_text = next(at for at, data in reply.arrivals if b'"content":"A ' in data)

    assert reply.arrivals[0][0] < 0.3
    assert first_text > 0.35


@pytest.mark.parametrize("stream", [False, True])
def test_slow_headers_keep_everything_back(lab, stream):
    assert ask(lab, "slow_headers_ttfb:0.3", stream=stream, max_tokens=3).arrivals[0][0] > 0.25


def test_heartbeats_in_a_chat_stream_are_comments(lab):
    assert set(_stream(lab, "heartbeat_only:0.4").body.split(b"\n\n")) == {b": keep-alive", b""}


def test_heartbeats_in_an_anthropic_stream_are_pings(lab):
    seen = events(_stream(lab, "heartbeat_then_ok:0.3", MESSAGES).body)

    assert [event["type"] for event in seen[:4]] == ["ping"] * 4
    assert seen[-1]["type"] == "message_stop"


@pytest.mark.parametrize("path", [CHAT, MESSAGES])
def test_an_error_inside_a_stream_follows_two_deltas_under_status_200(lab, path):
    reply = _stream(lab, "error_in_stream", path)

    assert reply.status == 200
    assert events(reply.body)[-1]["error"]["type"] == _ERROR_TYPES[path]


def test_an_overloaded_stream_begins_with_the_error(lab):
    [event] = events(_stream(lab, "error_in_stream_overloaded", MESSAGES).body)

    assert (event["type"], event["error"]["type"]) == ("error", "overloaded_error")


def test_an_unframed_error_is_a_bare_line_of_json(lab):
    last = _stream(lab, "error_unframed").body.splitlines()[-1]

    assert "error" in json.loads(last)


def test_one_event_is_broken_and_the_stream_goes_on(lab):
    body = _stream(lab, "broken_json_chunk").body

    with pytest.raises(json.JSONDecodeError):
        events(body)
    assert body.endswith(b"data: [DONE]\n\n")


def test_one_event_is_not_utf8(lab):
    with pytest.raises(UnicodeDecodeError):
        _stream(lab, "invalid_utf8").body.decode()


def test_a_double_answer_repeats_everything_but_the_marker(lab):
    body = _stream(lab, "double_answer", max_tokens=3).body

    assert chat_text(body) == "A steady stream " * 2
    assert body.count(b"[DONE]") == 1


def test_an_answer_begun_again_has_another_id(lab):
    body = _stream(lab, "retried_inside", max_tokens=3).body

    assert chat_text(body) == "A steady A steady stream "
    assert len({event["id"] for event in events(body)[:-1]}) == 2


def test_double_deltas_stutter(lab):
    assert chat_text(_stream(lab, "double_delta", max_tokens=2).body) == "A A steady steady "


def test_a_long_event_is_as_long_as_asked(lab):
    assert max(len(chunk) for chunk in _stream(lab, "long_event:1.5").chunks) > 1.5 * 1024 * 1024 - 10


@pytest.mark.parametrize(
    ("model", "content_type"),
    [
        ("sse_as_json", "application/json; charset=utf-8"),
        ("mislabelled", "text/plain; charset=utf-8"),
        ("unlabelled", None),
        ("ndjson_stream", "application/x-ndjson"),
    ],
)
def test_a_stream_may_carry_a_wrong_label(lab, model, content_type):
    assert _stream(lab, model).headers.get("content-type") == content_type


def test_json_lines_are_json_lines(lab):
    lines = _stream(lab, "ndjson_stream").body.splitlines()

    assert all(json.loads(line)["object"] == "chat.completion.chunk" for line in lines)


@pytest.mark.parametrize("path", PATHS)
def test_the_stream_flag_may_be_ignored_both_ways(lab, path):
    assert ask(lab, "flag_ignored_json", path=path, stream=True).json()["usage"]
    assert b"data: " in ask(lab, "stream_forced", path=path, stream=False).body


def test_a_lingering_stream_keeps_the_line_after_its_marker(lab):
    reply = _stream(lab, "lingers:0.4")

    assert reply.body.endswith(b"data: [DONE]\n\n")
    assert reply.seconds - reply.arrivals[-2][0] > 0.3


@pytest.mark.parametrize(
    "model", ["stall_mid", "reset_mid", "clean_eof_mid", "error_in_stream", "double_answer"]
)
def test_the_control_of_a_broken_stream_is_healthy(lab, model):
    assert ask(lab, model, max_tokens=3).json()["choices"][0]["finish_reason"] == "stop"


def test_a_tool_call_can_end_in_the_middle_of_its_arguments(lab):
    assert b"[DONE]" not in _stream(lab, "tool_call_eof").body
    assert b'"finish_reason":"length"' in _stream(lab, "tool_call_cut").body


def test_blank_lines_may_stand_before_the_json(lab):
    reply = ask(lab, "blank_lines_json")

    assert reply.body.startswith(b"\n\n\n{")
    assert reply.json()["choices"]


def test_the_marker_can_come_alone(lab):
    assert _stream(lab, "marker_only").body == b"data: [DONE]\n\n"


def test_endless_text_goes_on_as_long_as_asked(lab):
    reply = _stream(lab, "endless_body:0.4")

    assert reply.seconds > 0.35
    assert len(events(_stream(lab, "endless_body:0.2", RESPONSES).body)) > 4
