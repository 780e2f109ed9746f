"""Shortens what an endpoint sent, never inside a token: half a key would slip through redaction."""

import re
from collections.abc import Mapping
from typing import Any

LONGEST_TEXT = 4096
"""Characters that any one text among the facts may have."""
_TOKEN_END = re.compile(r"[\s\"'<>,;(){}\[\]，。；：]")
_LEFT_OUT = " […]"


def cut_after_token(text: str) -> str:
    """The text without the token at its end, which may be incomplete."""
    ends = [match.end() for match in _TOKEN_END.finditer(text)]
    return text[: ends[-1]] if ends else ""


def cut_before_token(text: str) -> str:
    """The text without the token at its beginning, which may be incomplete."""
    start = _TOKEN_END.search(text)
    return text[start.start() :] if start else ""


def clipped(text: str, most: int = LONGEST_TEXT) -> str:
    """The text, or its head of at most `most` characters and a mark that something is missing."""
    return text if len(text) <= most else cut_after_token(text[:most]) + _LEFT_OUT


def bounded(value: Any) -> Any:
    """The same value with every text in it clipped: an endpoint may send megabytes where a word belongs."""
    if isinstance(value, str):
        return clipped(value)
    if isinstance(value, tuple):
        return tuple(map(bounded, value))
    if isinstance(value, Mapping):
        return {name: bounded(item) for name, item in value.items()}
    return value
