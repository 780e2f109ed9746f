"""What every chat protocol promises, a fourth one included that was added as docs/new-dialect.md says."""

import orjson
import pytest

from probes.endpoints.models import Protocol
from probes.runs.kinds import FREE, KINDS
from probes.wire.dialects.base import STREAMED, StepNotOffered
from probes.wire.dialects.table import DIALECTS
from probes.wire.reader import read_facts
from tests.probes.wire.attempts import WALL_START, transcript
from tests.probes.wire.dialects.acme import STREAM, Acme
from tests.probes.wire.streams import ANTHROPIC, RESPONSES, USAGE, chat_chunk

CALL = {"tool_calls": [{"index": 0, "id": "call_1", "function": {"name": "f", "arguments": ""}}]}
MORE = {"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]}
CHAT = b"".join(
    (
        chat_chunk(role="assistant", content=""),
        chat_chunk(reasoning_content="hmm"),
        chat_chunk(content="Hello, "),
        chat_chunk(content="world"),
        chat_chunk(**CALL),
        chat_chunk(**MORE),
        chat_chunk(finish="tool_calls"),
        USAGE.replace(
            b'"prompt_tokens": 3, "completion_tokens": 5', b'"prompt_tokens": 9, "completion_tokens": 7'
        ),
        b"data: [DONE]\n\n",
    )
)
SPOKEN = [
    (DIALECTS["openai_chat"], CHAT),
    (DIALECTS["openai_responses"], RESPONSES),
    (DIALECTS["anthropic"], ANTHROPIC),
    (Acme(), STREAM),
]
NAMES = [dialect.name for dialect, _stream in SPOKEN]
TOOL_SHAPES = {
    "openai_chat": ("type", "function"),
    "openai_responses": ("type", "name", "description", "parameters"),
    "anthropic": ("name", "description", "input_schema"),
    "acme": ("name", "description", "parameters"),
}


@pytest.fixture(params=SPOKEN, ids=NAMES)
def spoken(request):
    return request.param


@pytest.fixture
def dialect(spoken):
    return spoken[0]


def ask(dialect, step, **wanted):
    return dialect.request_for(step, **{"model": "m", "prompt": "Hi", "max_tokens": 64} | wanted)


def body_of(request):
    return orjson.loads(request.body)


def test_every_row_of_the_table_but_tasks_is_offered_to_endpoints():
    """Whoever adds a row to the one adds it to the other."""
    assert set(Protocol.values) == set(DIALECTS) - {"media_task"}
    assert set(NAMES) - {"acme"} == set(Protocol.values)


def test_every_kind_of_step_has_a_request_but_a_task_look_up(dialect):
    for kind in KINDS:
        if kind == "status":
            with pytest.raises(StepNotOffered):
                ask(dialect, kind, task_id="t")
        else:
            assert ask(dialect, kind, path="/p").method == ("GET" if kind in FREE else "POST")


def test_control_and_stream_differ_in_flag_and_accept_alone(dialect):
    control, stream = ask(dialect, "control"), ask(dialect, "stream")

    assert body_of(control) == body_of(stream) | {"stream": False}
    assert control.path == stream.path
    assert set(stream.headers) - set(control.headers) == {("accept", "text/event-stream")}


@pytest.mark.parametrize("kind", sorted(STREAMED - {"gzip", "tool"}))
def test_a_variant_sends_the_very_request_of_the_stream(dialect, kind):
    assert ask(dialect, kind) == ask(dialect, "stream")


def test_gzip_differs_in_the_coding_it_takes(dialect):
    stream, gzip = ask(dialect, "stream"), ask(dialect, "gzip")

    assert (gzip.path, gzip.body) == (stream.path, stream.body)
    assert set(gzip.headers) ^ set(stream.headers) == {
        ("accept-encoding", "identity"),
        ("accept-encoding", "gzip"),
    }


def test_one_harmless_tool_is_offered_in_the_protocols_own_shape(dialect):
    body = body_of(ask(dialect, "tool"))
    (offered,) = body.pop("tools")

    assert body == body_of(ask(dialect, "stream"))
    assert tuple(offered) == TOOL_SHAPES[dialect.name]
    assert b"write_down" in orjson.dumps(offered)


def test_the_list_of_models_is_asked_for_at_no_cost(dialect):
    request = ask(dialect, "models")

    assert (request.method, request.body) == ("GET", b"")
    assert dict(request.headers)["accept"] == "application/json"


@pytest.mark.parametrize("kind", ["balance", "websocket"])
def test_what_the_protocol_does_not_place_needs_a_path(dialect, kind):
    assert ask(dialect, kind, path="/somewhere?x=1").path == "/somewhere?x=1"
    with pytest.raises(StepNotOffered):
        ask(dialect, kind)


def test_a_websocket_is_asked_for_as_the_rfc_says(dialect):
    headers = dict(ask(dialect, "websocket", path="/realtime").headers)

    assert (headers["connection"], headers["upgrade"], headers["sec-websocket-version"]) == (
        "Upgrade",
        "websocket",
        "13",
    )
    assert (
        headers["sec-websocket-key"]
        != dict(ask(dialect, "websocket", path="/realtime").headers)["sec-websocket-key"]
    )


def test_a_step_that_nobody_knows_is_refused(dialect):
    with pytest.raises(StepNotOffered):
        ask(dialect, "submit")


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"status"}))
def test_no_request_carries_the_key_or_the_header_for_it(dialect, kind):
    request, key = ask(dialect, kind, path="/p"), "k" * 20

    assert key in "".join(dialect.auth_headers(key).values())
    assert not {name for name, _ in request.headers} & set(dialect.auth_headers(key))


@pytest.mark.parametrize(
    "document", [None, 1, "x", [], {}, [1], {"type": 1}, {"said": [{}]}, {"tools": None}]
)
def test_any_document_is_borne(dialect, document):
    dialect.read_body(document)
    dialect.read_event("message", document)


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_stream_says_the_same_in_every_protocol(spoken, size):
    dialect, stream = spoken
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]

    facts = read_facts(transcript(*pieces, every_ms=1), step="tool", dialect=dialect, wall_start=WALL_START)

    assert (facts.content_chars, facts.reasoning_chars, facts.tool_calls, facts.answers) == (12, 3, 1, 1)
    assert (facts.prompt_tokens, facts.completion_tokens, facts.done_seen) == (9, 7, True)
    assert (facts.malformed_events, facts.finish_reason != "") == (0, True)


def test_an_error_is_found_in_a_body_of_any_protocol(dialect):
    assert dialect.read_body({"error": {"message": "no", "code": "c"}}).error.message == "no"
