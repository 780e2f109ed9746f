"""Image and video tasks: looked up, never submitted; a task and its charge are one story."""

from datetime import datetime, timedelta

from probes.wire.facts import Facts
from triage.charges.finding import ChargeCode, ChargeFinding, Remark
from triage.verdicts.case import Confidence, Evidence, Owner, Tri
from triage.verdicts.reading import Conclusion, Reading, answer_of, shown
from triage.verdicts.rules.charges import REFUNDED, UNDELIVERED, ledger_evidence
from triage.verdicts.rules.errors import read_error
from triage.verdicts.rules.requests import CONTENT
from triage.verdicts.rules.stories import INTERMITTENT
from triage.verdicts.rules.timeouts import CLIENT_TIMEOUT, EXACTLY, MADE_ALL_THE_SAME
from triage.verdicts.texts import load_leads, plain

_LEADS = load_leads("tasks")

STUCK_AFTER = timedelta(hours=6)
"""A task that still "runs" after this has lost its track."""

EXPIRED_AFTER = timedelta(hours=48)
"""Most gateways keep results for a day or two."""

SUBMIT_AMBIGUOUS = _LEADS["submit_ambiguous"]
LOST_TRACK = _LEADS["lost_track"]
EXPIRED = _LEADS["expired"]
NOT_FOUND = _LEADS["not_found"]
SUBMISSION = _LEADS["submission"]
"""Words for the start of a video or picture, where no model is named."""

RUNNING = _LEADS["running"]
FETCHED_AT_ONCE = _LEADS["fetched_at_once"]
"""The result is asked for before the task can be done: the program has to wait for it."""

ONLY_FETCHED = _LEADS["only_fetched"]
"""Addresses of what was made before: fetching it submits nothing."""

SAID_FAILED = _LEADS["said_failed"]
SAID_DONE = _LEADS["said_done"]
STATE = _LEADS["state"]


def looked_up(reading: Reading) -> Conclusion | None:
    """What the task's own status says."""
    facts = reading.look_up
    if facts is None or (not facts.task_status and facts.status == 200 and not _is_denied(facts)):
        return None
    if facts.status == 404 or facts.task_status == "unknown" or _is_denied(facts):
        code = "task.unknown"
        return Conclusion(
            code=code, confidence=Confidence.CERTAIN, evidence=_seen(facts), answer=answer_of(facts)
        )
    if facts.task_status in ("queued", "running"):
        return _still_running(facts, reading)
    if facts.task_status == "failed":
        return _failed(facts, reading)
    if facts.task_status == "succeeded":
        return _succeeded(facts, reading)
    read = read_error(answer_of(facts))
    return read.conclusion if read else None


def _seen(facts: Facts) -> tuple[Evidence, ...]:
    names = (
        "status",
        "task_status",
        "task_status_raw",
        "task_error",
        "task_submitted_at",
        "task_result_url_seen",
    )
    return tuple(item for item in shown(facts, *names) if item.value not in (None, "", False))


def _is_denied(facts: Facts) -> bool:
    """Gateways say that there is no such task under any status, 400 and 200 among them."""
    words = plain(f"{facts.error_code} {facts.error_message}")
    return not facts.task_status and bool(NOT_FOUND.found_in(words))


def _age(facts: Facts, reading: Reading) -> timedelta | None:
    if not facts.task_submitted_at or reading.case.now is None:
        return None
    try:
        submitted = datetime.fromisoformat(facts.task_submitted_at)
    except ValueError:
        return None
    return reading.case.now - submitted if submitted.tzinfo else None


def _still_running(facts: Facts, reading: Reading) -> Conclusion:
    age = _age(facts, reading)
    told_lost = bool(reading.says(LOST_TRACK))
    lost = told_lost or (age is not None and age >= STUCK_AFTER)
    return Conclusion(
        code="task.lost_track" if lost else "task.running",
        confidence=Confidence.LIKELY if lost else Confidence.CERTAIN,
        evidence=_seen(facts) + reading.quote(LOST_TRACK),
        alternatives=("task.running",) if lost else ("task.lost_track",),
        owner=Owner.GATEWAY if told_lost else _who_waits(reading),
        params={"minutes": round(age.total_seconds() / 60)} if age and age > timedelta() else {},
    )


def _who_waits(reading: Reading) -> Owner:
    return Owner.CUSTOMER if reading.says(FETCHED_AT_ONCE) else Owner.UPSTREAM


def _failed(facts: Facts, reading: Reading) -> Conclusion:
    """Failed: what matters then is whether the money came back."""
    if reading.says(LOST_TRACK) or _disagrees(facts):
        return Conclusion(
            code="task.lost_track", evidence=_seen(facts), alternatives=("task.failed_not_refunded",)
        )
    ledger = reading.case.charges
    evidence = _seen(facts) + (ledger_evidence(ledger) if ledger else ())
    if ledger is not None and _came_back(ledger):
        return Conclusion(code="task.failed_refunded", confidence=Confidence.CERTAIN, evidence=evidence)
    if ledger is not None and ledger.code is ChargeCode.FAILED_UNREFUNDED:
        return Conclusion(
            code="task.failed_not_refunded",
            confidence=Confidence.LIKELY
            if Remark.REFUND_MAY_FOLLOW in ledger.remarks
            else Confidence.CERTAIN,
            evidence=evidence,
            alternatives=("task.failed_refunded",),
        )
    told_back = reading.says(REFUNDED) and not reading.says(UNDELIVERED)
    if told_back or reading.intake.charged is Tri.NO:
        return Conclusion(
            code="task.failed_refunded", evidence=evidence, alternatives=("task.failed_not_refunded",)
        )
    if filtered := _filtered(facts, reading):
        return filtered
    charged = reading.intake.charged is Tri.YES or (ledger is not None and bool(ledger.charge_ids))
    return Conclusion(
        code="task.failed_not_refunded",
        confidence=Confidence.LIKELY if charged else Confidence.POSSIBLE,
        evidence=evidence,
        alternatives=("task.failed_refunded", "content.blocked"),
    )


