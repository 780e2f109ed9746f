"""A code in words, from the table that has it."""

from collections.abc import Mapping
from typing import Any


def in_words(table: Mapping[str, Any], code: str) -> str:
    """The words for a code; a code that has none stands for itself."""
    return str(table.get(code, code))
