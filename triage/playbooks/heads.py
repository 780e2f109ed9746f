"""What every page of a class begins with: which class, how its playbook stands, who reads it."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from triage.playbooks.history import History
from triage.playbooks.listing import family_of
from triage.playbooks.standing import Standing, standing_of
from triage.playbooks.wording import FAMILIES
from triage.verdicts.playbooks import fill, language_of


def standing_or_404(code: str) -> Standing:
    try:
        return standing_of(code)
    except KeyError:
        raise Http404 from None


def head_of(standing: Standing) -> dict[str, Any]:
    """What every page of a class says at its top."""
    return {
        "section": "playbooks",
        "code": standing.code,
        "title": fill(standing.words[language_of(reader_language())].title, {}),
        "family": FAMILIES[family_of(standing.code)],
        "standing": standing,
        "is_overdue": standing.is_overdue(timezone.localdate()),
        "token": standing.token,
    }


def number_asked(request: HttpRequest, name: str, history: History) -> int | None:
    """The revision that the address asks for by this name, if there is one."""
    asked = request.GET.get(name, "")
    known = asked.isascii() and asked.isdigit() and len(asked) < 9 and int(asked) in history.words
    return int(asked) if known else None


def person(request: HttpRequest) -> User:
    """Whoever passed the door of the page."""
    return cast(User, request.user)


def reader_language() -> str:
    return get_language() or "en"
