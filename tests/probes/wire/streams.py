"""Sample streams of every dialect, healthy, odd and broken, as the bytes that endpoints send."""

import json


def event(document, name=""):
    prefix = f"event: {name}\n" if name else ""
    return f"{prefix}data: {json.dumps(document, ensure_ascii=False)}\n\n".encode()


def chat_chunk(finish=None, *, answer="chatcmpl-1", usage=None, **delta):
    document = {
        "id": answer,
        "object": "chat.completion.chunk",
        "model": "m-1",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return event(document | ({"usage": usage} if usage else {}))


OPEN = chat_chunk(role="assistant", content="")
HELLO = chat_chunk(content="Hello, ")
WORLD = chat_chunk(content="world 你好\u2028!")
STOP = chat_chunk(finish="stop")
USAGE = event(
    {"id": "chatcmpl-1", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 5}, "model": "m-1"}
)
DONE = b"data: [DONE]\n\n"
CHAT = OPEN + HELLO + WORLD + STOP + DONE


def typed(kind, **fields):
    return event({"type": kind, **fields}, name=kind)


ANTHROPIC = b"".join(
    (
        typed(
            "message_start",
            message={"id": "msg_1", "model": "c-1", "usage": {"input_tokens": 9, "output_tokens": 1}},
        ),
        typed("ping"),
        typed("content_block_start", index=0, content_block={"type": "thinking", "thinking": ""}),
        typed("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": "hmm"}),
        typed("content_block_stop", index=0),
        typed("content_block_start", index=1, content_block={"type": "text", "text": ""}),
        typed("content_block_delta", index=1, delta={"type": "text_delta", "text": "Hello, "}),
        typed("content_block_delta", index=1, delta={"type": "text_delta", "text": "world"}),
        typed("content_block_stop", index=1),
        typed(
            "content_block_start", index=2, content_block={"type": "tool_use", "id": "toolu_1", "name": "f"}
        ),
        typed("content_block_delta", index=2, delta={"type": "input_json_delta", "partial_json": "{}"}),
        typed("content_block_stop", index=2),
        typed("message_delta", delta={"stop_reason": "tool_use"}, usage={"output_tokens": 7}),
        typed("message_stop"),
    )
)

RESPONSES = b"".join(
    (
        typed("response.created", response={"id": "resp_1", "model": "m-1", "status": "in_progress"}),
        typed("response.output_item.added", item={"type": "reasoning", "id": "rs_1"}),
        typed("response.reasoning_summary_text.delta", delta="hmm"),
        typed("response.output_item.added", item={"type": "message", "id": "msg_1"}),
        typed("response.output_text.delta", delta="Hello, "),
        typed("response.output_text.delta", delta="world"),
        typed("response.output_text.done", text="Hello, world"),
        typed("response.output_item.added", item={"type": "function_call", "id": "fc_1"}),
        typed("response.function_call_arguments.delta", delta="{}"),
        typed(
            "response.completed",
            response={
                "id": "resp_1",
                "status": "completed",
                "model": "m-1",
                "usage": {"input_tokens": 9, "output_tokens": 7},
                "output": [{"type": "message", "content": [{"type": "output_text", "text": "Hello, world"}]}],
            },
        ),
    )
)

# Everything that a conforming client must bear without harm.
HEALTHY_BUT_UNUSUAL = {
    "plain": CHAT,
    "crlf": CHAT.replace(b"\n", b"\r\n"),
    "cr": CHAT.replace(b"\n", b"\r"),
    "mixed line ends": (OPEN + HELLO).replace(b"\n", b"\r\n") + WORLD.replace(b"\n", b"\r") + STOP + DONE,
    "byte order mark": b"\xef\xbb\xbf" + CHAT,
    "no space": CHAT.replace(b"data: ", b"data:"),
    "usage chunk": OPEN + HELLO + WORLD + STOP + USAGE + DONE,
    "heartbeats first": b": keep-alive\n\n" * 3 + CHAT,
    "heartbeats without blank lines": b": keep-alive\n" * 3 + CHAT,
    "empty data lines": b"data:\n\n" + OPEN + b"data: \n\n" + HELLO + WORLD + STOP + DONE,
    "chunk after the marker": CHAT + HELLO,
    "blank lines first": b"\n\n\n" + CHAT,
    "ids and retry": b"retry: 3000\nid: 1\n" + CHAT,
    "data over several lines": OPEN
    + HELLO
    + WORLD.replace(b', "object"', b',\ndata: "object"')
    + STOP
    + DONE,
    "role in every chunk": b"".join(
        chat_chunk(role="assistant", content=text) for text in ("Hello, ", "world 你好\u2028!")
    )
    + STOP
    + DONE,
    "an id for every chunk": chat_chunk(answer="a", content="Hello, ")
    + chat_chunk(answer="b", content="world 你好\u2028!")
    + STOP
    + DONE,
    "role in the last chunk": OPEN + HELLO + WORLD + chat_chunk("stop", role="assistant", content="") + DONE,
    "stop in every chunk": chat_chunk("stop", role="assistant", content="Hello, ")
    + chat_chunk("stop", role="assistant", content="world 你好\u2028!")
    + DONE,
    "last blank line missing": CHAT[:-1],
    "no line end at all after the marker": CHAT[:-2],
}
