"""What somebody typed after a command is read by the rules in force before the command does anything."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import CommandError

from probes.redaction.actions import current_redactor
from triage.management.arguments import ADVICE, credentials_in

_BAD_USAGE = 2


def refuse_credentials(options: Mapping[str, Any]) -> None:
    """Raises CommandError, without the text, when an option holds a credential."""
    told = list(
        credentials_in(_texts(options), lambda name: current_redactor(name.lstrip("-").replace("-", "_")))
    )
    if told:
        raise CommandError(f"{'; '.join(told)}, {ADVICE}", returncode=_BAD_USAGE)


def _texts(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in options.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                yield f"--{name.replace('_', '-')}", text
