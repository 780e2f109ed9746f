import codecs
from itertools import combinations, pairwise

import pytest
from httpx_sse._decoders import SSEDecoder, SSELineDecoder
from hypothesis import given
from hypothesis import strategies as st

from probes.lab.behaviours import BEHAVIOURS
from probes.lab.protocols import PROTOCOLS
from probes.wire.sse import Decoder, Event, Tail
from tests.probes.wire.by_the_letter import by_the_letter
from tests.probes.wire.recorded import recorded
from tests.probes.wire.streams import ANTHROPIC, HEALTHY_BUT_UNUSUAL, RESPONSES

STREAMS = HEALTHY_BUT_UNUSUAL | {
    "anthropic": ANTHROPIC,
    "responses": RESPONSES,
    "invalid utf-8": b"data: a\xff\xe4\xbd\n\ndata: \xe4\xbd\xa0\n\n",
    "bare error between": b'data: 1\n\n{"error":\n "x"}\n\ndata: 2\n\n',
    "cut": b"event: e\ndata: one\ndata: tw",
    "cut in a character": b"data: \xe4\xbd",
    "half a byte order mark": b"\xef\xbb",
    "not quite a byte order mark": b"\xef\xbb\xbedata: x\n\n",
    "nothing": b"",
}
LONG = 100_000  # bytes
# Every rule of the standard and every pair of rules that could trip over each other, in few bytes.
SHORT_STREAMS = (
    b"\xef\xbb\xbfdata: a\n\ndata: b\r\n\r\ndata: c\r\rdata: d\r\n\n",
    b"\xef\xbb\xbf\r\n\xef\xbb\xbfdata: a\n\ndata:\xef\xbb\xbf\r\n\r\n",
    b"data: a\n\n\n\r\n\rdata: b\r\r\n\n\rdata: c\n\r\n\r\r",
    b"event: e\r\ndata: a\r\ndata\r\ndata:b\r\n\r\nevent\r\ndata: c\r\n\r\n",
    b"id: 7\ndata\n\nid: a\0b\ndata: x\r\rid\r\rdata: y\n\n",
    b"retry: 25\ndata: a\n\nretry: 2.5\ndata: b\n\nretry:\n\nretry: 9\n\n",
    b": ping\n\n:\r\rdata: a\n: in between\ndata: b\r\n\r\n: last",
    "data: 你\u2028好\u0085\r\rdata: 😀\n\n".encode(),
    b"data: \xff\xe4\xbd\n\ndata: \xf0\x9f\x98\r\n\r\ndata: \xe4\xbd\xa0\xc0\x80\n\n",
    b'data: 1\n\n{"error":\n "x"}\r\n\r\nData: no\n data: no\ndata : no\n\ndata: 2\n\n',
    b"data: a\n\nevent: error\ndata: half\r\ndata: cut \xe4\xbd",
    b"data: [DONE]\n\ndata: late\n\nnoise\n",
)


def decode(*chunks, **options):
    decoder = Decoder(**options)
    events, asides = [], []
    for chunk in chunks:
        before = len(events)
        events += decoder.feed(chunk)
        asides += [aside._replace(before=before + aside.before) for aside in decoder.take_asides()]
    tail = decoder.close()
    asides += [aside._replace(before=len(events)) for aside in decoder.take_asides()]
    return events, tail, asides, decoder.comments, decoder.oversized, decoder.invalid_lines


def message(data, *, event="message", last_id="", retry=None):
    return Event(event, data, last_id, retry)


@pytest.mark.parametrize(
    ("raw", "events"),
    [
        (b"data: x\n\n", [message("x")]),
        (b"data:x\n\n", [message("x")]),
        (b"data:  x \n\n", [message(" x ")]),
        (b"data: a\ndata: b\n\n", [message("a\nb")]),
        (b"data\n\ndata\ndata\n\ndata:", [message(""), message("\n")]),
        (b"event: e\ndata: x\n\ndata: y\n\n", [message("x", event="e"), message("y")]),
        (b"event: e\n\ndata: y\n\n", [message("y")]),
        (b"event:\ndata: y\n\n", [message("y")]),
        (b"id: 7\ndata: x\n\ndata: y\n\n", [message("x", last_id="7"), message("y", last_id="7")]),
        (b"id: 7\n\ndata: x\n\n", [message("x", last_id="7")]),
        (b"id: 7\ndata: x\n\nid\ndata: y\n\n", [message("x", last_id="7"), message("y")]),
        (b"id: 7\nid: a\0b\ndata: x\n\n", [message("x", last_id="7")]),
        (b"retry: 250\ndata: x\n\ndata: y\n\n", [message("x", retry=250), message("y")]),
        (b"retry: 2.5\ndata: x\n\n", [message("x")]),
        (b"retry: -1\ndata: x\n\n", [message("x")]),
        ("retry: ２\ndata: x\n\n".encode(), [message("x")]),
        (b"retry: " + b"9" * 5000 + b"\ndata: x\n\n", [message("x")]),
        (b": comment\ndata: x\n\n", [message("x")]),
        (b"other: 1\ndata: x\n\n", [message("x")]),
        (b" data: no\ndata: x\n\n", [message("x")]),
        (b"Data: no\ndata: x\n\n", [message("x")]),
        (b"data: a\r\rdata: b\r\n\r\n", [message("a"), message("b")]),
        (b"data: a\r\n\ndata: b\n\r\n", [message("a"), message("b")]),
        (b"\xef\xbb\xbfdata: x\n\n", [message("x")]),
        (b"data: \xef\xbb\xbfx\n\n", [message("\ufeffx")]),
        (b"data: a\xffb\n\n", [message("a\ufffdb")]),
        ("data: a\u2028b\u0085c\n\n".encode(), [message("a\u2028b\u0085c")]),
        (b"data: never finished", []),
        (b"data: never dispatched\n", []),
    ],
)
def test_events_follow_the_standard(raw, events):
    assert decode(raw)[0] == events


