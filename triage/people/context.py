"""What every page needs to know of the person who reads it."""

from typing import Any

from django.http import HttpRequest

from triage.people.access import role_of
from triage.people.models import ROLE_LABELS, Theme
from triage.people.roles import WHO_MAY


def person(request: HttpRequest) -> dict[str, Any]:
    """`may.<ability>` for the navigation, the role in words, and the theme that the page is drawn in."""
    user = getattr(request, "user", None)  # missing when an error page is drawn before the session is known
    role = role_of(user) if user else None
    return {
        "role_label": ROLE_LABELS[role] if role else "",
        "may": {ability: role.may(ability) for ability in WHO_MAY} if role else {},
        "theme": theme_of(request),
        "themes": Theme.choices,
    }


def theme_of(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in Theme.values else Theme.AUTO.value
