"""The safe-to-resend light: green only when the request provably never ran."""

from probes.wire.facts import BodyKind, Facts
from triage.verdicts.case import Confidence, Resend, Tri
from triage.verdicts.codes import ISSUES
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.rules import charges, reach

_RETRIED_IN_VAIN = 3
_TROUBLED_STATUSES = (402, 403, 408, 409, 429)
_MAY_HAVE_RUN = ("task.", "charge.")


def light(conclusion: Conclusion, findings: tuple[str, ...], reading: Reading) -> Resend:
    """Red for everything that may have been executed or that a resend makes worse; green needs proof."""
    usual = ISSUES[conclusion.code].resend
    if usual is Resend.UNSAFE or reading.is_media or _money_at_stake(reading):
        return Resend.UNSAFE
    if any(code.startswith(_MAY_HAVE_RUN) and code != "charge.no_rows" for code in findings):
        return Resend.UNSAFE
    if usual is Resend.SAFE and not _provably_never_ran(conclusion, reading):
        return Resend.UNKNOWN
    return usual


def _provably_never_ran(conclusion: Conclusion, reading: Reading) -> bool:
    """A guess proves nothing, nor does a ticket or an attempt of ours that leaves the question open."""
    if conclusion.confidence is Confidence.POSSIBLE or _in_doubt(reading):
        return False
    if conclusion.code == "edge.origin_unreachable" and not _cloudflare_says_so(conclusion, reading):
        return False
    rests_on = [facts for facts in reading.probed if _rests_on(conclusion, facts)]
    return not any(map(_broke, reading.probed)) and not any(map(_was_answered, rests_on))


def _money_at_stake(reading: Reading) -> bool:
    return reading.intake.charged is Tri.YES or charges.asks_about_money(reading)


def _in_doubt(reading: Reading) -> bool:
    """The ticket itself tells of something that a resend would repeat."""
    intake = reading.intake
    status = intake.status_code or 0
    retried = (intake.retry_count or 0) >= _RETRIED_IN_VAIN
    return (
        retried
        or status in _TROUBLED_STATUSES
        or (status >= 500 and status not in (521, 522, 523))
        or bool(intake.task_id)
    )


def _cloudflare_says_so(conclusion: Conclusion, reading: Reading) -> bool:
    """A relay may give the same numbers to a request that it has carried out."""
    if conclusion.answer is not None and conclusion.answer.facts is not None:
        return conclusion.answer.behind_cloudflare
    return "cloudflare" in reading.told or "cf-ray" in reading.told


def _rests_on(conclusion: Conclusion, facts: Facts) -> bool:
    """The refusal itself where there is one; else every attempt that the evidence names."""
    if conclusion.answer is not None:
        return conclusion.answer.facts is facts
    return any(item.where == facts.step for item in conclusion.evidence)


def _broke(facts: Facts) -> bool:
    """The desk's own attempt left and broke: so may the customer's have."""
    left = facts.sent or (facts.failure is not None and facts.failure not in reach.NEVER_SENT)
    return left and facts.status is None


def _was_answered(facts: Facts) -> bool:
    """A 200 that is no web page was carried out, however unusable it is."""
    return facts.status == 200 and facts.body_kind is not BodyKind.HTML
