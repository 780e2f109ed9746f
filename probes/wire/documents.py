"""Picks values out of JSON that anybody may have written: a field of the wrong type says nothing."""

import json
from collections.abc import Mapping

import orjson

Document = Mapping[str, object]


def mapping_of(value: object) -> Document:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def list_of(value: object) -> list[object]:
    """The value if it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def count_of(value: object) -> int | None:
    """The value if it is a whole number that counts something."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def string_of(value: object) -> str:
    """The value if it is a string, untouched, else an empty one."""
    return value if isinstance(value, str) else ""


def text_of(value: object) -> str:
    """Any JSON value as text; null and empty containers are empty."""
    if isinstance(value, str):
        return value.strip()
    if value in (None, {}, []):
        return ""
    # Not orjson, which refuses whole numbers beyond 64 bits.
    try:
        return json.dumps(value, default=str, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:  # nested deeper than our stack: nobody's words
        return ""


def first_of(document: Document, *names: str) -> object:
    """The first of these fields that says something."""
    return next((value for name in names if (value := document.get(name)) not in (None, "", {}, [])), None)


def parts_text(content: object, kind: str = "text") -> str:
    """The text of a content field: a string, or a list of typed parts of which one kind counts."""
    if isinstance(content, str):
        return content if kind == "text" else ""
    return "".join(string_of(mapping_of(part).get(kind)) for part in list_of(content))


def parsed(data: str | bytes) -> tuple[bool, object]:
    """Whether this is JSON, and the value."""
    try:
        return True, orjson.loads(data)
    except orjson.JSONDecodeError:
        return False, None
