"""What customers would be sent for every case of our own: filled with real values, safe to send."""

import re

import pytest

from tests.cases.labelled import NOW, case_of, labelled_cases
from tests.triage.verdicts.steps import CONTROL, STREAM
from triage.verdicts.case import Case, Intake, Resend, Verdict
from triage.verdicts.classify import classify
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import FOR_CUSTOMERS, LANGUAGES, shows_internals, words_for

NOT_AGAIN = re.compile(
    r"not (?:send|submit|retry|resend|repeat|try)|[Nn]o need to send|nor retry|before (?:sending|another try)"
    r"|changed? the wording|unchanged|never submit|pause|stop automatic|instead of submitting|do not follow"
    r"|charged separately"
    r"|不要|先|无需|暂停|不必|停止|关闭|原样"
)


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    return [classify(case_of(labelled)) for labelled in labelled_cases()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reply_shows_anything_internal_or_a_hole(verdicts, language):
    told = [
        (verdict.code, getattr(words_for(verdict, language), name))
        for verdict in verdicts
        for name in FOR_CUSTOMERS
    ]

    assert [(code, text) for code, text in told if shows_internals(text) or re.search(r"[{}]", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_under_a_red_light_holds_the_customer_back(verdicts, language):
    red = [verdict for verdict in verdicts if verdict.resend is Resend.UNSAFE and verdict.code in ISSUES]

    bold = {verdict.code for verdict in red if not NOT_AGAIN.search(words_for(verdict, language).reply)}

    assert bold == set()


TOLD_401 = Intake(status_code=401, error_text="Incorrect API key provided")
NOT_MEASURED = {"en": ("not measured", "have not measured"), "zh": ("尚未实测",)}
WENT_WELL = {"en": "our own test went well", "zh": "我们自己的测试"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_the_ticket_beside_a_test_that_went_well_are_not_called_unmeasured(language):
    words = words_for(classify(Case(intake=TOLD_401, attempts=(CONTROL, STREAM), now=NOW)), language)

    for text in (words.happened, words.reply):
        assert WENT_WELL[language] in text
        assert not any(hedge in text for hedge in NOT_MEASURED[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_the_ticket_alone_are_called_unmeasured(language):
    words = words_for(classify(Case(intake=TOLD_401, now=NOW)), language)

    assert any(hedge in words.reply for hedge in NOT_MEASURED[language])
    assert WENT_WELL[language] not in words.reply
