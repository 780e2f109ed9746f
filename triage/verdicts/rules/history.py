"""What the ticket tells of earlier: a name that used to be served is no mistyped one."""

from dataclasses import replace

from triage.verdicts.case import Confidence
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.texts import load_leads

WORKED_BEFORE = load_leads("requests")["worked_before"]


def informed(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """The conclusion as far as the past changes it."""
    status = conclusion.answer.status if conclusion.answer else None
    listed = reading.case.attempt("models") is not None
    if conclusion.code != "model.unknown" or status == 503 or listed or not reading.says(WORKED_BEFORE):
        return conclusion
    return replace(
        conclusion,
        code="model.retired",
        confidence=Confidence.LIKELY,
        evidence=(*conclusion.evidence, *reading.quote(WORKED_BEFORE)),
        alternatives=("model.unknown", "model.not_permitted"),
    )
