"""From a case to its verdict: sources in order of weight, then owner, light, clock and wording."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from triage.charges.finding import ChargeCode
from triage.verdicts.case import Case, Confidence, Evidence, Intake, Verdict
from triage.verdicts.clock import in_words, retry_not_before
from triage.verdicts.codes import ISSUES, RULES_VERSION, SYMPTOMS
from triage.verdicts.reading import Conclusion, Reading, in_order, shown, went_well
from triage.verdicts.resend import light, look_first
from triage.verdicts.rules import (
    arithmetic,
    buffering,
    charges,
    history,
    hops,
    look_ups,
    outcome,
    probed,
    repeats,
    stories,
    surroundings,
    tasks,
    timeouts,
    variants,
)
from triage.verdicts.rules.errors import PAGES_ONLY, by_number_alone, read_error
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
    return _technical(reading)


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


def _told_of_money(reading: Reading) -> Conclusion | None:
    """What is said of money in passing does not lead over a refusal that the desk met: nothing ran."""
    if _met_a_refusal(reading) and not reading.relates(charges.DOUBLE):
        return None
    for rule in (charges.told, charges.given_back, charges.single_complaints):
        if conclusion := rule(reading):
            return conclusion
    return None


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
        told = _from_ticket(reading)
        return (
            history.informed(look_ups.informed(told, reading), reading)
            if told
            else look_ups.alone(reading) or outcome.inconclusive(reading)
        )
    return _without_fault(reading)


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


def _without_fault(reading: Reading) -> Conclusion:
    """Every attempt of ours went well: the difference lies with the customer, or has passed."""
    told, oddity = _from_ticket(reading), variants.oddity(reading) or probed.oddity(reading)
    if oddity and (told is None or told.code in _EXPLAINED_BY.get(oddity.code, ())):
        return oddity
    if told is None or (told.code in _STUMBLES and outcome.stumbling_stones(reading)):
        return (
            outcome.resolved(reading)
            or outcome.gone(reading)
            or (outcome.stumbling_stones(reading) and outcome.client_stumbles(reading))
            or outcome.comes_and_goes(None, reading)
            or outcome.client_stumbles(reading)
            or outcome.not_reproduced(reading)
        )
    if gone := outcome.gone(reading):
        return replace(gone, alternatives=(told.code, *gone.alternatives))
    for rule in (
        outcome.resolved,
        outcome.passes_now,
        lambda reading: outcome.comes_and_goes(told, reading),
    ):
        if (told.code in outcome.PASSING or by_number_alone(told)) and (passed := rule(reading)):
            return passed
    others = (oddity.code,) if oddity else ("ok.not_reproduced",)
    told = history.informed(look_ups.informed(told, reading), reading)
    return _beside_our_stream(
        replace(told, counter=_our_attempts(reading), alternatives=(*told.alternatives, *others)), reading
    )


def _beside_our_stream(told: Conclusion, reading: Reading) -> Conclusion:
    """Somebody's held-back stream against ours: too short to tell, or long enough to contradict."""
    stream = buffering.witness(reading)
    if stream is None or told.code not in _HELD_BACK:
        return told
    if buffering.too_short_to_tell(stream):
        seen = Evidence(stream.step, "body_bytes", buffering.size_of(stream))
        return replace(
            told,
            confidence=Confidence.POSSIBLE,
            evidence=(*told.evidence, seen),
            counter=(),
            alternatives=(*told.alternatives, "inconclusive"),
            overturned_by="long_probe",
        )
    return replace(told, counter=(*told.counter, *shown(stream, "body_bytes", "reads", "burst_count")))


_HELD_BACK = ("stream.fully_buffered", "stream.block_buffered", "stream.headers_held")


_STUMBLES = ("stream.no_content", "stream.truncated", "stream.stalled", "stream.cut", "body.empty")
"""Vague complaints that a client makes which trips over a healthy but unusual stream."""

_EXPLAINED_BY = {
    "client.protocol_mismatch": (
        "client.protocol_mismatch",
        "client.bad_parameter",
        "client.wrong_base_url",
        "upstream.error",
        "stream.client_parser",
        "stream.no_content",
        "body.empty",
        "reach.connect",
        "timeout.connect",
        "stream.cut",
        "stream.stalled",
    ),
    "body.output_limited": (
        "stream.truncated",
        "stream.cut",
        "stream.client_parser",
        "stream.stalled",
        "body.output_limited",
        "client.bad_parameter",  # of the call after it, which carries the half arguments
    ),
    "stream.fully_buffered": (
        "stream.flag_ignored",
        "stream.fully_buffered",
        "upstream.slow",
        "stream.slow_first_token",
        "stream.stalled",
    ),
    "stream.slow_first_token": ("upstream.slow", "stream.stalled", "stream.slow_first_token"),
    "stream.headers_held": ("upstream.slow", "stream.stalled", "stream.slow_first_token"),
    "upstream.slow": ("stream.stalled", "stream.slow_first_token", "upstream.slow"),
}
"""Complaints that an oddity of the probe accounts for."""


def _from_ticket(reading: Reading) -> Conclusion | None:
    """The ticket alone: a named error, then a story that names its cause, then what is vague."""
    answer = reading.declared
    error = read_error(answer) if answer else None
    named = error.conclusion if error and error.specific else None
    strong = stories.tell(reading, stories.STRONG)
    refused = answer is not None and (answer.status or 200) >= 300
    quoted = answer is not None and answer.is_error_object
    vague = error.conclusion if error else None
    if (named is None or named.code.startswith("limit.")) and (storm := stories.retry_storm(reading)):
        return storm
    if unreached := stories.own_gateway_never_connected(reading):
        return unreached
    if named and named.code.startswith("auth.") and (unreached := stories.refused_by_nobody(reading)):
        return replace(unreached, alternatives=(*unreached.alternatives, named.code))
    if refused and quoted:  # the words of the server's own object are no story of a client
        return named or vague or strong or stories.tell(reading, stories.WEAK)
    first, second = (named, strong) if refused or quoted or (error and error.exact) else (strong, named)
    return first or second or vague or stories.tell(reading, stories.WEAK) or _by_symptom(reading.intake)


def _by_symptom(intake: Intake) -> Conclusion | None:
    """Only the choice in the form beside a probe that found nothing: a guess, and said to be one."""
    if intake.symptom not in SYMPTOMS or intake.symptom == "other":
        return None
    return Conclusion(
        code=SYMPTOMS[intake.symptom],
        confidence=Confidence.POSSIBLE,
        evidence=(Evidence("declared", "symptom", intake.symptom),),
        alternatives=("inconclusive",),
    )


def _our_attempts(reading: Reading) -> tuple[Evidence, ...]:
    """What speaks against a fault of the service: the desk's own attempts passed."""
    once = [facts for facts in reading.probed if went_well(facts) and facts.step != "repeat"]
    return (*(Evidence(facts.step, "status", facts.status) for facts in once), *repeats.all_passed(reading))


_SUBMISSION_UNCLEAR = (
    "timeout.",
    "edge.",
    "reach.connect",
    "upstream.error",
    "stream.cut",
    "gateway.internal",
)


def _findings(conclusion: Conclusion, reading: Reading) -> tuple[str, ...]:
    """Codes of money and tasks that stand beside the leading one."""
    beside = charges.beside(reading)
    if charges.paid_without_result(conclusion, reading):
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
