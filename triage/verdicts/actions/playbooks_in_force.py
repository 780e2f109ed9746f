"""The words in force: what is shipped, with the published revisions over it."""

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import lru_cache

from triage.verdicts.models import PlaybookRevision, Standing
from triage.verdicts.playbooks import LANGUAGES, Playbooks, Words, shipped_playbooks

_NAMES = frozenset(field.name for field in fields(Words))


def playbooks_in_force() -> Playbooks:
    """Every playbook by code and language ("zh", "en"), for words_for and title_of.

    One small query; the revisions are read only when one of them was approved or withdrawn since. So a change
    binds at the next call in every process: nothing is told, all ask.
    """
    return _read(PlaybookRevision.objects.standing())


@lru_cache(maxsize=2)
def _read(standing: Standing) -> Playbooks:
    published = PlaybookRevision.objects.published() if standing.decided else ()
    return {**shipped_playbooks(), **{row.code: words_of(row) for row in published}}


def words_of(revision: PlaybookRevision) -> Mapping[str, Words]:
    """A revision's words by language; a text that it was written without reads as shipped."""
    shipped = shipped_playbooks().get(revision.code, shipped_playbooks()["inconclusive"])
    stored = {"zh": revision.zh, "en": revision.en}
    return {language: _over(shipped[language], stored[language]) for language in LANGUAGES}


def _over(shipped: Words, stored: Mapping[str, str]) -> Words:
    return replace(shipped, **{name: text for name, text in stored.items() if name in _NAMES})
