"""The one harmless tool that a probe offers: it does nothing, and nobody runs it."""

from collections.abc import Mapping
from typing import Any

NAME = "write_down"
DESCRIPTION = "Writes numbers down, in words."
# Nothing optional and nothing beside it: OpenAI's Responses API checks schemas strictly unless told not to.
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"words": {"type": "array", "items": {"type": "string"}}},
    "required": ["words"],
    "additionalProperties": False,
}
AS_FUNCTION: Mapping[str, Any] = {"name": NAME, "description": DESCRIPTION, "parameters": SCHEMA}
# The prompt asks for the call, not `tool_choice`: thinking models and small gateways refuse that option.
# Thirty words make arguments long enough to come in fragments.
PROMPT = f"Call the tool {NAME} once, with the numbers from 1 to 30 in English words. Write nothing else."
