"""How the playbook of a class stands: the words in force, where they come from, and the draft beside them."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from triage.verdicts.actions.playbooks_in_force import words_of
from triage.verdicts.models import PlaybookRevision
from triage.verdicts.playbooks import Words, shipped_origins, shipped_playbooks

Playbook = Mapping[str, Words]  # by language


@dataclass(frozen=True, slots=True)
class Standing:
    """`published` is None while the shipped words are in force."""

    code: str
    words: Playbook
    recheck_on: date
    source: str
    published: PlaybookRevision | None
    draft: PlaybookRevision | None

    @property
    def number(self) -> int:
        """Of the revision in force; 0 for the shipped words."""
        return self.published.number if self.published else 0

    @property
    def is_changed(self) -> bool:
        """Whether other words than the shipped ones are in force."""
        return self.published is not None and self.words != shipped_playbooks().get(self.code)

    def is_overdue(self, today: date) -> bool:
        return self.recheck_on < today

    @property
    def token(self) -> str:
        """Differs whenever the draft or the words in force do: what a person saw before deciding."""
        draft = (self.draft.pk, fingerprint(words_of(self.draft))) if self.draft else None
        seen = [self.published.pk if self.published else 0, fingerprint(self.words), draft]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:32]


def standing_of(code: str) -> Standing:
    """Raises KeyError for a class that the desk does not know."""
    return standing_with(code, PlaybookRevision.objects.current().filter(code=code))


def standing_with(code: str, rows: Iterable[PlaybookRevision]) -> Standing:
    """From the class's published revision and its draft, if there are any."""
    by_state = {row.state: row for row in rows}
    published = by_state.get(PlaybookRevision.State.PUBLISHED)
    origin = shipped_origins()[code]
    return Standing(
        code=code,
        words=words_of(published) if published else shipped_playbooks()[code],
        recheck_on=published.recheck_on if published else origin.recheck,
        source=published.source if published else origin.source,
        published=published,
        draft=by_state.get(PlaybookRevision.State.DRAFT),
    )


def fingerprint(playbook: Playbook) -> str:
    """SHA-256 over the words in both languages as canonical JSON."""
    content = {language: asdict(words) for language, words in playbook.items()}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
