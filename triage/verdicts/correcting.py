"""A verdict as an engineer corrects it: the class's own owner, light and clock over the same facts."""

from dataclasses import replace

from triage.verdicts.case import Case, Confidence, Owner, Verdict
from triage.verdicts.clock import retry_not_before
from triage.verdicts.codes import ISSUES
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.resend import light, look_first


def as_corrected(verdict: Verdict, case: Case, *, code: str, owner: Owner) -> Verdict:
    """What the reply and the note are written from. A word of an engineer's proves nothing of a request:
    the light is green only where the facts make it so. A class that is not known any more keeps the light.
    """
    issue = ISSUES.get(code)
    if issue is None:
        return replace(verdict, code=code, owner=owner, evidence=(), counter_evidence=(), alternatives=())
    reading, findings = Reading(case), tuple(found for found in verdict.findings if found != code)
    conclusion = Conclusion(code=code, confidence=Confidence.LIKELY, evidence=verdict.evidence)
    resend, clock = light(conclusion, findings, reading), retry_not_before(conclusion, reading)
    return replace(
        verdict,
        code=code,
        confidence=Confidence.CERTAIN,
        owner=owner,
        evidence=(),
        counter_evidence=(),
        alternatives=(),
        findings=findings,
        resend=resend,
        look_first=look_first(conclusion, findings, resend, reading),
        retry_not_before=clock[0] if clock else None,
        overturned_by=issue.overturned_by,
    )
