"""What an admin may enter for an endpoint or a route, check by check, with words for what is wrong."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from probes.net.addresses import BaseUrlRefused, ExceptionRefused, check_base_url, check_exception

_ADDED_BY_THE_DESK = ("/chat/completions", "/completions", "/messages", "/responses")
_TASK = "{task_id}"
_PATH = re.compile(r"[\x21-\x7e]+")  # what a request line can carry
TASK_FACTS = ("status", "error", "submitted", "result")
_MOST_PLACES, _LONGEST_PLACE = 10, 200


def clean_exceptions(entries: Any) -> list[str]:
    """Exact "host:port" exceptions to the address rules, each in its one spelling."""
    try:
        return [check_exception(entry) for entry in texts(entries)]
    except ExceptionRefused as error:
        raise ValidationError(str(error), code=error.code) from error


def clean_base_url(base_url: str, *, exceptions: Iterable[str]) -> str:
    try:
        clean = check_base_url(base_url, allow_http=False, exceptions=frozenset(exceptions))
    except BaseUrlRefused as error:
        raise ValidationError(str(error), code=error.code) from error
    for end in _ADDED_BY_THE_DESK:
        if clean.endswith(end):
            raise ValidationError(
                _("Leave out %(end)s, which the desk adds itself: %(shorter)s."),
                params={"end": end, "shorter": clean.removesuffix(end)},
            )
    return clean


def check_path(path: str) -> None:
    """A path under the base URL, ready for the request line."""
    if not path.startswith("/") or path.startswith("//"):
        raise ValidationError(
            _("Begin with one /, without scheme and host: the path is added to the base URL.")
        )
    if not _PATH.fullmatch(path):
        raise ValidationError(_("Percent-encode spaces and characters outside ASCII."))
    if "#" in path:
        raise ValidationError(_("What follows a # is never sent: leave it out."))


def check_task_path(path: str) -> None:
    if _TASK not in path:
        raise ValidationError(_("The path must contain {task_id}."))
    if path.count(_TASK) > 1 or set("{}") & set(path.replace(_TASK, "")):
        raise ValidationError(_("The path must contain {task_id} once, and no other braces."))
    check_path(path)


def clean_task_fields(value: Any) -> dict[str, list[str]]:
    """Dotted paths by what stands there: {"status": ["data.state"]}; what has none is left out."""
    if not isinstance(value, Mapping):
        raise ValidationError(_('An object is needed, such as {"status": ["data.state"]}.'))
    if unknown := [str(name) for name in value if name not in TASK_FACTS]:
        raise ValidationError(
            _("There is no %(unknown)s to read, only %(known)s."),
            params={"unknown": ", ".join(unknown), "known": ", ".join(TASK_FACTS)},
        )
    return {name: _clean_places(texts(places)) for name, places in value.items() if places}


def parse_task_fields(lines: Iterable[str]) -> dict[str, list[str]]:
    """Lines such as "status = data.state"; several for one name are tried in their order."""
    fields: dict[str, list[str]] = {}
    for line in lines:
        name, equals, place = (part.strip() for part in line.partition("="))
        if not equals or not name or not place:
            raise ValidationError(
                _('Write a name, =, and where it stands, such as status=data.state; not "%(line)s".'),
                params={"line": line},
            )
        fields.setdefault(name, []).append(place)
    return clean_task_fields(fields)


def texts(value: Any) -> list[str]:
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return value
    raise ValidationError(_('A list of texts is needed, such as ["one", "two"].'))


def _clean_places(places: list[str]) -> list[str]:
    if len(places) > _MOST_PLACES:
        raise ValidationError(_("At most %(most)s places for one name."), params={"most": _MOST_PLACES})
    for place in places:
        if len(place) > _LONGEST_PLACE or not all(place.split(".")) or any(map(str.isspace, place)):
            raise ValidationError(
                _('"%(place)s" is no place: write names with dots between them, such as data.state.'),
                params={"place": place},
            )
    return places
