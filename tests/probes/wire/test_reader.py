import gzip
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.wire.facts import BodyKind, EndMode, Facts, Failure
from probes.wire.moments import Chunk, Closed, Connected, Failed, Headers, Resolved, Sending
from tests.probes.wire.attempts import STREAM_TYPE, read, read_json, reader, transcript
from tests.probes.wire.streams import (
    ANTHROPIC,
    CHAT,
    DONE,
    HEALTHY_BUT_UNUSUAL,
    HELLO,
    OPEN,
    RESPONSES,
    STOP,
    WORLD,
    chat_chunk,
    event,
    typed,
)

TEXT = "Hello, world 你好\u2028!"
ERROR = {"error": {"message": "boom", "type": "server_error", "code": "bad", "param": "p"}}


@pytest.mark.parametrize("name", HEALTHY_BUT_UNUSUAL)
def test_a_healthy_but_unusual_stream_is_no_fault(name):
    facts = read(HEALTHY_BUT_UNUSUAL[name])

    assert facts.body_kind is BodyKind.EVENTS
    assert (facts.done_seen, facts.end_mode, facts.finish_reason) == (True, EndMode.DONE, "stop")
    assert (facts.content_chars, facts.answers, facts.doubled) == (len(TEXT), 1, "")
    assert (facts.malformed_events, facts.invalid_utf8, facts.in_stream_error) == (0, 0, False)
    assert facts.body_excerpt == ""


@pytest.mark.parametrize("name", HEALTHY_BUT_UNUSUAL)
def test_content_does_not_depend_on_where_the_network_cuts(name):
    raw = HEALTHY_BUT_UNUSUAL[name]
    whole = read(raw)

    bytewise = read(*(raw[at : at + 1] for at in range(len(raw))))

    for fact in (
        "events",
        "content_chars",
        "comments",
        "empty_events",
        "done_seen",
        "events_after_done",
        "answers",
    ):
        assert getattr(bytewise, fact) == getattr(whole, fact)


@pytest.mark.parametrize(
    ("dialect", "stream", "finish"),
    [("anthropic", ANTHROPIC, "tool_use"), ("openai_responses", RESPONSES, "completed")],
)
def test_the_other_protocols_say_the_same_things(dialect, stream, finish):
    facts = read(stream, dialect=dialect)

    assert (facts.content_chars, facts.reasoning_chars, facts.tool_calls) == (12, 3, 1)
    assert (facts.done_seen, facts.finish_reason, facts.answers) == (True, finish, 1)
    assert (facts.usage_seen, facts.prompt_tokens, facts.completion_tokens) == (True, 9, 7)
    assert facts.malformed_events == 0


def test_phases_are_times_from_the_start_of_the_attempt():
    facts = read(b": hi\n\n", OPEN, HELLO + WORLD, DONE)

    assert (facts.resolve_ms, facts.connect_ms, facts.tls_ms, facts.headers_ms) == (1, 2, 3, 100)
    assert (facts.first_byte_ms, facts.first_event_ms, facts.first_content_ms) == (150, 200, 250)
    assert (facts.last_byte_ms, facts.total_ms, facts.sent, facts.http_version) == (
        300,
        310,
        True,
        "HTTP/1.1",
    )


def test_reads_closer_than_5_ms_are_one_burst():
    chunks = [Chunk(100, b"a" * 10), Chunk(104, b"b" * 5), Chunk(108, b"c"), Chunk(200, b"d")]
    taker = reader()
    for moment in (Headers(90, 200, "HTTP/1.1", ()), *chunks):
        taker.take(moment)

    assert taker.facts().bursts == ((100, 16), (200, 1))
    assert taker.facts().reads == 4


def test_very_many_bursts_are_counted_but_not_all_kept():
    facts = read(*[b": x\n"] * 1000)

    assert facts.burst_count == 1000
    assert len(facts.bursts) <= 201
    assert facts.bursts[0] == (150, 4)


