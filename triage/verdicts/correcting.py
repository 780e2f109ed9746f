"""A verdict as an engineer corrects it: the class's own owner, light and clock over the same facts."""

from dataclasses import replace
from typing import Any

from triage.verdicts.case import Case, Confidence, Evidence, Owner, Resend, Verdict
from triage.verdicts.clock import retry_not_before
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import is_measured
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.resend import light, look_first


def as_confirmed(verdict: Verdict) -> Verdict:
    """What the reply and the note are written from once an engineer has said that the machine was right.

    What only the ticket told is a first reading no more, so it rests on no quoted word.
    """
    return verdict if is_measured(verdict) else replace(verdict, evidence=())


def as_corrected(verdict: Verdict, case: Case | None, *, code: str, owner: Owner) -> Verdict:
    """What the reply and the note are written from.

    A word of an engineer's proves nothing of a request: the light is green only where the facts make it so.
    Without a case, or for a class that is not known any more, the light is no better than it was.
    """
    said = replace(
        verdict,
        code=code,
        confidence=Confidence.CERTAIN,
        owner=owner,
        evidence=(),
        counter_evidence=(),
        alternatives=(),
        findings=tuple(found for found in verdict.findings if found != code),
        params=_params(verdict, code),
    )
    issue = ISSUES.get(code)
    if issue is None:
        return said
    said = replace(said, overturned_by=issue.overturned_by)
    if case is None:
        return replace(said, resend=max(issue.resend, verdict.resend, key=_CAREFUL.index))
    return _over(said, Reading(case), seen=verdict.evidence)


def _params(verdict: Verdict, code: str) -> dict[str, Any]:
    """Another class than the incident's is no part of it: nobody is told to wait for its end."""
    if code == verdict.code:
        return verdict.params
    return {name: value for name, value in verdict.params.items() if name != "incident"}


_CAREFUL = (Resend.SAFE, Resend.UNKNOWN, Resend.UNSAFE)


def _over(said: Verdict, reading: Reading, *, seen: tuple[Evidence, ...]) -> Verdict:
    """With light and clock of the class over the facts that the machine saw."""
    conclusion = Conclusion(code=said.code, confidence=Confidence.LIKELY, evidence=seen)
    resend, clock = light(conclusion, said.findings, reading), retry_not_before(conclusion, reading)
    return replace(
        said,
        resend=resend,
        look_first=look_first(conclusion, said.findings, resend, reading),
        retry_not_before=clock[0] if clock else None,
    )
