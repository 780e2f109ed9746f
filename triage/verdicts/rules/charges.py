"""Questions of money: what the ledger proves first, then what the ticket tells."""

from typing import cast

from triage.charges.finding import ChargeCode, ChargeFinding, Outcome, Remark
from triage.verdicts.agreement import Agreement, agreement
from triage.verdicts.case import Confidence, Evidence, Tri
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.rules.requests import MISCONFIGURED
from triage.verdicts.texts import load_leads

_LEADS = load_leads("charges")

ABOUT_MONEY = _LEADS["about_money"]
DOUBLE = _LEADS["double"]
SAME_ID = _LEADS["same_id"]
RESUBMITTED = _LEADS["resubmitted"]
REDELIVERED = _LEADS["redelivered"]
"""A platform between that sends a message again when no answer came in time."""

SAME_EVENT = _LEADS["same_event"]
"""One event of the books that was booked again, whoever delivered it twice."""

BOOKED_AGAIN = _LEADS["booked_again"]
"""One hold that was settled more than once: no hold beside its settlement."""

ONE_CALL = _LEADS["one_call"]
"""Rows or counts that are parts, attempts or look-ups of one call."""

HIDDEN = _LEADS["hidden"]
HOLD = _LEADS["hold"]
LOGGED_TWICE = _LEADS["logged_twice"]
CALL_TYPES = _LEADS["call_types"]
REROUTED = _LEADS["rerouted"]
UNIT = _LEADS["unit"]
BY_A_FACTOR = _LEADS["by_a_factor"]
RATE_NAMED = _LEADS["rate_named"]
ROWS_NAMED = _LEADS["rows_named"]
OVER_REFUNDED = _LEADS["over_refunded"]
UNDERCHARGED = _LEADS["undercharged"]
PROBE_COST = _LEADS["probe_cost"]
UNDELIVERED = _LEADS["undelivered"]
FAILED_AND_CHARGED = _LEADS["failed_and_charged"]
CHARGE_VERB = _LEADS["charge_verb"]
ACCOUNTING = _LEADS["accounting"]
CUSTOMER_PAID = _LEADS["customer_paid"]
UPSTREAM_BILLS = _LEADS["upstream_bills"]
ZERO = _LEADS["zero"]
USER_STOPPED = _LEADS["user_stopped"]
UNSETTLED = _LEADS["unsettled"]
"""A hold that neither became a charge nor came back."""

SETTLED_FINE = _LEADS["settled_fine"]
NO_RESULT = _LEADS["no_result"]
REFUNDED = _LEADS["refunded"]
FAILED = _LEADS["failed"]
OUR_SIDE = _LEADS["our_side"]

# "Failed, and not refunded" leads as a task's state wherever the work is a task.
_LEDGER_LEADS = {
    ChargeCode.DUPLICATE: "charge.duplicate",
    ChargeCode.DOUBLE_SUBMIT: "charge.double_submit",
    ChargeCode.HIDDEN_RETRY: "charge.hidden_retry",
    ChargeCode.OVER_REFUNDED: "charge.over_refunded",
    ChargeCode.HOLD_AND_SETTLE: "charge.hold_and_settle",
    ChargeCode.CONFLICT: "charge.conflict",
    ChargeCode.REEXPORT: "charge.reexport",
    ChargeCode.UNDELIVERED: "charge.undelivered",
    ChargeCode.FAILED_UNREFUNDED: "charge.failed_unrefunded",
    ChargeCode.DOUBLE_LOGGED: "charge.double_logged",
    ChargeCode.PROBE_COST: "charge.probe_cost",
}
"""What a ledger can answer to "was I charged twice?"."""


def asks_about_money(reading: Reading) -> bool:
    """A complaint about a charge, not the mere remark that one was made; a refused call costs nothing."""
    intake = reading.intake
    if intake.symptom == "charged_twice":
        return True
    if _was_refused(reading) and not _charged_all_the_same(reading):
        return False
    if _told_free(reading):
        return False
    nothing_else = not reading.case.attempts and intake.status_code is None and not intake.error_text
    if (not reading.case.attempts and intake.charged_text) or (intake.charged is Tri.YES and nothing_else):
        return True
    if paid_for_nothing(reading) or (reading.relates(UPSTREAM_BILLS) and _paid_nothing(reading)):
        return True
    if _price_is_not_set(reading) and not _speaks_of_a_charge(reading):
        return False
    spoken = bool(reading.relates(ABOUT_MONEY)) or bool(reading.intake.charged_text)
    return spoken and any(map(reading.relates, _COMPLAINTS))