def test_the_longest_gap_is_between_reads_that_bring_events():
    moments = [
        Chunk(100, OPEN),
        Chunk(150, HELLO),
        Chunk(900, b": ping\n\n"),
        Chunk(1650, WORLD),
        Chunk(1700, DONE),
    ]
    taker = reader()
    for moment in (Headers(90, 200, "HTTP/1.1", ()), *moments, Closed(9000)):
        taker.take(moment)
    facts = taker.facts()

    assert (facts.max_gap_ms, facts.max_gap_at_ms, facts.max_gap_after) == (1500, 150, 2)
    assert facts.gap_histogram == (0, 2, 0, 1, 0)


def test_the_silence_in_which_a_stream_dies_is_a_gap():
    facts = read(OPEN, HELLO, end=Failed(30_200, Failure.IDLE_TIMEOUT))

    assert facts.max_gap_ms == 30_000
    assert (facts.end_mode, facts.failure, facts.done_seen) == (
        EndMode.IDLE_TIMEOUT,
        Failure.IDLE_TIMEOUT,
        False,
    )
    assert facts.last_seen == "text"


@pytest.mark.parametrize(
    ("end", "mode"),
    [
        (None, EndMode.CLEAN_EOF),
        (Failed(500, Failure.RESET), EndMode.RESET),
        (Failed(500, Failure.INCOMPLETE_BODY), EndMode.INCOMPLETE),
        (Failed(500, Failure.TOTAL_TIMEOUT), EndMode.TOTAL_TIMEOUT),
        (Failed(500, Failure.TOO_LARGE), EndMode.CAPPED),
    ],
)
def test_a_cut_stream_tells_how_it_was_cut(end, mode):
    facts = read(OPEN, HELLO, WORLD[:20], end=end)

    assert facts.end_mode is mode
    assert facts.finish_reason == ""
    assert facts.unfinished == WORLD[:20].decode()
    assert facts.malformed_events == 0


def test_a_server_that_does_not_hang_up_after_the_marker_lingers():
    assert read(CHAT, end=Closed(5000, lingered=True)).lingered
    late = read(CHAT, end=Failed(30_150, Failure.IDLE_TIMEOUT))

    assert late.lingered
    assert (late.after_done_ms, late.end_mode) == (30_000, EndMode.DONE)
    assert not read(CHAT).lingered


def test_nothing_more_is_expected_after_the_marker():
    taker = reader()
    taker.take(Headers(1, 200, "HTTP/1.1", ()))
    taker.take(Chunk(2, OPEN + HELLO))
    assert not taker.has_end_marker()

    taker.take(Chunk(3, DONE))

    assert taker.has_end_marker()


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b'{"choices":[]}', BodyKind.JSON_OK),
        (b'\xef\xbb\xbf \n\n{"choices":[]}', BodyKind.JSON_OK),
        (json.dumps(ERROR, indent=2).encode(), BodyKind.JSON_ERROR),
        (b"<!DOCTYPE html><html></html>", BodyKind.HTML),
        (b"\n<html>\ndata: x\n\n</html>", BodyKind.HTML),
        (b"<center><h1>502 Bad Gateway</h1></center>", BodyKind.HTML),
        (b"<Error><Code>NoSuchKey</Code></Error>", BodyKind.OTHER),
        (b"   \n", BodyKind.EMPTY),
        (b"", BodyKind.EMPTY),
        (CHAT, BodyKind.EVENTS),
        (b": ping\n\n", BodyKind.EVENTS),
        (b"data: {", BodyKind.EVENTS),
        (b'{"error": "x"}\n' + CHAT, BodyKind.EVENTS),
        (b'{"a":1}\n{"a":2}\n', BodyKind.NDJSON),
        (b'{"a":1}\n{"a":2}\n{"a', BodyKind.NDJSON),
        (b'{"cut', BodyKind.OTHER),
        (b"upstream connect error", BodyKind.OTHER),
        (b"\x00\x01\x02", BodyKind.OTHER),
    ],
)
@pytest.mark.parametrize("content_type", [STREAM_TYPE, "application/json", "text/html", ""])
def test_a_body_is_what_it_is_whatever_its_label_says(raw, kind, content_type):
    chunks = [raw] if raw else []

    assert read(*chunks, content_type=content_type).body_kind is kind


