"""What a client is known to do by itself, inside templates: `{% habits_of client version as habits %}`."""

from django import template

from triage.tickets.wording import habits
from triage.verdicts.intake import read_seconds

register = template.Library()
_LONGEST = 200  # characters of a name


@register.simple_tag
def habits_of(client: str | None, version: str | None = "", limit_s: float | None = None) -> list[str]:
    """`limit_s` is the time limit that was set in the client."""
    return habits.habits_of((client or "")[:_LONGEST], (version or "")[:_LONGEST], timeout_s=limit_s)


@register.filter
def as_limit(typed: object) -> float | None:
    """Seconds, as somebody typed them; None for what is no time, and for 0, which sets no limit."""
    return read_seconds(typed) or None
