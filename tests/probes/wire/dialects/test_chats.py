import orjson
import pytest

from probes.wire.dialects.base import StepNotOffered, Usage
from probes.wire.dialects.table import DIALECTS

CHATS = ["openai_chat", "openai_responses", "anthropic"]
BODIES = {
    "openai_chat": {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 64},
    "openai_responses": {"model": "m", "input": "Hi", "max_output_tokens": 64},
    "anthropic": {"model": "m", "max_tokens": 64, "messages": [{"role": "user", "content": "Hi"}]},
}
PATHS = {"openai_chat": "/chat/completions", "openai_responses": "/responses", "anthropic": "/v1/messages"}


def ask(name, step="control", model="m", max_tokens=64):
    return DIALECTS[name].request_for(step, model=model, prompt="Hi", max_tokens=max_tokens)


@pytest.mark.parametrize("name", CHATS)
@pytest.mark.parametrize("step", ["control", "stream"])
def test_control_and_stream_differ_in_the_flag_alone(name, step):
    request = ask(name, step)

    assert (request.method, request.path) == ("POST", PATHS[name])
    assert orjson.loads(request.body) == BODIES[name] | {"stream": step == "stream"}


@pytest.mark.parametrize("name", CHATS)
def test_a_stream_is_asked_for_in_a_way_that_no_hop_should_hold_back(name):
    headers = dict(ask(name, "stream").headers)

    assert headers["accept"] == "text/event-stream"
    assert headers["accept-encoding"] == "identity"
    assert headers["cache-control"] == "no-cache"
    assert headers["content-type"] == "application/json"
    assert dict(ask(name, "control").headers)["accept"] == "application/json"


def test_anthropic_is_told_the_version():
    assert dict(ask("anthropic").headers)["anthropic-version"] == "2023-06-01"


@pytest.mark.parametrize("name", CHATS)
def test_a_request_carries_no_key(name):
    key = "k" * 20
    sent = ask(name)

    assert key in "".join(DIALECTS[name].auth_headers(key).values())
    assert not {header for header, _ in sent.headers} & set(DIALECTS[name].auth_headers(key))


@pytest.mark.parametrize("name", CHATS)
def test_a_chat_has_no_status_to_look_up(name):
    with pytest.raises(StepNotOffered):
        ask(name, "status")


@pytest.mark.parametrize("model", ["o1-mini", "o3", "gpt-5-mini", "openai/gpt-5"])
def test_reasoning_models_are_limited_by_the_name_that_they_accept(model):
    body = orjson.loads(ask("openai_chat", model=model).body)

    assert body["max_completion_tokens"] == 64
    assert "max_tokens" not in body


def test_the_responses_api_refuses_very_small_limits():
    assert orjson.loads(ask("openai_responses", max_tokens=1).body)["max_output_tokens"] == 16


def chat(part, **choice):
    return {"id": "a", "model": "m", "choices": [{"index": 0, part: choice.pop("said", {}), **choice}]}


@pytest.mark.parametrize(
    ("said", "text", "reasoning"),
    [
        ({"content": "Hi"}, "Hi", ""),
        ({"content": None, "reasoning_content": "hmm"}, "", "hmm"),
        ({"content": "", "reasoning": "hmm"}, "", "hmm"),
        ({"content": [{"type": "text", "text": "Hi"}]}, "Hi", ""),
        ({"content": [{"type": "thinking", "thinking": "hmm"}, {"type": "text", "text": "Hi"}]}, "Hi", "hmm"),
        ({"content": None, "refusal": "No."}, "No.", ""),
        ({}, "", ""),
    ],
)
@pytest.mark.parametrize("part", ["delta", "message"])
def test_chat_text_and_thought_are_told_apart(part, said, text, reasoning):
    seen = DIALECTS["openai_chat"].read_event("message", chat(part, said=said))

    assert (seen.text, seen.reasoning) == (text, reasoning)


