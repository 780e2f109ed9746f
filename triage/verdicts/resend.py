"""The safe-to-resend light: green only when the request provably never ran; else where to look first."""

from enum import StrEnum

from probes.wire.facts import BodyKind, Facts
from triage.charges.finding import ChargeCode, ChargeFinding, EventKind, Remark
from triage.verdicts.case import Confidence, Resend, Tri
from triage.verdicts.codes import ISSUES, may_have_run
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.rules import charges, reach, surroundings

_RETRIED_IN_VAIN = 3
_TROUBLED_STATUSES = (402, 403, 408, 409, 429)


class LookFirst(StrEnum):
    """Where the answer stands that a resend would only guess at."""

    TASK_STATUS = "task_status"  # by the task ID
    TASK_LIST = "task_list"  # of the account, around the time: no ID is known
    LEDGER_ROWS = "ledger_rows"  # the desk has rows of it
    USAGE_RECORDS = "usage_records"  # the customer's own, by request ID or time


def light(conclusion: Conclusion, findings: tuple[str, ...], reading: Reading) -> Resend:
    """Red for everything that may have been executed or that a resend makes worse; green needs proof."""
    usual = ISSUES[conclusion.code].resend
    if usual is Resend.UNSAFE or reading.is_media or _money_at_stake(reading):
        return Resend.UNSAFE
    if any(map(may_have_run, findings)) and not _only_held_and_released(findings, reading):
        return Resend.UNSAFE
    if usual is Resend.SAFE and not _provably_never_ran(conclusion, reading):
        return Resend.UNKNOWN
    return usual


def _provably_never_ran(conclusion: Conclusion, reading: Reading) -> bool:
    """A guess proves nothing, nor does a ticket or an attempt of ours that leaves the question open."""
    if _is_a_guess(conclusion, reading) or _in_doubt(reading) or _ran_for_somebody(reading):
        return False
    if any(item.fact == surroundings.LED_BY for item in conclusion.evidence):  # nobody saw this very request
        return False
    if conclusion.code == "edge.origin_unreachable" and not _cloudflare_says_so(conclusion, reading):
        return False
    rests_on = [facts for facts in reading.probed if _rests_on(conclusion, facts)]
    return not any(map(_broke, reading.probed)) and not any(map(_was_answered, rests_on))


def _is_a_guess(conclusion: Conclusion, reading: Reading) -> bool:
    """Which key was refused, and by whom, may be open; that a 401 refused it is not: nothing ran."""
    refused = reading.declared is not None and reading.declared.status == 401
    known = refused and conclusion.code.startswith("auth.")
    return conclusion.confidence is Confidence.POSSIBLE and not known


def _only_held_and_released(findings: tuple[str, ...], reading: Reading) -> bool:
    """A hold that was given back in full says nothing of a request that was refused before it ran."""
    ledger = reading.case.charges
    if ledger is None or list(filter(may_have_run, findings)) != [ChargeCode.HOLD_AND_SETTLE]:
        return False
    kinds = {event.kind for story in ledger.story for event in story.events}
    nothing_kept = bool(ledger.net) and not any(ledger.net.values())
    return nothing_kept and kinds == {EventKind.HOLD, EventKind.RELEASE}


def _ran_for_somebody(reading: Reading) -> bool:
    """The id stands in the ledger, though not under the account that the ticket names."""
    ledger = reading.case.charges
    return ledger is not None and Remark.OTHER_ACCOUNT in ledger.remarks


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


# --- where to look first

_REFUSED_BEFORE_IT_RAN = ("auth.", "balance.", "client.", "limit.", "model.", "quota.", "reach.")
_STOPPED_AT_THE_EDGE = ("edge.challenge", "edge.blocked", "timeout.connect")


def look_first(
    conclusion: Conclusion, findings: tuple[str, ...], resend: Resend, reading: Reading
) -> tuple[str, ...]:
    """Codes of LookFirst, the surest first; none where a resend is safe or nothing can have run."""
    if resend is Resend.SAFE or not _may_stand_somewhere(conclusion, findings, reading):
        return ()
    ledger, places = reading.case.charges, []
    if _has_rows(ledger):
        places.append(LookFirst.LEDGER_ROWS)
    if reading.intake.task_id or (_has_rows(ledger) and ledger is not None and ledger.task_ids):
        places.append(LookFirst.TASK_STATUS)
    elif reading.is_media:
        places.append(LookFirst.TASK_LIST)
    else:
        places.append(LookFirst.USAGE_RECORDS)
    return tuple(map(str, places))


def _may_stand_somewhere(conclusion: Conclusion, findings: tuple[str, ...], reading: Reading) -> bool:
    if reading.is_media or reading.intake.task_id or any(map(may_have_run, (conclusion.code, *findings))):
        return True
    refused = conclusion.code.startswith(_REFUSED_BEFORE_IT_RAN + _STOPPED_AT_THE_EDGE)
    return not refused and not conclusion.code.startswith(("ok.", "inconclusive"))


def _has_rows(ledger: ChargeFinding | None) -> bool:
    return ledger is not None and bool(ledger.charge_ids) and may_have_run(ledger.code)
