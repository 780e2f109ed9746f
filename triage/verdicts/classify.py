"""From a case to its verdict: sources in order of weight, then owner, light, clock and wording."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from triage.charges.finding import ChargeCode
from triage.verdicts.case import Case, Confidence, Verdict
from triage.verdicts.clock import in_words, retry_not_before
from triage.verdicts.codes import ISSUES, RULES_VERSION, SYMPTOMS
from triage.verdicts.reading import Conclusion, Reading, in_order
from triage.verdicts.resend import light, look_first
from triage.verdicts.rules import (
    arithmetic,
    charges,
    from_ticket,
    history,
    hops,
    look_ups,
    outcome,
    probed,
    repeats,
    surroundings,
    tasks,
    timeouts,
    variants,
    well,
)
from triage.verdicts.rules.errors import PAGES_ONLY, read_error
from triage.verdicts.rules.owners import owner_of


def classify(case: Case) -> Verdict:
    """The verdict of all that is known; the same case always gives the same verdict. Never raises."""
    reading = Reading(replace(case, attempts=in_order(case.attempts)))
    conclusion = surroundings.refined(lead(reading), reading)
    findings = _findings(conclusion, reading)
    clock = retry_not_before(conclusion, reading)
    resend = light(conclusion, findings, reading)
    owner = owner_of(conclusion, reading)
    conclusion = arithmetic.worked_out(conclusion, reading)
    return Verdict(
        code=conclusion.code,
        confidence=conclusion.confidence,
        owner=owner,
        evidence=conclusion.evidence,
        counter_evidence=(*conclusion.counter, *charges.contradicted(reading)),
        alternatives=tuple(
            dict.fromkeys(code for code in conclusion.alternatives if code != conclusion.code)
        ),
        findings=findings,
        resend=resend,
        look_first=look_first(conclusion, findings, resend, reading),
        retry_not_before=clock[0] if clock else None,
        params=_params(conclusion, case, clock),
        overturned_by=conclusion.overturned_by or ISSUES[conclusion.code].overturned_by,
        rules_version=RULES_VERSION,
    )


def lead(reading: Reading) -> Conclusion:
    """Money and tasks first, since their answers forbid what technical ones may advise."""
    if unknown := _nothing_but_a_symptom(reading):
        return unknown
    for rule in (
        charges.ledger_answer,
        _told_twice,
        tasks.looked_up,
        tasks.told,
        _told_of_money,
        tasks.told_to_run,
    ):
        if conclusion := rule(reading):
            return _beside_the_probe(conclusion, reading)
    found = _technical(reading)
    return _complaint_for_an_error(found, reading) or found


def _nothing_but_a_symptom(reading: Reading) -> Conclusion | None:
    """A choice in the form names no cause: words, a time or an ID must be asked for first."""
    intake, ledger = reading.intake, reading.case.charges
    seen = reading.probed or (ledger is not None and ledger.code is not ChargeCode.NO_ROWS)
    if intake.symptom not in SYMPTOMS or seen or reading.said or intake.status_code or intake.elapsed_s:
        return None
    return replace(outcome.inconclusive(reading), alternatives=(SYMPTOMS[intake.symptom],))


def _beside_the_probe(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """What the ticket tells may lead, but never hides a fault that the desk has met itself."""
    found = probed.fault(reading)
    if found is None or any(item.where != "declared" for item in conclusion.evidence):
        return conclusion
    met = found[0]
    return replace(
        conclusion,
        counter=(*conclusion.counter, *met.evidence),
        alternatives=(met.code, *conclusion.alternatives),
    )


def _told_twice(reading: Reading) -> Conclusion | None:
    """ "Charged twice" leads over the state of a task, unless the rows show that it was not."""
    if not reading.says(charges.DOUBLE) or (reading.look_up and charges.refuted_by_rows(reading)):
        return None
    return charges.told(reading)


def _complaint_for_an_error(found: Conclusion, reading: Reading) -> Conclusion | None:
    """A complaint about money that stands where the error belongs, when nothing in it tells of an error."""
    intake = reading.intake
    nothing_found = found.code in ("inconclusive", "ok.not_reproduced")
    if not nothing_found or not intake.error_text or not reading.says(charges.ABOUT_MONEY):
        return None
    notes = f"{intake.error_text} ; {intake.notes}"
    told = Reading(replace(reading.case, intake=replace(intake, error_text="", notes=notes)))
    complains = any(map(told.relates, (charges.DOUBLE, charges.FAILED_AND_CHARGED, charges.UNDELIVERED)))
    return _told_twice(told) or _told_of_money(told) if complains or charges.paid_for_nothing(told) else None


def _told_of_money(reading: Reading) -> Conclusion | None:
    """What is said of money in passing does not lead over a refusal that the desk met: nothing ran."""
    if _met_a_refusal(reading) and not reading.relates(charges.DOUBLE):
        return None
    conclusion = _said_of_money(reading)
    if conclusion and conclusion.code == "charge.undelivered" and _explains_itself(reading):
        return None
    return conclusion


def _said_of_money(reading: Reading) -> Conclusion | None:
    rules = (charges.told, charges.given_back, charges.single_complaints)
    return next((conclusion for rule in rules if (conclusion := rule(reading))), None)


_SPENT_AS_ASKED = ("body.reasoning_only", "body.output_limited")


def _explains_itself(reading: Reading) -> bool:
    """The desk met the reason why nothing came although tokens were spent; the charge stands beside it."""
    found = probed.fault(reading) if reading.case.charges is None else None
    return found is not None and found[0].code in _SPENT_AS_ASKED


_REFUSED = ("auth.", "balance.", "client.", "gateway.misconfigured", "limit.", "model.", "quota.")


def _met_a_refusal(reading: Reading) -> bool:
    if not charges.asks_about_money(reading) or reading.case.charges is not None:
        return False
    found = probed.fault(reading)
    return found is not None and found[1] and found[0].code.startswith(_REFUSED)


def _technical(reading: Reading) -> Conclusion:
    """What the probe met, else what the ticket tells, else that nothing is wrong or known."""
    if disagreement := repeats.disagree(reading):
        return disagreement
    found = _met(reading)
    if found is not None:
        conclusion, specific = found
        if conclusion.code in _WAITED and (multiplied := timeouts.retries_multiplied(reading)):
            return replace(multiplied, alternatives=(conclusion.code, "timeout.client"))
        return conclusion if specific else _refined(conclusion, reading)
    if not reading.probed or reading.case.not_probed:  # a probe that was broken off proves no health
        if not reading.probed and (closed := outcome.closed(reading)):
            return closed
        told = from_ticket.told(reading)
        return (
            history.informed(look_ups.informed(told, reading), reading)
            if told
            else look_ups.alone(reading) or outcome.inconclusive(reading)
        )
    return well.explained(reading)


def _met(reading: Reading) -> probed.Found | None:
    """The fault that the plain requests met, or else a further step, with all that the others add to it."""
    found = probed.fault(reading)
    if found is None:
        further = hops.named_hop(None, reading) or variants.fault(reading)
        return (outcome.beside_fine_attempts(further, reading), True) if further else None
    conclusion, specific = found
    hop = hops.named_hop(conclusion, reading)
    conclusion = hop or variants.plain_over_http1(conclusion, reading)
    for informed in (
        variants.beside_another_model,
        repeats.strengthened,
        outcome.beside_fine_attempts,
        look_ups.informed,
        history.informed,
    ):
        conclusion = informed(conclusion, reading)
    return conclusion, specific or hop is not None


_WAITED = ("timeout.upstream", "upstream.slow", "reach.connect")


def _refined(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """A bare status from the probe: the ticket's words may name the class, or that it comes and goes."""
    if passing := outcome.comes_and_goes(conclusion, reading):
        return passing
    declared = read_error(reading.declared) if reading.declared else None
    if declared is None or not declared.specific:
        return conclusion
    told = declared.conclusion
    if told.code in PAGES_ONLY and conclusion.answer is not None and conclusion.answer.is_error_object:
        return conclusion  # "502 Bad Gateway" is what any client calls the number
    if told.code == conclusion.code:
        return replace(conclusion, confidence=Confidence.LIKELY, evidence=conclusion.evidence + told.evidence)
    return replace(
        told,
        evidence=told.evidence + conclusion.evidence,
        alternatives=(conclusion.code, *told.alternatives),
        confidence=Confidence.LIKELY,
    )


