"""The protocols that the lab speaks, side by side in one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from probes.lab import anthropic, openai_chat, openai_responses
from probes.lab.call import Call
from probes.lab.problem import Problem, anthropic_error, openai_error
from probes.lab.speech import Answer, Frame


@dataclass(frozen=True, slots=True)
class Protocol:
    """`heartbeat` is what the protocol's servers send while nothing is ready."""

    path: str
    document: Callable[[Call, Answer], dict[str, Any]]
    frames: Callable[[Call, Answer], list[Frame]]
    error_frame: Callable[[Call, Problem], Frame]
    error: Callable[[Call, Problem], dict[str, Any]]
    heartbeat: bytes


def _openai_error(call: Call, problem: Problem) -> dict[str, Any]:
    return openai_error(problem)


def _anthropic_error(call: Call, problem: Problem) -> dict[str, Any]:
    return anthropic_error(problem, f"req_01{call.nonce}")


PROTOCOLS: Mapping[str, Protocol] = {
    "openai_chat": Protocol(
        path="/v1/chat/completions",
        document=openai_chat.document,
        frames=openai_chat.frames,
        error_frame=openai_chat.error_frame,
        error=_openai_error,
        heartbeat=openai_chat.HEARTBEAT,
    ),
    "openai_responses": Protocol(
        path="/v1/responses",
        document=openai_responses.document,
        frames=openai_responses.frames,
        error_frame=openai_responses.error_frame,
        error=_openai_error,
        heartbeat=openai_responses.HEARTBEAT,
    ),
    "anthropic": Protocol(
        path="/v1/messages",
        document=anthropic.document,
        frames=anthropic.frames,
        error_frame=anthropic.error_frame,
        error=_anthropic_error,
        heartbeat=anthropic.HEARTBEAT,
    ),
}
