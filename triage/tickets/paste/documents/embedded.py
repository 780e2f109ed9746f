"""JSON objects and Python dicts where they stand in a text, whatever is around them."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

_MOST_DOCUMENTS: Final = 200
_DEEPEST: Final = 40
_LONGEST_LITERAL: Final = 60_000
_COST: Final = 400  # characters that even a short scan in vain counts for
_SCAN: Final = re.compile(r'["\'\\{}\[\]]')


class Document(NamedTuple):
    value: Mapping[str, Any]
    start: int
    end: int


def documents_in(whole: str) -> Iterator[Document]:
    """Balanced {…} that parse as JSON or as a Python literal, outermost ones, in one pass."""
    found = 0
    position = 0
    budget = len(whole) + 100_000  # an opening brace that never closes makes the scan start again
    while found < _MOST_DOCUMENTS and budget > 0:
        start = whole.find("{", position)
        if start < 0:
            return
        end, seen = _closing(whole, start, budget)
        budget -= max(seen - start, _COST) if not end else 0
        value = _parsed(whole[start:end]) if end else None
        if value is None:
            position = start + 1
            continue
        found += 1
        position = end
        yield Document(value, start, end)


def document_in(message: str) -> Mapping[str, Any]:
    """The first document that a message quotes; an empty one if there is none."""
    start = message.find("{")
    if start < 0:
        return {}
    return next((found.value for found in documents_in(message[start : start + 20_000])), {})


def _closing(whole: str, start: int, budget: int) -> tuple[int, int]:
    """(offset behind the matching brace or 0, how far was read)."""
    limit = min(len(whole), start + budget)
    depth = 0
    for bracket, behind in _brackets(whole, start, limit):
        depth += 1 if bracket in "{[" else -1
        if not depth:
            return behind, behind
        if depth > _DEEPEST:
            return 0, behind
    return 0, limit


def _brackets(whole: str, start: int, limit: int) -> Iterator[tuple[str, int]]:
    """Each bracket outside quoted text, and the offset behind it."""
    quote, position = "", start
    while match := _SCAN.search(whole, position, limit):
        char, position = match.group(), match.end()
        if char == "\\":
            position += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char == '"' or (char == "'" and whole[match.start() - 1] in "{[,: ("):
            quote = char
        elif char != "'":
            yield char, position


def _parsed(said: str) -> Any:
    """The object, or None. Escaped once more inside a log line, it is unescaped first."""
    if len(said) < 5:
        return None
    forms = (said, said.replace('\\"', '"')) if said.startswith('{\\"') else (said,)
    for form in forms:
        try:
            value = json.loads(form, strict=False)
        except (ValueError, RecursionError):
            continue
        return value if isinstance(value, dict) and value else None
    return _literal(said)


def _literal(said: str) -> Any:
    """A Python dict as `repr` writes it, or None."""
    if len(said) > _LONGEST_LITERAL or not re.match(r"\{\s*['\"]\w", said):
        return None
    try:
        value = ast.literal_eval(said)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
