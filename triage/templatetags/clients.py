"""What a client is known to do by itself, inside templates: `{% habits_of client version as habits %}`."""

from django import template

from triage.tickets.wording import habits

register = template.Library()
_LONGEST = 200  # characters of a name


@register.simple_tag
def habits_of(client: str | None, version: str | None = "") -> list[str]:
    return habits.habits_of((client or "")[:_LONGEST], (version or "")[:_LONGEST])
