"""Models that think need room for it, and some refuse max_tokens."""

import pytest

from probes.wire.reasoning_models import ROOM_TO_THINK, output_limit, refuses_max_tokens, thinks


@pytest.mark.parametrize(
    "model",
    [
        *(
            "o1",
            "o1-mini",
            "o3-2025-04-16",
            "openai/o4-mini",
            "gpt-5",
            "gpt-5-mini",
            "openrouter/openai/gpt-5.1",
        ),
        *(
            "deepseek-reasoner",
            "deepseek-ai/DeepSeek-R1",
            "deepseek-r1:14b",
            "QwQ-32B",
            "qwen3-235b-a22b-thinking-2507",
        ),
        *(
            "claude-sonnet-4-thinking",
            "kimi-k2-thinking",
            "magistral-small-2506",
            "glm-z1-air",
            "grok-4",
            "gpt-oss-120b",
        ),
        *("gemini-2.5-pro", "step-r1-v-mini", "hunyuan-t1", "ernie-x1", "minimax-m1", "sonar-reasoning-pro"),
    ],
)
def test_a_model_that_thinks_gets_room_for_it(model):
    assert thinks(model)
    assert output_limit(model, 400) == 400 + ROOM_TO_THINK


@pytest.mark.parametrize(
    "model",
    [
        *(
            "gpt-4o",
            "gpt-4o-mini",
            "gpt-4.1",
            "gpt-5-chat-latest",
            "claude-3-5-haiku",
            "deepseek-chat",
            "glm-4-flash",
        ),
        *(
            "qwen-max",
            "qwen3-coder-plus",
            "qwen3-30b-a3b-instruct-2507",
            "moonshot-v1-8k",
            "llama-3.1-70b",
            "yi-large",
        ),
        *(
            "mistral-large",
            "grok-3",
            "grok-4-fast-non-reasoning",
            "gemini-2.0-flash",
            "doubao-1.5-pro",
            "ok",
            "turbo1",
        ),
    ],
)
def test_others_are_asked_for_what_they_are_to_write(model):
    assert output_limit(model, 400) == 400


@pytest.mark.parametrize(
    ("model", "refuses"),
    [("o3-mini", True), ("gpt-5-chat-latest", True), ("deepseek-r1", False), ("gpt-4o", False)],
)
def test_openais_own_refuse_max_tokens(model, refuses):
    assert refuses_max_tokens(model) is refuses