@pytest.mark.parametrize("name", STREAMS)
def test_events_do_not_depend_on_where_the_network_cuts(name):
    assert_no_cut_matters(STREAMS[name])


@pytest.mark.parametrize("model", BEHAVIOURS)
def test_no_cut_changes_what_any_behaviour_of_the_lab_says(model):
    for protocol in PROTOCOLS:
        assert_no_cut_matters(recorded(model, protocol))


@pytest.mark.parametrize("raw", SHORT_STREAMS)
@pytest.mark.parametrize("max_event", [1 << 20, 12])
def test_no_two_cuts_change_what_a_short_stream_says(raw, max_event):
    whole = decode(raw, max_event=max_event)

    for one, two in combinations(range(len(raw) + 1), 2):
        assert decode(raw[:one], raw[one:two], raw[two:], max_event=max_event) == whole


@pytest.mark.parametrize("raw", SHORT_STREAMS)
def test_a_short_stream_says_what_the_standard_says(raw):
    assert decode(raw)[0] == by_the_letter(raw)


def assert_no_cut_matters(raw):
    whole = decode(raw)

    if len(raw) < LONG:
        assert decode(*(raw[at : at + 1] for at in range(len(raw)))) == whole
    for cut in cuts_of(raw):
        assert decode(raw[:cut], raw[cut:]) == whole


def cuts_of(raw):
    """Every place; in a stream of megabytes those near its ends and where an event grows too large."""
    if len(raw) < LONG:
        return range(len(raw) + 1)
    edges = (0, 1 << 20, len(raw))
    return [at for edge in edges for at in range(edge - 60, edge + 60) if 0 <= at <= len(raw)]


LINES = st.sampled_from(
    [
        b"data: x",
        b"event: e\ndata: x",
        b"data: x\n\ndata: y\n\ndata: z",
        b"data",
        b"data:",
        b"id: 1",
        b"id: \0",
        b"event: e",
        b"retry: 5",
        b": c",
        b"junk",
        b"\xff",
        b"\xe4\xbd",
        b"\xef\xbb\xbfdata: x",
        b"event",
        b"id",
        b"retry: -5",
        b"data:  two",
        b"data: a: b",
    ]
)
ENDS = st.sampled_from([b"\n", b"\r", b"\r\n", b"\n\n", b"\r\n\r\n", b""])


@given(st.lists(st.tuples(LINES, ENDS)), st.booleans(), st.lists(st.integers(0, 200)))
def test_any_stream_in_any_cut_gives_what_the_standard_says(lines, with_bom, cuts):
    raw = (b"\xef\xbb\xbf" if with_bom else b"") + b"".join(part for line in lines for part in line)
    places = sorted({0, len(raw), *(cut for cut in cuts if cut < len(raw))})
    chunks = [raw[start:end] for start, end in pairwise(places)]

    assert decode(*chunks)[0] == by_the_letter(raw)


def by_httpx_sse(raw):
    """As httpx-sse reads a response, in the shape of our events."""
    text, lines, decoder = codecs.getincrementaldecoder("utf-8")("replace"), SSELineDecoder(), SSEDecoder()
    events = filter(None, map(decoder.decode, [*lines.decode(text.decode(raw)), *lines.flush()]))
    return [Event(event.event, event.data, event.id, event.retry) for event in events]


BLOCKS = st.lists(
    st.tuples(
        st.sampled_from([b"", b"event: e", b"event:f", b"event"]),
        st.sampled_from([b"", b": ping", b"retry: 5", b"junk: 1", b"no field"]),
        st.lists(st.sampled_from([b"data: x", b"data:y", b"data", "data: 你\u2028".encode()]), min_size=1),
    ),
    max_size=6,
)