def paid_for_nothing(reading: Reading) -> str:
    """The words for a charge, where the ticket also tells that nothing came of it."""
    return (
        reading.relates(CHARGE_VERB) if reading.relates(NO_RESULT) and not reading.relates(REFUNDED) else ""
    )


def _told_free(reading: Reading) -> bool:
    """The customer says that nothing was taken, and does not wonder why."""
    unpaid = reading.intake.charged is Tri.NO and not reading.relates(UPSTREAM_BILLS)
    return unpaid and not reading.relates(DOUBLE) and not reading.relates(UNDERCHARGED)


def _was_refused(reading: Reading) -> bool:
    """A call that was turned away before it ran."""
    return reading.intake.status_code in (401, 402, 403, 429)


def _price_is_not_set(reading: Reading) -> bool:
    """An error for want of a price or ratio: nothing ran that could be charged."""
    failed = (reading.intake.status_code or 200) >= 400
    return failed and reading.intake.charged is not Tri.YES and bool(reading.says(MISCONFIGURED))


def _charged_all_the_same(reading: Reading) -> bool:
    """Several charges, and not only several tries."""
    return bool(reading.relates(DOUBLE) and _speaks_of_a_charge(reading))


def _speaks_of_a_charge(reading: Reading) -> bool:
    return bool(reading.intake.charged_text or reading.relates(CHARGE_VERB))


_COMPLAINTS = (
    DOUBLE,
    UNDELIVERED,
    UNSETTLED,
    FAILED_AND_CHARGED,
    HOLD,
    LOGGED_TWICE,
    REROUTED,
    UNIT,
    OVER_REFUNDED,
    UNDERCHARGED,
    PROBE_COST,
    ONE_CALL,
    SAME_ID,
)


def ledger_answer(reading: Reading) -> Conclusion | None:
    """Rows that prove an answer to a question of money lead."""
    finding = reading.case.charges
    if finding is None or finding.code not in _LEDGER_LEADS or not asks_about_money(reading):
        return None
    unrefunded = finding.code is ChargeCode.FAILED_UNREFUNDED and reading.is_media
    return Conclusion(
        code="task.failed_not_refunded" if unrefunded else _LEDGER_LEADS[finding.code],
        confidence=Confidence.LIKELY
        if _LESS_THAN_CERTAIN.intersection(finding.remarks)
        else Confidence.CERTAIN,
        evidence=ledger_evidence(finding),
        params=ledger_params(finding),
    )


_LESS_THAN_CERTAIN = {
    Remark.BY_AMOUNT,
    Remark.TASK_UNKNOWN,
    Remark.ACCOUNT_UNKNOWN,
    Remark.ID_AMBIGUOUS,
    Remark.ID_ROUNDED,
    Remark.REFUND_MAY_FOLLOW,
}
_ONCE = (ChargeCode.SINGLE, ChargeCode.REFUNDED)
_NOT_REFUTED = _LESS_THAN_CERTAIN | {Remark.BEYOND_COVERAGE, Remark.LEDGER_GAP}


def refuted_by_rows(reading: Reading) -> bool:
    """Whether the ledger reaches past the request and shows one charge, or one that came back."""
    finding = reading.case.charges
    if finding is None or finding.code not in _ONCE or finding.covered_until is None:
        return False
    return not _NOT_REFUTED.intersection(finding.remarks)


def beside(reading: Reading) -> tuple[str, ...]:
    """What the ledger found; a code that an old desk stored is kept as it is."""
    finding = reading.case.charges
    return (str(finding.code),) if finding is not None else ()


_PAID_WITHOUT_RESULT = ("stream.", "timeout.", "body.", "edge.origin_slow", "upstream.")
_NOTHING_WHOLE_CAME = (
    *("stream.truncated", "stream.cut", "stream.error_inside", "stream.stalled", "stream.no_content"),
    *("timeout.", "body.empty", "body.malformed", "edge.origin_slow", "upstream.error"),
)