def _filtered(facts: Facts, reading: Reading) -> Conclusion | None:
    """A filter that is named as the reason, and nobody who asks for the money: that leads."""
    words = reading.says(CONTENT)
    if not words or reading.says(UNDELIVERED):
        return None
    return Conclusion(
        code="content.blocked",
        evidence=(*_seen(facts), Evidence("declared", "words", words)),
        alternatives=("task.failed_not_refunded", "task.failed_refunded"),
    )


def _came_back(ledger: ChargeFinding) -> bool:
    """By a refund, or by a hold that was released: nothing of it is left."""
    nothing_left = bool(ledger.net) and not any(ledger.net.values())
    return ledger.code is ChargeCode.REFUNDED or (ledger.code is ChargeCode.HOLD_AND_SETTLE and nothing_left)


def _disagrees(facts: Facts) -> bool:
    """The gateway gave up asking while the upstream goes on: its own words say so."""
    return facts.task_contradicts or bool(LOST_TRACK.found_in(plain(facts.task_error)))


def _succeeded(facts: Facts, reading: Reading) -> Conclusion:
    age = _age(facts, reading)
    if reading.says(EXPIRED) or (age is not None and age >= EXPIRED_AFTER):
        return Conclusion(code="task.result_expired", evidence=_seen(facts) + reading.quote(EXPIRED))
    if any(map(reading.says, (RUNNING, LOST_TRACK, SAID_FAILED, CLIENT_TIMEOUT))):
        return Conclusion(code="task.lost_track", evidence=_seen(facts), alternatives=("ok.resolved",))
    return Conclusion(code="ok.not_reproduced", evidence=_seen(facts), alternatives=("task.result_expired",))


_NEVER_ARRIVED = (521, 522, 523)


def told(reading: Reading) -> Conclusion | None:
    """A media ticket whose task cannot be looked up, and words that name its state."""
    if reading.intake.status_code in _NEVER_ARRIVED:
        return None
    if not _about_a_task(reading):
        return _submission_lost(reading)
    for code, lead, alternative in (
        ("task.unknown", NOT_FOUND, "task.result_expired"),
        ("task.lost_track", LOST_TRACK, "task.running"),
        ("task.result_expired", EXPIRED, "task.unknown"),
        ("task.submit_ambiguous", SUBMIT_AMBIGUOUS, "task.running"),
    ):
        if words := reading.says(lead):
            return Conclusion(
                code=code, evidence=(Evidence("declared", "words", words),), alternatives=(alternative,)
            )
    return None


def _submission_lost(reading: Reading) -> Conclusion | None:
    """A submission whose answer never came, by its own words alone."""
    started, words = reading.says(SUBMISSION), reading.says(SUBMIT_AMBIGUOUS)
    if reading.probed or not (started and words):
        return None
    return Conclusion(
        code="task.submit_ambiguous",
        evidence=tuple(Evidence("declared", "words", said) for said in (started, words)),
        alternatives=("task.running", "stream.cut"),
    )


def told_to_run(reading: Reading) -> Conclusion | None:
    """Words for waiting; a submission that broke off without an id is worse than waiting."""
    if not _about_a_task(reading):
        return None
    intake = reading.intake
    if reading.path_says(ONLY_FETCHED) and (intake.status_code or 0) >= 500:
        return None
    if reading.is_media and not intake.task_id and intake.status_code in (502, 504, 524, 408):
        return _answer_lost(reading, intake.status_code)
    if (intake.status_code or 200) >= 400 or intake.charged_text:
        return None
    if intake.client_timeout_s and reading.says(CLIENT_TIMEOUT):
        return None
    words = reading.says(RUNNING)
    if not words:
        return _told_state(reading)
    return Conclusion(
        code="task.running",
        evidence=(Evidence("declared", "words", words),),
        alternatives=("task.lost_track",),
    )


def _answer_lost(reading: Reading, status: int) -> Conclusion:
    """A submission that a server between gave up: what else the ticket tells may name the fault of it."""
    share = reading.says(INTERMITTENT) if status == 502 else ""
    timed = reading.says(EXACTLY) if share and reading.says(CLIENT_TIMEOUT) else ""
    made = reading.says(MADE_ALL_THE_SAME) if status in (504, 524) else ""
    code, words = "task.submit_ambiguous", ""
    if made:
        code, words = "edge.origin_slow", made
    elif timed:
        code, words = "timeout.our_proxy", timed
    elif share and not reading.says(CLIENT_TIMEOUT):
        code, words = "intermittent", share
    told = (Evidence("declared", "words", words),) if words else ()
    others = ("task.submit_ambiguous", "edge.origin_slow", "timeout.upstream")
    return Conclusion(
        code=code,
        evidence=(*told, Evidence("declared", "status_code", status)),
        alternatives=tuple(other for other in others if other != code),
    )


def _told_state(reading: Reading) -> Conclusion | None:
    """Two states for one task, or talk of a state that does not move as it should."""
    contradiction = reading.says(SAID_FAILED) and reading.says(SAID_DONE)
    words = contradiction or reading.says(STATE)
    if not words:
        return None
    return Conclusion(
        code="task.lost_track",
        confidence=Confidence.POSSIBLE,
        evidence=(Evidence("declared", "words", words),),
        alternatives=("task.running", "task.unknown"),
    )


def _about_a_task(reading: Reading) -> bool:
    if reading.probed:
        return False
    return reading.is_media or bool(reading.intake.task_id) or reading.intake.symptom == "task_missing"
