"""What holds for any case whatever, so that no two rules fight."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.labelled import NOW, case_of, labelled_cases
from tests.triage.verdicts.strategies import FACT_NAMES, SEEN, cases
from triage.verdicts.case import Case, Evidence, Intake, Resend, Verdict
from triage.verdicts.classify import classify
from triage.verdicts.codes import FACT_SUPPLIERS, ISSUES
from triage.verdicts.playbooks import LANGUAGES, words_for
from triage.verdicts.reading import Reading

PROSE = {"error_text": "", "notes": "", "symptom": "", "charged_text": "", "control_text": ""}

# --- (a) any case has a verdict


@given(cases(odd=True))
def test_whatever_is_known_there_is_a_verdict_in_known_words(case):
    verdict = classify(case)

    assert verdict.code in ISSUES
    assert set(verdict.alternatives) | set(verdict.findings) <= set(ISSUES)
    assert verdict.overturned_by in FACT_SUPPLIERS
    assert verdict == classify(case) or _has_nan(verdict)


def _has_nan(verdict: Verdict) -> bool:
    return "nan" in repr(verdict)


@pytest.mark.parametrize("unit", ["余额不足 ", "a", "}{", "<html>", "没有", "1 ", "429 ", "retry after 5 "])
def test_a_body_of_a_megabyte_is_judged(unit):
    body = unit * (1_000_000 // len(unit))

    assert classify(Case(intake=Intake(error_text=body, notes=body, status_code=500), now=NOW)).code in ISSUES


# --- (b) what says nothing of the fault changes nothing

IRRELEVANT = {
    "account_ref": "who it is, not what happened",
    "key_hint": "which key of theirs; a key's state is looked up, not guessed",
    "endpoint": "the name that the desk gave it; what it does stands in the facts",
    "task_id": "which task, once there is one: only whether there is one counts",
    "request_ids": "which requests, and in which order",
}


@given(cases(), st.text(min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_names_of_things_decide_nothing(case, name, random):
    ids = list(case.intake.request_ids)
    random.shuffle(ids)
    other = replace(
        case.intake,
        account_ref=name,
        key_hint=name,
        endpoint=name,
        task_id="another" if case.intake.task_id else "",
        request_ids=tuple(ids),
    )

    assert _gist(classify(case)) == _gist(classify(replace(case, intake=other)))


def _gist(verdict: Verdict) -> tuple[object, ...]:
    return verdict.code, verdict.owner, verdict.resend, verdict.confidence


# --- (c) a verdict cites what it rests on, and nothing else


@given(cases())
def test_every_cited_fact_of_an_attempt_is_a_fact_of_that_attempt(case):
    verdict = classify(case)

    for item in (*verdict.evidence, *verdict.counter_evidence):
        of_step = [facts for facts in case.attempts if facts.step == item.where]
        if of_step and item.fact in FACT_NAMES and item.fact not in _SHORTENED:
            assert item.value in [getattr(facts, item.fact) for facts in of_step], item


_SHORTENED = ("error_message", "error_code", "error_type")  # cut, or in lower case


@given(cases())
def test_every_cited_word_of_the_ticket_is_in_the_ticket(case):
    reading = Reading(case)

    for item in _declared(classify(case)):
        if item.fact == "words":
            assert (
                item.value in reading.told or item.value in reading.said or item.value == case.intake.symptom
            )
        elif hasattr(case.intake, item.fact) and item.fact != "elapsed_s":
            assert item.value == getattr(case.intake, item.fact)


@given(cases())
def test_without_an_attempt_that_it_cites_the_verdict_is_another(case):
    verdict = classify(case)

    for step in {item.where for item in verdict.evidence} & {facts.step for facts in case.attempts}:
        left = tuple(facts for facts in case.attempts if facts.step != step)
        assert _rests_on(classify(replace(case, attempts=left))) != _rests_on(verdict)


@given(cases())
def test_without_the_words_that_it_cites_the_verdict_is_another(case):
    verdict = classify(case)
    cited = {item.fact for item in _declared(verdict)}
    if not cited:
        return
    named = {field: None for fact, field in _FIELDS.items() if fact in cited}

    silent = replace(case.intake, **PROSE, **named)

    assert _rests_on(classify(replace(case, intake=silent))) != _rests_on(verdict)


_FIELDS = {"status": "status_code"} | {
    name: name for name in ("status_code", "elapsed_s", "client_timeout_s", "retry_count")
}


def _declared(verdict: Verdict) -> list[Evidence]:
    return [item for item in verdict.evidence if item.where == "declared"]


def _rests_on(verdict: Verdict) -> tuple[object, ...]:
    return verdict.code, verdict.confidence, verdict.evidence


# --- (d) attempts are known by their steps, not by their place


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_attempts_does_not_matter(case, random):
    attempts = list(case.attempts)
    random.shuffle(attempts)

    assert _gist(classify(replace(case, attempts=tuple(attempts)))) == _gist(classify(case))


# --- (e) nothing dangerous is advised


@given(cases())
def test_a_class_that_a_retry_makes_worse_is_never_safe_to_resend(case):
    verdict = classify(case)

    if ISSUES[verdict.code].retry_dangerous or case.intake.is_media or verdict.retry_not_before:
        assert verdict.resend is not Resend.SAFE


def test_no_case_of_ours_breaks_any_of_these():
    for case in SEEN:
        verdict = classify(case)

        assert verdict.evidence
        assert _gist(classify(replace(case, attempts=case.attempts[::-1]))) == _gist(verdict)


_ADVICE = re.compile(
    r"重试|重发|重新(?:发送|提交|请求|生成)|再(?:试|发|提交|请求|生成)"
    r"|(?:try|send|submit|request|call|run)\w*(?: \w+){0,4} (?:again|once more)"
    r"|\bresend|\bretry\b|\bre-?submit|\bre-?run|\bregenerate",
    re.IGNORECASE,
)
_WITHHELD_OR_TIMED = re.compile(
    r"不|勿|别|禁止|避免|无需|先|前|后|才|停|次数|自动|等|除非|若|如果|仅|只|结果相同"
    r"|until|before|\bnot\b|never|n't|without|instead|after|only|wait|stop|\bif\b|unless|first|limit"
    r"|automatic|count|at most|whether|cannot|\bno\b|avoid|settings",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_advises_to_send_again_where_that_is_dangerous(language):
    for row in filter(lambda row: row["expected"]["retry_dangerous"], labelled_cases()):
        verdict = classify(case_of(row))
        words = words_for(verdict, language)
        assert verdict.resend is not Resend.SAFE
        for sentence in re.split(r"(?<=[。！？.!?;；])\s*", f"{words.next_action} {words.reply}"):
            assert not _ADVICE.search(sentence) or _WITHHELD_OR_TIMED.search(sentence), (row["id"], sentence)
