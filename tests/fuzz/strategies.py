"""Anything an endpoint may send: JSON in the words of the dialects, streams of it, moments in any order."""

import json

from hypothesis import strategies as st

from probes.wire.facts import Failure
from probes.wire.moments import Chunk, Closed, Connected, Failed, Headers, Resolved, Sending, Sent, TlsDone

# The dialects' own vocabulary, one string so that it stays readable.
_WORDS = """
    choices delta message content text refusal role reasoning reasoning_content thinking tool_calls
    function_call function name arguments id index finish_reason stop_reason usage prompt_tokens
    completion_tokens completion_tokens_details reasoning_tokens input_tokens output_tokens model object type
    error errors code status msg detail title success base_resp status_code ResponseMetadata Error retry_after
    retryDelay reset_at resetAt details param request_id response output content_block partial_json data task
    task_id task_status state progress fail_reason created_at submit_time expires_at url videos result
    metadata has_more models balance total_usage hard_limit_usd balance_infos currency total_balance
    is_available quota
"""
WORDS = _WORDS.split()
_TEXTS = """
    stop ping error message_stop response.completed 2026-11-21T12:00:00Z 1e999 in_progress SUCCESS -1 60s 1.5
    9999-12-31T23:59:59+14:00 message_start content_block_delta response.output_text.delta text_delta text 0
"""
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from([*_TEXTS.split(), "9" * 30, "\0"]),
)
NAMES = st.one_of(st.sampled_from(WORDS), st.text(max_size=5))
DOCUMENTS = st.recursive(
    VALUES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=5)),
    max_leaves=25,
)
BODIES = st.one_of(DOCUMENTS.map(lambda document: json.dumps(document).encode()), st.binary(max_size=200))
EVENT_NAMES = st.sampled_from(["message", "error", "ping", "message_start", "response.completed", "x"])
_FRAMES = st.one_of(
    st.tuples(EVENT_NAMES, BODIES).map(lambda pair: b"event: %b\ndata: %b\n\n" % (pair[0].encode(), pair[1])),
    BODIES.map(lambda body: b"data: " + body + b"\n\n"),
    BODIES.map(lambda body: body + b"\n"),
    st.sampled_from(
        [b"data: [DONE]\n\n", b": ping\n\n", b"\n", b"\r\n\r\n", b"data:\n\n", b"\xef\xbb\xbf", b"["]
    ),
)
STREAMS = st.lists(_FRAMES, max_size=8).map(b"".join)
CUTS = st.lists(st.integers(1, 400), max_size=6)

_HEADER_WORDS = """
    content-type Content-Encoding date retry-after x-ratelimit-reset-requests location x-request-id
    X-Oneapi-Request-Id retry-after-ms server set-cookie reset_at age
"""
_PLAIN_VALUES = "text/event-stream gzip deflate br 1e400 -5 nan inf 1_0 0x1 http://["
_HEADER_NAMES = st.sampled_from(_HEADER_WORDS.split())
_HEADER_VALUES = st.one_of(
    st.sampled_from(
        [
            *_PLAIN_VALUES.split(),
            "application/json; charset=gbk",
            "text/html; charset=rot13",
            "Sat, 21 Nov 2026 12:00:00 GMT",
            "Fri, 31 Dec 9999 23:59:59 -2359",
            "https://user:key@host/path?key=1",
            "202611211200000000001234567",
            "9" * 400,
        ]
    ),
    st.text(st.characters(max_codepoint=255), max_size=30),
)
HEADERS = st.builds(
    Headers,
    st.just(50.0),
    st.sampled_from([100, 101, 200, 204, 301, 400, 401, 429, 500, 529, 999]),
    st.sampled_from(["HTTP/1.1", "HTTP/2"]),
    st.lists(st.tuples(_HEADER_NAMES, _HEADER_VALUES), max_size=5).map(tuple),
)
_TIMES = st.floats(0, 1e7)
MOMENTS = st.lists(
    st.one_of(
        st.builds(Resolved, _TIMES, st.lists(st.text(max_size=5), max_size=2).map(tuple)),
        st.builds(Connected, _TIMES, st.text(max_size=5)),
        st.builds(TlsDone, _TIMES, st.text(max_size=5)),
        st.builds(Sending, _TIMES),
        st.builds(Sent, _TIMES),
        HEADERS,
        st.builds(Chunk, _TIMES, st.one_of(STREAMS, BODIES)),
        st.builds(Closed, _TIMES, st.booleans()),
        st.builds(Failed, _TIMES, st.sampled_from(list(Failure)), st.text(max_size=5)),
    ),
    max_size=10,
)
