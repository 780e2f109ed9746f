"""A model that makes media is told by its name, and one that only looks at them is not."""

import pytest

from probes.wire.media_models import makes_media


@pytest.mark.parametrize(
    "model",
    [
        *("sora-2", "sora_video2", "openai/sora-v3-pro", "veo3.1-fast", "kling-v2", "doubao-seedance-1-0"),
        *("gpt-image-1", "gpt-4o-image", "DALL-E-3", "gemini-2.5-flash-image", "nano-banana-pro"),
        *("mj_imagine", "flux-kontext-pro", "imagen-4", "wan2.2-t2v-plus", "suno-v4", "可灵 2.0"),
    ],
)
def test_makers(model):
    assert makes_media(model)


@pytest.mark.parametrize(
    "model",
    [
        *("gpt-4o-mini", "claude-sonnet-4-5", "glm-4.5", "deepseek-v3.2", "qwen2.5-vl-72b", "kimi-k2", "ok"),
        *("llama-3.2-vision", "qwen-video-understanding", "gemini-2.5-pro", "stall_mid:120", "grok-4", ""),
    ],
)
def test_all_others(model):
    assert not makes_media(model)