def test_chat_calls_come_in_fragments():
    dialect = DIALECTS["openai_chat"]
    first = {"tool_calls": [{"index": 0, "id": "call_1", "function": {"name": "f", "arguments": ""}}]}
    later = {"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]}

    begun = dialect.read_event("message", chat("delta", said=first))
    continued = dialect.read_event("message", chat("delta", said=later))

    assert (begun.tool_calls, continued.tool_calls, continued.tool_fragment) == (1, 0, True)
    assert dialect.read_event("message", chat("delta", said={"function_call": {"name": "f"}})).tool_calls == 1


def test_the_usage_chunk_has_empty_choices():
    document = {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 5}}

    seen = DIALECTS["openai_chat"].read_event("message", document)

    assert (seen.empty_choices, seen.usage, seen.known) == (True, Usage(3, 5), True)


@pytest.mark.parametrize(
    ("written", "finish"), [(None, ""), ("", ""), ("null", ""), ("None", ""), ("stop", "stop")]
)
def test_null_as_a_word_ends_no_answer(written, finish):
    document = chat("delta", said={"content": "Hi"}, finish_reason=written)

    assert DIALECTS["openai_chat"].read_event("message", document).finish_reason == finish


def test_an_error_inside_a_choice_is_an_error():
    document = {"choices": [{"delta": {}, "error": {"code": 502, "message": "Provider gone"}}]}

    assert DIALECTS["openai_chat"].read_event("message", document).error.message == "Provider gone"


def test_a_responses_body_is_read_whole():
    seen = DIALECTS["openai_responses"].read_body(
        {
            "id": "resp_1",
            "object": "response",
            "status": "incomplete",
            "incomplete_details": {"reason": "max_output_tokens"},
            "error": None,
            "model": "m",
            "output": [
                {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hmm"}]},
                {"type": "message", "content": [{"type": "output_text", "text": "Hi"}]},
                {"type": "function_call", "name": "f"},
            ],
            "usage": {"input_tokens": 1, "output_tokens": 2},
        }
    )

    assert (seen.text, seen.reasoning, seen.tool_calls) == ("Hi", "hmm", 1)
    assert (seen.finish_reason, seen.usage, seen.error) == ("max_output_tokens", Usage(1, 2), None)


@pytest.mark.parametrize(
    ("kind", "response", "finish", "message"),
    [
        ("response.completed", {"status": "completed"}, "completed", None),
        ("response.incomplete", {"incomplete_details": {"reason": "content_filter"}}, "content_filter", None),
        (
            "response.failed",
            {"status": "failed", "error": {"code": "server_error", "message": "boom"}},
            "failed",
            "boom",
        ),
    ],
)
def test_the_last_responses_event_ends_the_stream(kind, response, finish, message):
    seen = DIALECTS["openai_responses"].read_event("message", {"type": kind, "response": response})

    assert (seen.done, seen.finish_reason) == (True, finish)
    assert (seen.error.message if seen.error else None) == message


def test_a_responses_error_event_has_its_parts_beside_its_type():
    document = {"type": "error", "code": "rate_limit_exceeded", "message": "slow", "param": None}

    error = DIALECTS["openai_responses"].read_event("error", document).error

    assert (error.type, error.code, error.message) == ("", "rate_limit_exceeded", "slow")


def test_an_anthropic_body_is_read_whole():
    seen = DIALECTS["anthropic"].read_body(
        {
            "id": "msg_1",
            "type": "message",
            "model": "c",
            "content": [
                {"type": "thinking", "thinking": "hmm"},
                {"type": "text", "text": "Hi"},
                {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}},
            ],
            "stop_reason": "max_tokens",
            "usage": {"input_tokens": 1, "output_tokens": 2},
        }
    )

    assert (seen.text, seen.reasoning, seen.tool_calls) == ("Hi", "hmm", 1)
    assert (seen.finish_reason, seen.usage, seen.model) == ("max_tokens", Usage(1, 2), "c")


@pytest.mark.parametrize("name", CHATS)
def test_a_body_in_no_known_shape_says_so(name):
    assert not DIALECTS[name].read_body({"hello": 1}).known
    assert not DIALECTS[name].read_event("message", {"hello": 1}).known
