"""Credentials among the arguments of a command: named by kind and place, so that nothing repeats them."""

import re
from collections.abc import Callable, Iterable, Iterator

from probes.redaction.engine import Redactor
from probes.redaction.kinds import hold_credential

ADVICE = (
    "so nothing was done. Keys and passwords are read from a variable (--key-env, --password-env)."
    " The shell's history holds this one now: if it is live, have it revoked"
)
_HARMLESS = re.compile(r"[a-z0-9_./\-]{0,16}")  # words and short names: no rule can mean them


def credentials_in(
    arguments: Iterable[tuple[str, str]], redactor_of: Callable[[str], Redactor]
) -> Iterator[str]:
    """`arguments` are (name, text); tells of each that holds a credential or cannot be checked.

    Personal data passes: people are added by their names and addresses.
    """
    for name, text in arguments:
        if _HARMLESS.fullmatch(text):
            continue
        findings = redactor_of(name).redact(text).findings
        if hold_credential(findings):
            spots = (f"{one.kind}, characters {one.start + 1} to {one.end}" for one in findings)
            yield f"{name} holds what looks like a credential ({'; '.join(spots)})"