def test_only_a_stream_has_stream_facts():
    facts = read(b"<html>\ndata: x\n\n</html>")

    assert (facts.events, facts.first_event_ms, facts.malformed_events) == (0, None, 0)


def test_json_lines_are_read_like_events():
    lines = b"".join(
        chunk.removeprefix(b"data: ").replace(b"\n\n", b"\n") for chunk in (OPEN, HELLO, WORLD, STOP)
    )

    facts = read(lines)

    assert (facts.body_kind, facts.events, facts.finish_reason) == (BodyKind.NDJSON, 4, "stop")
    assert (facts.content_chars, facts.unframed_lines) == (len(TEXT), 0)
    assert facts.body_excerpt


@pytest.mark.parametrize(
    "broken",
    [
        event(ERROR),
        event(ERROR, name="error"),
        event(ERROR["error"], name="error"),
        json.dumps(ERROR).encode() + b"\n\n",
        json.dumps(ERROR, indent=2).encode() + b"\n\n",
        event(ERROR)[:-1],
        event(ERROR)[:-2],
        json.dumps(ERROR).encode(),
    ],
    ids=[
        "data",
        "named",
        "bare parts",
        "unframed",
        "unframed, pretty",
        "no blank line",
        "no line end",
        "unframed, cut",
    ],
)
def test_an_error_inside_a_200_is_seen_in_any_frame(broken):
    facts = read(OPEN, HELLO, broken)

    assert facts.in_stream_error
    assert (facts.error_type, facts.error_code, facts.error_message) == ("server_error", "bad", "boom")
    assert facts.body_excerpt


def test_an_error_without_any_frame_is_inside_what_calls_itself_a_stream():
    facts = read(json.dumps(ERROR).encode())

    assert (facts.body_kind, facts.in_stream_error, facts.error_code) == (BodyKind.JSON_ERROR, True, "bad")


def test_an_error_event_in_plain_words_is_an_error():
    facts = read(OPEN, b"event: error\ndata: upstream hung up\n\n")

    assert (facts.in_stream_error, facts.error_message, facts.malformed_events) == (
        True,
        "upstream hung up",
        0,
    )


def test_an_anthropic_error_event_is_an_error():
    stream = typed("error", error={"type": "overloaded_error", "message": "Overloaded"})

    facts = read(stream, dialect="anthropic")

    assert (facts.in_stream_error, facts.error_type) == (True, "overloaded_error")
    assert facts.last_seen == "error"


def test_an_error_in_a_200_without_stream_is_told_by_the_kind_of_body():
    facts = read_json(ERROR)

    assert (facts.status, facts.body_kind, facts.in_stream_error) == (200, BodyKind.JSON_ERROR, False)
    assert facts.error_param == "p"


def test_frames_in_no_shape_are_malformed_and_the_first_is_kept():
    facts = read(OPEN, b'data: {"broken\n\n', b"data: 17\n\n", b"data: {}\n\n", STOP, DONE)

    assert (facts.malformed_events, facts.malformed_at, facts.malformed_sample) == (3, 1, '{"broken')


def test_a_document_that_names_its_type_is_passed_over_as_clients_do():
    assert read(event({"type": "status", "x": 1}), CHAT).malformed_events == 0
    assert read(typed("content_block_wonder"), ANTHROPIC, dialect="anthropic").malformed_events == 0


def test_invalid_text_is_counted():
    assert read(CHAT.replace(b"Hello", b"H\xe4\xbdo")).invalid_utf8 == 1


@pytest.mark.parametrize(
    ("stream", "answers"),
    [
        (CHAT.removesuffix(DONE) + CHAT, 2),
        (HELLO + WORLD + STOP + HELLO + WORLD + STOP + DONE, 2),
        (
            OPEN
            + HELLO
            + chat_chunk(answer="other", role="assistant", content="")
            + HELLO
            + WORLD
            + STOP
            + DONE,
            2,
        ),
        (OPEN + HELLO + WORLD + STOP + STOP + DONE, 1),
    ],
)
def test_an_answer_that_is_sent_twice_is_counted_twice(stream, answers):
    assert read(stream).answers == answers


