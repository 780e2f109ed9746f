"""JSON lines as the doors for programs read and write them."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, Any

import orjson


class BadLine(Exception):
    """A line that is no JSON object; the message says which and why."""


def open_lines(file: str | None) -> AbstractContextManager[IO[bytes]]:
    """FILE for reading, or standard input for `-` or nothing. Raises OSError."""
    return nullcontext(sys.stdin.buffer) if file in (None, "-") else Path(str(file)).open("rb")


def parse_lines(lines: IO[bytes]) -> Iterator[tuple[int, dict[str, Any] | BadLine]]:
    """Every line that is not blank with its number, as an object or as what is wrong with it."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, _parse(number, line.removeprefix(b"\xef\xbb\xbf"))


def to_line(value: object) -> str:
    return orjson.dumps(value, default=str).decode()


def _parse(number: int, line: bytes) -> dict[str, Any] | BadLine:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return BadLine(f"line {number}: not JSON: {error}")
    if not isinstance(value, dict):
        return BadLine(f"line {number}: expected an object, found {type(value).__name__}")
    return value
