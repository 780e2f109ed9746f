"""All playbooks as a list: by family, each with its owner, state and re-check date."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from triage.playbooks.standing import Standing, standing_with
from triage.playbooks.wording import FAMILIES
from triage.verdicts.case import Owner
from triage.verdicts.codes import ISSUES, Issue
from triage.verdicts.models import PlaybookRevision
from triage.verdicts.playbooks import HELD_BACK_WORDS, fill, language_of

ALL: Final = (*ISSUES, HELD_BACK_WORDS)
"""Every code that has a playbook, in the order in which they are listed."""
SHOWN: Final = ("all", "overdue", "changed", "drafts")


@dataclass(frozen=True, slots=True)
class Entry:
    code: str
    title: str
    owner: Owner
    standing: Standing
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Family:
    name: str
    label: Any
    entries: tuple[Entry, ...]


def entries(language: str, *, today: date) -> list[Entry]:
    """Of every class, in one query."""
    rows: dict[str, list[PlaybookRevision]] = {}
    for row in PlaybookRevision.objects.current():
        rows.setdefault(row.code, []).append(row)
    return [_entry(standing_with(code, rows.get(code, ())), language, today) for code in ALL]


def _entry(standing: Standing, language: str, today: date) -> Entry:
    return Entry(
        code=standing.code,
        title=fill(standing.words[language_of(language)].title, {}),
        owner=issue_of(standing.code).owner,
        standing=standing,
        is_overdue=standing.is_overdue(today),
    )


def issue_of(code: str) -> Issue:
    """The class that the words of this code belong to."""
    return ISSUES["inconclusive" if code == HELD_BACK_WORDS else code]


def of_kind(found: Iterable[Entry], shown: str) -> list[Entry]:
    """Those of one name in SHOWN."""
    return [entry for entry in found if _KINDS[shown](entry)]


_KINDS: Mapping[str, Any] = {
    "all": lambda entry: True,
    "overdue": lambda entry: entry.is_overdue,
    "changed": lambda entry: entry.standing.is_changed,
    "drafts": lambda entry: entry.standing.draft is not None,
}


def holding(found: Iterable[Entry], search: str) -> list[Entry]:
    """Those whose code or titles, in either language, hold every word of the search."""
    wanted = search.casefold().split()
    return [entry for entry in found if all(word in _searched(entry) for word in wanted)]


def _searched(entry: Entry) -> str:
    titles = " ".join(words.title for words in entry.standing.words.values())
    return f"{entry.code} {titles}".casefold()


def by_family(found: Iterable[Entry]) -> list[Family]:
    """Families in the order of their first class, classes in the table's."""
    in_order = sorted(found, key=lambda entry: list(FAMILIES).index(family_of(entry.code)))
    return [
        Family(name, FAMILIES[name], tuple(members))
        for name, members in groupby(in_order, key=lambda entry: family_of(entry.code))
    ]


def family_of(code: str) -> str:
    return code.partition(".")[0]
