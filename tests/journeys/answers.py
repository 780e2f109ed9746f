"""What the desk answers at a door, as plain text to search."""

import io
from html import unescape
from typing import Any

from django.core.management import CommandError, call_command


def page(answer: Any) -> str:
    """Body, headers and every address passed on the way; entities undone, as a reader would."""
    headers = [f"{name}: {value}" for name, value in answer.headers.items()]
    passed = [f"Location: {address}" for address, _status in getattr(answer, "redirect_chain", ())]
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return "\n".join([*headers, *passed, unescape(body.decode("utf-8", "replace"))])


def command(*arguments: str) -> str:
    out, errors = io.StringIO(), io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=errors)
    except CommandError as error:
        errors.write(str(error))
    return out.getvalue() + errors.getvalue()
