"""An entry of the audit trail as a reader takes it in: who it speaks of, and its details as a sentence."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from triage.people.models import ROLE_LABELS, AuditEntry
from triage.rules.wording import ACTIONS, WARNINGS
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.verdicts import OWNERS_SHORT

_SEAL_SHOWN = 12  # characters of a content's fingerprint


@dataclass(frozen=True, slots=True)
class Told:
    """One entry in words; `draft` is 0 where it speaks of none."""

    entry: AuditEntry
    action: str
    subject: str
    draft: int
    detail: str


def told_of(entries: Iterable[AuditEntry]) -> list[Told]:
    """Entries with their actors, in the language in force; one query for all people they name."""
    entries = list(entries)
    names = _names_of({entry.detail["author"] for entry in entries if entry.detail.get("author")})
    return [
        Told(
            entry=entry,
            action=str(ACTIONS.get(entry.action, entry.action)),
            subject=_subject(entry),
            draft=entry.detail.get("draft") or 0,
            detail=_sentence(entry.detail, names),
        )
        for entry in entries
    ]


def _names_of(ids: set[int]) -> dict[int, str]:
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "username")) if ids else {}


def _subject(entry: AuditEntry) -> str:
    """Entries of the administration name a table and a row: "endpoint 3"."""
    name, _space, row = entry.subject.partition(" ")
    model = next((one for one in apps.get_models() if one._meta.model_name == name), None)
    if model is None or not entry.action.startswith(("admin.", "person.")):
        return entry.subject
    return f"{gettext(str(model._meta.verbose_name))} {row}"


def _sentence(detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    in_order = sorted(
        detail, key=lambda name: (_ORDER.get(name, len(_ORDER)), name)
    )  # the database has its own
    parts = (_part(name, detail[name], names) for name in in_order if name != "draft")
    return gettext("; ").join(part for part in parts if part)


def _part(name: str, value: Any, names: Mapping[int, str]) -> str:
    if name == "author":
        return gettext("written by %(value)s") % {"value": names.get(value, value)}
    if name == "based_on":
        return gettext("changes version %(value)s") % {"value": value} if value else gettext("a new rule")
    if name not in _PARTS:
        return f"{name}: {_plain(value)}"
    words, read = _PARTS[name]
    return str(words) % {"value": read(value)}


def _plain(value: Any) -> str:
    """Anything else that an entry may hold, without the marks of a program; of a change both sides."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_plain(item)}" for name, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or gettext("none")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return gettext("none") if value in (None, "") else str(value)


def _labels(value: Any) -> str:
    """Names of fields, which Django notes in English and with a capital letter."""
    return ", ".join(_label(name) for name in value if name) or gettext("none")


def _label(name: str) -> str:
    small = name[:1].lower() + name[1:]
    translated = gettext(small)
    return translated if translated != small else gettext(name)


def _class_and_owner(value: Any) -> str:
    """Of a verdict, as the machine or an engineer said it."""
    return f"{value['code']} ({in_words(OWNERS_SHORT, value['owner'])})" if value else gettext("nobody")


def _warnings(value: Any) -> str:
    return " ".join(str(WARNINGS.get(code, code)) for code in value) or gettext("none")


_ORDER = {
    name: place
    for place, name in enumerate(
        (
            "version",
            "revision",
            "replaces",
            "author",
            "based_on",
            "role",
            "door",
            "source",
            "kind",
            "fields",
            "changed",
            "texts",
            "warnings",
        )
    )
}
_PARTS: Mapping[str, tuple[Any, Callable[[Any], str]]] = {
    "fields": (_("fields: %(value)s"), _labels),
    "content": (_("content %(value)s"), lambda value: str(value)[:_SEAL_SHOWN]),
    "revision": (_("revision %(value)s"), str),
    "replaces": (_("closes revision %(value)s"), str),
    "version": (_("as version %(value)s"), str),
    "why": (_("because: %(value)s"), str),
    "warnings": (_("warnings: %(value)s"), _warnings),
    "texts": (_("stored texts read: %(value)s"), _plain),
    "new": (_("new rows: %(value)s"), str),
    "source": (_("ledger %(value)s"), str),
    "token": (_("token %(value)s"), str),
    "kind": (_("kind %(value)s"), str),
    "changed": (_("changed: %(value)s"), _plain),
    "role": (_("with the role %(value)s"), lambda role: str(ROLE_LABELS.get(role, role))),
    "door": (_("by %(value)s"), str),
    "machine": (_("the machine had said %(value)s"), _class_and_owner),
    "before": (_("before that %(value)s"), _class_and_owner),
    "now": (_("now %(value)s"), _class_and_owner),
    "endpoint": (_("endpoint %(value)s"), str),
    "class": (_("class %(value)s"), str),
    "model": (_("model %(value)s"), str),
    "tickets": (_("tickets: %(value)s"), str),
    "accounts": (_("accounts: %(value)s"), str),
    "runs": (_("probes in a row: %(value)s"), str),
    "window_s": (_("within %(value)s seconds"), str),
}