@given(BLOCKS, st.sampled_from([b"\n", b"\r", b"\r\n"]))
def test_httpx_sse_agrees_on_events_that_have_data_and_no_id(blocks, end):
    lines = [line for name, other, data in blocks for line in (*filter(None, (name, other)), *data, b"")]
    raw = b"".join(line + end for line in lines)

    assert decode(raw)[0] == by_httpx_sse(raw)


@pytest.mark.parametrize(
    ("raw", "ours", "theirs"),
    [
        (b"\xef\xbb\xbfdata: x\n\n", [("message", "x")], []),
        (b"event: e\n\n", [], [("e", "")]),
        (b"id: 7\n\n: ping\n\n", [], [("message", ""), ("message", "")]),
        (b"retry: -1\ndata: x\n\n", [None], [-1]),
        ("retry: ２\ndata: x\n\n".encode(), [None], [2]),
    ],
    ids=[
        "a byte order mark is not text",
        "no data, no event",
        "nor for each blank line after an id",
        "minus is no digit",
        "nor is a full-width 2",
    ],
)
def test_where_httpx_sse_leaves_the_standard(raw, ours, theirs):
    def shown(events):
        return [event.retry if b"retry" in raw else (event.event, event.data) for event in events]

    assert shown(decode(raw)[0]) == shown(by_the_letter(raw)) == ours
    assert shown(by_httpx_sse(raw)) == theirs


@given(st.binary(max_size=300), st.integers(0, 300), st.integers(1, 40))
def test_any_bytes_are_borne_and_a_cut_changes_nothing(raw, cut, max_event):
    assert decode(raw[:cut], raw[cut:], max_event=max_event) == decode(raw, max_event=max_event)


def test_an_unfinished_event_is_reported_and_not_dispatched():
    events, tail, *_ = decode(b"data: whole\n\nevent: error\ndata: one\ndata: tw")

    assert events == [message("whole")]
    assert tail == Tail("error", "one\ntw", "data: tw")


@pytest.mark.parametrize("raw", [b"", b"data: x\n\n", b"data: x\n\n: bye\n", b"\r\n"])
def test_a_finished_stream_leaves_no_tail(raw):
    assert not decode(raw)[1]


def test_a_marker_without_its_blank_line_is_a_tail():
    assert decode(b"data: [DONE]\n")[1].data == "[DONE]"


def test_comments_and_text_that_is_no_field_are_kept_aside_in_order():
    decoder = Decoder()

    decoder.feed(b': one\n\ndata: x\n\n{"error": "boom"}\n:two\n')

    assert [(aside.is_comment, aside.text) for aside in decoder.take_asides()] == [
        (True, "one"),
        (False, '{"error": "boom"}'),
        (True, "two"),
    ]
    assert decoder.comments == 2
    assert decoder.take_asides() == []


def test_an_aside_knows_between_which_events_it_stood():
    raw = b": a\n\ndata: 1\n\n: b\ndata: 2\n: c\n\n: d\r\n\r\ndata: 3\n\noops\ndata: 4\n\n: e\n"

    asides = decode(raw)[2]

    assert [(aside.text, aside.before) for aside in asides] == [
        ("a", 0),
        ("b", 1),
        ("c", 1),
        ("d", 2),
        ("oops", 3),
        ("e", 4),
    ]


def test_asides_that_nobody_takes_stay_bounded_while_comments_are_all_counted():
    decoder = Decoder()

    decoder.feed(b": ping\n" * 10_000)

    assert decoder.comments == 10_000
    assert len(decoder.take_asides()) < 1000


@pytest.mark.parametrize(
    "monster",
    [b"data: " + b"x" * 200 + b"\n\n", b"data: xxxxxxxxx\n" * 20 + b"\n", b"x" * 200 + b"\ndata: y\n\n"],
    ids=["one line", "many lines", "no field"],
)
def test_a_monster_is_dropped_and_hides_nothing_after_it(monster):
    raw = b"data: before\n\n" + monster + b"data: after\n\n"

    events, _, _, _, oversized, _ = decode(raw, max_event=100)

    assert events == [message("before"), message("after")]
    assert oversized == 1


def test_a_monster_that_never_ends_takes_no_memory():
    decoder = Decoder(max_event=1000)

    for _ in range(100):
        decoder.feed(b"x" * 500)

    assert decoder.oversized == 1
    assert len(decoder._pending) <= 1500
    assert not decoder.close().line


def test_the_reconnection_time_outlives_an_event_without_data():
    decoder = Decoder()

    decoder.feed(b"retry: 700\n\n")

    assert decoder.retry == 700