def paid_without_result(conclusion: Conclusion, reading: Reading) -> bool:
    """Charged by the ticket's word or the rows, which count for more, and the answer did not come whole."""
    finding = reading.case.charges
    if finding is not None and finding.charge_ids:
        return _kept(finding) and conclusion.code.startswith(_NOTHING_WHOLE_CAME)
    told = reading.intake.charged is Tri.YES
    refunded = finding is not None and finding.code is ChargeCode.REFUNDED
    return told and not refunded and conclusion.code.startswith(_PAID_WITHOUT_RESULT)


def _kept(finding: ChargeFinding) -> bool:
    """Money of the customer's that has not come back, for a task that is not known to have succeeded."""
    outcomes = {event.outcome for story in finding.story for event in story.events}
    cost = any(amount > 0 for amount in finding.net.values())
    return cost and finding.code is not ChargeCode.PROBE_COST and Outcome.SUCCEEDED not in outcomes


_CONTRADICTIONS = (Agreement.DENIED_BY_ROWS, Agreement.NOT_FOUND, Agreement.CAME_BACK)


def contradicted(reading: Reading) -> tuple[Evidence, ...]:
    """Where the ticket says of a charge what the rows do not."""
    finding = reading.case.charges
    found = agreement(reading.intake.charged, finding) if finding is not None else None
    return (Evidence("ledger", "agreement", str(found)),) if found in _CONTRADICTIONS else ()


def told(reading: Reading) -> Conclusion | None:
    """What the ticket tells of a charge; only rows can prove it, and single rows speak against it."""
    if not asks_about_money(reading):
        return None
    if (words := reading.relates(UPSTREAM_BILLS)) and _paid_nothing(reading):
        return _conclude(reading, "charge.undercharged", words)
    for code, lead in _TOLD:
        if words := reading.relates(lead):
            return _conclude(reading, code, words)
    if words := reading.relates(DOUBLE):
        return _twice(reading, words)
    if reading.intake.symptom == "charged_twice":
        return _twice(reading, "charged_twice")
    return None


_TOLD = (
    ("charge.duplicate", BOOKED_AGAIN),
    ("charge.undelivered", UNSETTLED),
    ("charge.over_refunded", OVER_REFUNDED),
    ("charge.undercharged", UNDERCHARGED),
    ("charge.probe_cost", PROBE_COST),
    ("charge.rerouted", REROUTED),
    ("charge.hold_and_settle", HOLD),
)


def _twice(reading: Reading, words: str) -> Conclusion:
    if factor := _by_a_factor(reading):
        return _conclude(reading, "charge.unit_misread", factor, "charge.duplicate")
    for code, lead, other in _TOLD_OF_TWO:
        if said := reading.relates(lead):
            return _conclude(reading, code, said, other)
    if hidden := _hidden_retry(reading):
        return _conclude(reading, "charge.hidden_retry", hidden, "charge.double_submit", "charge.duplicate")
    if logged := reading.relates(LOGGED_TWICE):
        return _conclude(reading, "charge.double_logged", logged, "charge.duplicate")
    if unit := reading.relates(UNIT):
        return _conclude(reading, "charge.unit_misread", unit)
    if undelivered := reading.relates(UNDELIVERED):
        return _conclude(reading, _undelivered(reading), undelivered, "charge.double_submit")
    again = reading.relates(RESUBMITTED)
    if again or reading.intake.retry_count or reading.intake.retried is Tri.YES:
        return _conclude(
            reading, "charge.double_submit", again or words, "charge.hidden_retry", "charge.duplicate"
        )
    if reading.relates(ACCOUNTING) and not reading.relates(CUSTOMER_PAID):
        return _conclude(reading, "charge.double_logged", words, "charge.duplicate")
    if refuted_by_rows(reading):
        return _charged_once(reading, words)
    return _conclude(reading, "charge.duplicate", words, "charge.double_submit", "charge.hold_and_settle")


_TOLD_OF_TWO = (
    ("charge.duplicate", SAME_EVENT, "charge.double_logged"),
    ("charge.double_logged", CALL_TYPES, "charge.duplicate"),
    ("charge.double_logged", ONE_CALL, "charge.duplicate"),
    ("charge.double_submit", REDELIVERED, "charge.duplicate"),
    ("charge.duplicate", SAME_ID, "charge.double_logged"),
)


