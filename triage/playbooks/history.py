"""Every revision of a class with its words, its people and why it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.people.models import AuditEntry
from triage.playbooks.standing import Playbook
from triage.verdicts.actions.playbooks_in_force import words_of
from triage.verdicts.models import PlaybookRevision
from triage.verdicts.playbooks import shipped_playbooks


@dataclass(frozen=True, slots=True)
class Ended:
    """Who took a revision out of force or gave a draft up, when and why: the audit trail keeps it."""

    entry: AuditEntry

    @property
    def why(self) -> str:
        return str(self.entry.detail.get("why", ""))


@dataclass(frozen=True, slots=True)
class Line:
    row: PlaybookRevision
    ended: Ended | None


@dataclass(frozen=True, slots=True)
class History:
    """`words` by number, with 0 for what is shipped; `lines` newest first."""

    words: Mapping[int, Playbook]
    lines: tuple[Line, ...]

    def row(self, number: int) -> PlaybookRevision | None:
        return next((line.row for line in self.lines if line.row.number == number), None)

    def before(self, number: int) -> int:
        """What was in force before this revision: the approved one before it, else what is shipped."""
        approved = (
            line.row.number for line in self.lines if line.row.approved_at and line.row.number < number
        )
        return max(approved, default=0)


def history_of(code: str) -> History:
    """In two queries."""
    rows = list(
        PlaybookRevision.objects.filter(code=code)
        .select_related("written_by", "approved_by")
        .order_by("-number")
    )
    ended = _ended(code)
    words: dict[int, Playbook] = {0: shipped_playbooks()[code]}
    return History(
        words | {row.number: words_of(row) for row in rows},
        tuple(Line(row, ended.get(row.number)) for row in rows),
    )


def _ended(code: str) -> dict[Any, Ended]:
    told = AuditEntry.objects.filter(subject=code, action__in=_ENDINGS).select_related("actor")
    return {entry.detail.get("revision"): Ended(entry) for entry in told}


_ENDINGS = ("playbook.withdrawn", "playbook.draft_given_up")