_SUBMISSION_UNCLEAR = (
    "timeout.",
    "edge.",
    "reach.connect",
    "upstream.error",
    "stream.cut",
    "gateway.internal",
    "intermittent",
)


def _findings(conclusion: Conclusion, reading: Reading) -> tuple[str, ...]:
    """Codes of money and tasks that stand beside the leading one."""
    beside = charges.beside(reading)
    spent = conclusion.code in _SPENT_AS_ASKED and _said_of_money(reading)
    if spent or charges.paid_without_result(conclusion, reading):
        beside = (*beside, "charge.undelivered")
    if _submission_unclear(conclusion, reading):
        beside = (*beside, "task.submit_ambiguous")
    return tuple(code for code in dict.fromkeys(beside) if code != conclusion.code)


def _submission_unclear(conclusion: Conclusion, reading: Reading) -> bool:
    """A row of the ledger that names the task would settle it: then the submission arrived."""
    ledger = reading.case.charges
    arrived = reading.look_up is not None or (ledger is not None and bool(ledger.task_ids))
    return reading.is_media and not arrived and conclusion.code.startswith(_SUBMISSION_UNCLEAR)


def _params(conclusion: Conclusion, case: Case, clock: tuple[datetime, bool] | None) -> dict[str, Any]:
    """Values that the playbook's sentences fill in; nothing internal, since replies use them too."""
    answer, intake = conclusion.answer, case.intake
    params: dict[str, Any] = {
        "status": (answer.status if answer else None) or intake.status_code,
        "code": (answer.code or answer.kind) if answer else "",
        "param": answer.param if answer else "",
        "model": intake.model,
        "task_id": intake.task_id,
        "request_id": intake.request_ids[0] if intake.request_ids else "",
        "client": intake.client,
    }
    if clock and case.now:
        params |= {"clock": in_words(clock[0], case.now, case.intake.zone), "clock_named": clock[1]}
    params |= conclusion.params
    return {name: value for name, value in params.items() if value not in (None, "")}
