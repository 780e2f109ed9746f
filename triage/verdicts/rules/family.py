"""How a family of error classes is written down: exact vendor names first, words second, statuses last."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from triage.verdicts.reading import Answer
from triage.verdicts.texts import Lead

Special = Callable[[Answer], str]
"""A rule that needs more than one sign at once: the code of a class, or an empty string."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorFamily:
    """The signs of the error classes of one subject, each pointing at a class."""

    special: tuple[Special, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)  # error.code or error.type, exact, lower case
    leads: tuple[tuple[str, Lead], ...] = ()  # words of the message, most certain first
    statuses: Mapping[int, str] = field(default_factory=dict)  # only when nothing else is there