def test_a_model_that_repeats_itself_is_no_doubled_answer():
    facts = read(*[chat_chunk(content="a refrain of its own song ")] * 2, STOP, DONE)

    assert (facts.halves_equal, facts.doubled, facts.answers) == (True, "", 1)


def test_doubled_pieces_and_doubled_texts_are_told_apart():
    words = [chat_chunk(content=word) for word in ["one", "two", "three", "four", "five", "six", "seven"]]

    assert read(*(word for word in words for _ in range(2)), DONE).doubled == "deltas"
    assert read(*words, STOP, *words, STOP, DONE).doubled == "answer"
    assert read(*words, DONE).doubled == ""
    texts = [" one two three four five six seven"[: 4 * n] for n in range(1, 9)]
    assert read(*(chat_chunk(content=text) for text in texts), DONE).doubled == "cumulative"
    assert read(*[chat_chunk(content="ha")] * 8, DONE).doubled == ""


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_coded_stream_is_read_as_it_arrives(coding):
    packer = zlib.compressobj(wbits=31 if coding == "gzip" else 15)
    chunks = [
        packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
        for piece in (OPEN, HELLO + WORLD, STOP + DONE)
    ]

    facts = read(*chunks, headers=(("Content-Encoding", coding),))

    assert (facts.content_encoding, facts.events, facts.done_seen) == (coding, 5, True)
    assert facts.first_content_ms == 200
    assert facts.body_bytes == sum(map(len, chunks))


def test_a_bomb_and_an_unknown_coding_are_named():
    bomb = read(gzip.compress(b" " * 10_000_000), headers=(("content-encoding", "gzip"),))
    unknown = read(b"\x8b\x00", headers=(("content-encoding", "br"),))

    assert (bomb.decode_problem, bomb.body_kind) == ("cap", BodyKind.OTHER)
    assert (unknown.decode_problem, unknown.body_kind) == ("unsupported", BodyKind.OTHER)


def test_a_refusal_keeps_its_head_and_tail_cut_between_tokens():
    page = "<html>" + "word " * 1000 + "k" * 40 + "</html>"

    facts = read(page.encode(), status=502, content_type="text/html")

    assert len(facts.body_excerpt) < 2200
    assert facts.body_excerpt.startswith("<html>word word")
    assert facts.body_excerpt.endswith("k" * 40 + "</html>")
    assert len(facts.body_sha256) == 64


def test_half_a_token_never_gets_into_the_excerpt():
    secret = "k" * 3000

    facts = read(f"one {secret} two".encode(), status=500, content_type="text/plain")

    assert "kk" not in facts.body_excerpt
    assert facts.body_excerpt == "one  […]  two"


def test_a_plain_text_refusal_is_its_own_message():
    facts = read(b"no healthy upstream", status=503, content_type="text/plain")

    assert facts.error_message == "no healthy upstream"


def test_a_body_in_another_charset_is_read():
    body = json.dumps({"error": {"message": "余额不足"}}, ensure_ascii=False).encode("gbk")

    facts = read(body, status=403, content_type="application/json; charset=gbk")

    assert facts.error_message == "余额不足"


def test_a_rate_limit_is_resolved_to_one_moment():
    document = {"error": {"message": "slow", "resetAt": "2026-11-21T13:00:00Z"}, "rate_limit_type": "tokens"}

    facts = read_json(document, status=429, headers=(("Retry-After", "5"),))

    assert (facts.retry_after_s, facts.retry_source) == (3599.9, "body.resetAt")
    assert facts.retry_at == "2026-11-21T13:00:00+00:00"
    assert facts.rate_limit_type == "tokens"


