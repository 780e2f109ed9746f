"""A healthy model answers as the vendors do, in every protocol."""

import json

import pytest

from tests.probes.lab.asking import CHAT, MESSAGES, PATHS, RESPONSES, ask, chat_text, events


def test_a_chat_completion_is_whole(lab):
    answer = ask(lab, "ok", max_tokens=40).json()

    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["choices"][0]["message"]["content"].startswith("A steady stream")
    assert answer["usage"]["completion_tokens"] == 40


def test_a_chat_stream_says_the_same_in_small_pieces_and_ends_with_its_marker(lab):
    whole = ask(lab, "ok", max_tokens=40).json()["choices"][0]["message"]["content"]
    streamed = ask(lab, "ok", stream=True, max_tokens=40)

    assert chat_text(streamed.body) == whole
    assert events(streamed.body)[-1] == "[DONE]"
    assert len(streamed.chunks) == len(events(streamed.body))
    assert streamed.ended_properly


def test_usage_comes_in_a_chat_stream_only_when_asked_for(lab):
    silent = ask(lab, "ok", stream=True, max_tokens=5)
    asked = ask(lab, "ok", stream=True, max_tokens=5, stream_options={"include_usage": True})

    assert b'"usage"' not in silent.body
    assert events(asked.body)[-2]["usage"]["completion_tokens"] == 5


def test_an_anthropic_stream_has_its_native_events_in_order(lab):
    kinds = [event["type"] for event in events(ask(lab, "ok", path=MESSAGES, stream=True, max_tokens=3).body)]

    assert kinds == [
        "message_start",
        "ping",
        "content_block_start",
        *["content_block_delta"] * 3,
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]


def test_a_responses_stream_is_numbered_and_ends_with_the_whole_answer(lab):
    seen = events(ask(lab, "ok", path=RESPONSES, stream=True, max_output_tokens=4).body)

    assert [event["sequence_number"] for event in seen] == list(range(len(seen)))
    assert seen[-1]["type"] == "response.completed"
    assert seen[-1]["response"]["usage"]["output_tokens"] == 4


@pytest.mark.parametrize("path", PATHS)
def test_a_stream_is_labelled_and_carries_the_request_ids_of_gateway_and_vendor(lab, path):
    headers = ask(lab, "ok", path=path, stream=True, max_tokens=2).headers

    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["x-oneapi-request-id"]
    assert "request-id" in headers if path == MESSAGES else "x-request-id" in headers


def test_an_expensive_answer_is_long_enough_to_judge_buffering_and_still_quick(lab):
    reply = ask(lab, "ok", stream=True, max_tokens=400, stream_options={"include_usage": True})

    assert len(reply.body) > 16384
    assert events(reply.body)[-2]["usage"]["completion_tokens"] == 380
    assert 0.3 < reply.seconds < 2


@pytest.mark.parametrize("path", PATHS)
def test_reasoning_comes_before_the_text(lab, path):
    body = ask(lab, "reasoning", path=path, stream=True, max_tokens=5).body

    assert body.index(b"First ") < body.index(b"A ")


@pytest.mark.parametrize(
    ("model", "finish", "stop_reason"),
    [
        ("finish_length", "length", "max_tokens"),
        ("finish_content_filter", "content_filter", "refusal"),
        ("tool_calls", "tool_calls", "tool_use"),
        ("reasoning_only", "length", "max_tokens"),
    ],
)
def test_the_reason_to_stop_is_told_streamed_and_whole(lab, model, finish, stop_reason):
    chat = ask(lab, model, max_tokens=5).json()["choices"][0]["finish_reason"]
    chat_stream = events(ask(lab, model, stream=True, max_tokens=5).body)[-2]["choices"][0]["finish_reason"]
    message = ask(lab, model, path=MESSAGES, max_tokens=5).json()["stop_reason"]

    assert (chat, chat_stream, message) == (finish, finish, stop_reason)


def test_a_tool_call_is_the_same_in_every_protocol(lab):
    chat = ask(lab, "tool_calls").json()["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"]
    message = ask(lab, "tool_calls", path=MESSAGES).json()["content"][0]["input"]
    response = ask(lab, "tool_calls", path=RESPONSES).json()["output"][0]["arguments"]

    assert json.loads(chat) == message == json.loads(response) == {"city": "Shanghai", "unit": "celsius"}


def test_a_model_that_says_nothing_still_ends_properly(lab):
    streamed = ask(lab, "empty_content", path=CHAT, stream=True)

    assert chat_text(streamed.body) == ""
    assert events(streamed.body)[-1] == "[DONE]"
