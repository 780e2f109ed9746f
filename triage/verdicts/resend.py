"""The safe-to-resend light: green only when the request provably never ran."""

from probes.wire.facts import Facts
from triage.verdicts.case import Resend, Tri
from triage.verdicts.codes import ISSUES
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.rules import charges

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
    if usual is Resend.SAFE and (_in_doubt(reading) or any(map(_may_have_run, reading.probed))):
        return Resend.UNKNOWN
    return usual


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


def _may_have_run(facts: Facts) -> bool:
    """The desk's own attempt left and broke: so may the customer's have."""
    return facts.sent and facts.status is None