def test_the_windows_of_an_answer_that_was_not_refused_are_no_hint():
    headers = (("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "60s"))

    assert read(CHAT, headers=headers).retry_after_s is None


def test_the_hops_are_known_by_their_ids_and_the_clocks_compared():
    headers = (
        ("Date", "Sat, 21 Nov 2026 12:05:00 GMT"),
        ("X-Request-Id", "req_edge_1"),
        ("Set-Cookie", "session=hidden"),
        ("Location", "https://console.example/login?token=hidden"),
    )

    facts = read_json({"error": {"message": "no (request id: 20261121abc)"}}, status=302, headers=headers)

    assert facts.request_ids == ("req_edge_1", "20261121abc")
    assert facts.clock_skew_s == 299.9
    assert facts.location == "https://console.example/login"
    assert "hidden" not in json.dumps(facts.as_dict())
    assert "set-cookie" in facts.header_names


@pytest.mark.parametrize(
    ("date", "skew_s"),
    [
        ("12:00:00", 0.0),  # written as the request came in
        ("12:00:02", 0.0),
        ("12:00:03", 0.0),  # as the answer left
        ("12:00:05", 1.9),
        ("11:59:59", -1.0),
        ("11:55:00", -300.0),
    ],
)
def test_a_date_written_while_the_desk_waited_is_no_wrong_clock(date, skew_s):
    taker = reader(step="control")
    dated = (("Date", f"Sat, 21 Nov 2026 {date} GMT"),)
    for moment in (Connected(400, "192.0.2.1"), Sending(500), Headers(3100, 200, "HTTP/1.1", dated)):
        taker.take(moment)

    assert taker.facts().clock_skew_s == skew_s


def test_an_attempt_that_never_was_answered_has_no_body():
    taker = reader()
    for moment in (
        Resolved(1, ()),
        Connected(2, "x"),
        Sending(3),
        Failed(60_003, Failure.FIRST_BYTE_TIMEOUT),
    ):
        taker.take(moment)
    facts = taker.facts()

    assert (facts.failure, facts.end_mode, facts.body_kind) == (
        Failure.FIRST_BYTE_TIMEOUT,
        EndMode.NO_BODY,
        None,
    )
    assert (facts.status, facts.sent) == (None, False)


@pytest.mark.parametrize("stream", [CHAT, json.dumps(ERROR).encode(), b"<html>", b'{"a":1}\n{"b":2}\n'])
def test_facts_may_be_asked_at_any_time_and_asking_changes_nothing(stream):
    chunks = [stream[at : at + 7] for at in range(0, len(stream), 7)]
    asked, silent = reader(), reader()

    for moment in transcript(*chunks):
        silent.take(moment)
        asked.take(moment)
        assert asked.facts().step == "stream"

    assert asked.facts() == silent.facts()


def test_while_bytes_arrive_the_end_is_open():
    taker = reader()
    for moment in transcript(OPEN, HELLO)[:-1]:
        taker.take(moment)
    facts = taker.facts()

    assert (facts.content_chars, facts.end_mode, facts.last_seen) == (7, None, "text")


@given(
    st.lists(st.binary(max_size=60), max_size=8),
    st.sampled_from(["openai_chat", "anthropic", "openai_responses", "media_task"]),
)
def test_any_body_is_borne(chunks, dialect):
    facts = read(*chunks, dialect=dialect)

    assert Facts.from_dict(json.loads(json.dumps(facts.as_dict()))) == facts


def test_heartbeats_are_timed_and_stand_where_they_came():
    facts = read(b": ping\n\n", b": ping\n\n" + OPEN, HELLO + b": ping\n\n")

    assert (facts.comments, facts.first_comment_ms, facts.last_comment_ms) == (3, 150, 250)
    assert facts.last_seen == "comment"


def test_a_heartbeat_before_the_text_of_the_same_read_is_not_the_last_thing_seen():
    assert read(OPEN, b": ping\n\n" + HELLO).last_seen == "text"


def test_what_follows_the_end_marker_is_counted_and_is_no_part_of_the_answer():
    facts = read(CHAT + HELLO, b"noise\n\n" + b": ping\n", HELLO[:-1])

    assert facts.events_after_done == 2
    assert facts.bytes_after_done == len(b"noise") + 2 * len(HELLO.removeprefix(b"data: ").strip())
    assert facts.content_chars == read(CHAT).content_chars


def test_a_megabyte_where_a_word_belongs_does_not_become_a_fact():
    endless = "word " * 100_000

    facts = read_json(
        {"model": endless, "choices": [{"finish_reason": endless, "message": {"content": "hi"}}]}
    )

    assert max(len(facts.model_reported), len(facts.finish_reason)) < 5000
    assert facts.content_chars == 2
