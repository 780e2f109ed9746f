"""Findings of money or tasks beside the verdict, each with what its own class asks for."""

from dataclasses import dataclass, replace

from triage.charges.finding import ChargeFinding
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.verdicts import OWNERS
from triage.verdicts.case import Verdict
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import Playbooks, Words, words_for


@dataclass(frozen=True, slots=True)
class FoundBeside:
    code: str
    owner: str
    words: Words


def found_beside(
    verdict: Verdict | None, ledger: ChargeFinding | None, *, language: str, playbooks: Playbooks
) -> list[FoundBeside]:
    """`ledger` is what it said when the verdict was drawn."""
    if verdict is None:
        return []
    return [
        FoundBeside(
            code=code,
            owner=in_words(OWNERS, ISSUES[code].owner) if code in ISSUES else "",
            words=words_for(_standing_alone(verdict, code, ledger), language, playbooks=playbooks),
        )
        for code in verdict.findings
    ]


def _standing_alone(verdict: Verdict, code: str, ledger: ChargeFinding | None) -> Verdict:
    """The finding as a verdict of its own; what the ledger shows is not hedged as the ticket's words are."""
    by_ledger = ledger is not None and ledger.code == code
    return replace(verdict, code=code, findings=(), evidence=() if by_ledger else verdict.evidence)
