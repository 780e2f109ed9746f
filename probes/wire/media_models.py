"""Which models make images, video or music: a request to one is a paid task, whatever path it takes."""

import re

_MAKERS = re.compile(
    r"(?<![a-z])(?:sora|veo|kling|runway|gen-?[34]|hailuo|wanx|wan-?2|seedance|vidu|pika|luma|suno|cogvideo"
    r"|gpt-image|dall-?e|midjourney|mj[ _-]|flux|stable-diffusion|sdxl|sd-?3|seedream|ideogram|imagen|recraft"
    r"|kolors|cogview)|video|image|banana|[ti]2v|可灵|视频|图片|生图"
)
_READERS = re.compile(r"vision|understanding|[-_]vl\b|to-?text|caption|ocr")


def makes_media(model: str) -> bool:
    """By its name alone, on the careful side: a probe that is not sent costs nobody anything."""
    name = model.lower()
    return bool(_MAKERS.search(name)) and not _READERS.search(name)
