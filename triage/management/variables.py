"""Secrets reach a command through the environment: the argument names the variable, never the secret."""

import os
import re

from django.core.management.base import CommandError

_A_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,60}")


def from_variable(variable: str, *, option: str) -> str:
    """Its value; raises CommandError when there is none. Only what looks like a name is repeated:
    somebody may have typed the secret itself."""
    value = os.environ.get(variable, "")
    if not value:
        named = f"{variable}, " if _A_NAME.fullmatch(variable) else ""
        raise CommandError(f"the environment variable {named}named by {option}, is empty or not set")
    return value