def _by_a_factor(reading: Reading) -> str:
    """Too much by a factor, beside a price or ratio: one charge at another rate, no second one."""
    if reading.relates(ROWS_NAMED) or not reading.relates(RATE_NAMED):
        return ""
    return reading.relates(BY_A_FACTOR)


def _charged_once(reading: Reading, words: str) -> Conclusion:
    """The rows answer "twice?" with no; another task ID could still hold a second submission."""
    finding = cast(ChargeFinding, reading.case.charges)
    return Conclusion(
        code=str(finding.code),
        evidence=ledger_evidence(finding),
        counter=(Evidence("declared", "words", words),),
        alternatives=("charge.double_submit", "charge.duplicate"),
        params={"task_id": finding.task_ids[0]} if finding.task_ids else {},
    )


def _paid_nothing(reading: Reading) -> bool:
    return reading.intake.charged is Tri.NO or bool(reading.relates(ZERO))


def _hidden_retry(reading: Reading) -> str:
    """Several rows for one call: an SDK that repeats by itself."""
    return HIDDEN.found_in(reading.told) if not reading.intake.retry_count else ""


def _undelivered(reading: Reading) -> str:
    a_task = reading.is_media or bool(reading.intake.task_id)
    return "task.failed_not_refunded" if a_task else "charge.undelivered"


def given_back(reading: Reading) -> Conclusion | None:
    """A failed task whose money came back: nothing is owed."""
    words = reading.relates(REFUNDED)
    if not (words and reading.is_media and reading.relates(FAILED)) or reading.relates(UNDELIVERED):
        return None
    return _conclude(reading, "task.failed_refunded", words)


def single_complaints(reading: Reading) -> Conclusion | None:
    """Complaints that need no second charge."""
    if not asks_about_money(reading):
        return None
    if stopped := reading.relates(USER_STOPPED):
        return _conclude(reading, "stream.client_cancelled", stopped, "charge.undelivered")
    if factor := _by_a_factor(reading):
        return _conclude(reading, "charge.unit_misread", factor)
    for code, lead in (
        (_undelivered(reading), UNDELIVERED),
        ("charge.hold_and_settle", SETTLED_FINE),
        ("charge.double_logged", ONE_CALL),
        ("charge.double_logged", LOGGED_TWICE),
        (_undelivered(reading), FAILED_AND_CHARGED),
        ("charge.unit_misread", UNIT),
        ("charge.duplicate", SAME_ID),
    ):
        if words := reading.relates(lead):
            return _conclude(reading, code, words)
    words = paid_for_nothing(reading)
    return _conclude(reading, _undelivered(reading), words) if words else None


def _conclude(reading: Reading, code: str, words: str, *alternatives: str) -> Conclusion:
    finding = reading.case.charges
    evidence: tuple[Evidence, ...] = (Evidence("declared", "words", words),)
    if reading.intake.charged_text:
        evidence += (Evidence("declared", "charged_text", reading.intake.charged_text),)
    against = finding is not None and finding.code is ChargeCode.SINGLE
    return Conclusion(
        code=code,
        confidence=Confidence.POSSIBLE if against or code == "charge.duplicate" else Confidence.LIKELY,
        evidence=evidence,
        counter=ledger_evidence(finding) if finding is not None and against else (),
        alternatives=alternatives,
        params=ledger_params(finding) if finding else {},
    )


def ledger_evidence(finding: ChargeFinding) -> tuple[Evidence, ...]:
    seen = [
        Evidence("ledger", "finding", str(finding.code)),
        Evidence("ledger", "charge_ids", list(finding.charge_ids[:10])),
    ]
    if finding.excess:
        seen.append(
            Evidence(
                "ledger", "excess", {unit: format(amount, "f") for unit, amount in finding.excess.items()}
            )
        )
    if finding.covered_until:
        seen.append(Evidence("ledger", "covered_until", finding.covered_until.isoformat()))
    return tuple(seen)


def ledger_params(finding: ChargeFinding) -> dict[str, object]:
    excess = " + ".join(f"{amount:f} {unit}" for unit, amount in finding.excess.items())
    return {"amount": excess, "task_id": finding.task_ids[0]} if excess and finding.task_ids else {}
