"""Verdicts side by side, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from triage.tickets.wording.codes import in_words
from triage.tickets.wording.verdicts import CONFIDENCES, OWNERS_SHORT, RESENDS_SHORT
from triage.verdicts.case import Verdict
from triage.verdicts.playbooks import Playbooks, title_of


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One thing that verdicts say, as (whose, value); what `decides` is more than how sure they are."""

    label: str
    cells: tuple[tuple[str, str], ...]
    differs: bool
    decides: bool


def verdict_rows(
    verdicts: Sequence[tuple[str, Verdict | None]], *, language: str, playbooks: Playbooks
) -> list[VerdictRow]:
    """A row per thing, of (whose, verdict); where there is no verdict its values are empty."""
    told = [(whose, _gist(verdict, language, playbooks)) for whose, verdict in verdicts]
    return [
        _row(label, decides, tuple((whose, gist[place]) for whose, gist in told))
        for place, (label, decides) in enumerate(_labels())
    ]


def _row(label: str, decides: bool, cells: tuple[tuple[str, str], ...]) -> VerdictRow:
    return VerdictRow(label, cells, len({value for _whose, value in cells if value}) > 1, decides)


def _labels() -> list[tuple[str, bool]]:
    return [
        (_("Verdict"), True),
        (_("Owner"), True),
        (_("Send again?"), True),
        (_("How sure"), False),
        (_("Rules"), False),
    ]


def _gist(verdict: Verdict | None, language: str, playbooks: Playbooks) -> list[str]:
    if verdict is None:
        return [""] * len(_labels())
    return [
        f"{title_of(verdict.code, language, playbooks=playbooks)} ({verdict.code})",
        in_words(OWNERS_SHORT, verdict.owner),
        in_words(RESENDS_SHORT, verdict.resend),
        in_words(CONFIDENCES, verdict.confidence),
        verdict.rules_version,
    ]
