"""The ticket read by itself: where nothing was probed, or nothing that was probed is wrong."""

from dataclasses import replace

from triage.verdicts.case import Confidence, Evidence, Intake
from triage.verdicts.codes import SYMPTOMS
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.rules import stories
from triage.verdicts.rules.errors import read_error


def told(reading: Reading) -> Conclusion | None:
    """The ticket alone: a named error, then a story that names its cause, then what is vague."""
    answer = reading.declared
    error = read_error(answer) if answer else None
    named = error.conclusion if error and error.specific else None
    strong = stories.tell(reading, stories.STRONG)
    refused = answer is not None and (answer.status or 200) >= 300
    quoted = answer is not None and answer.is_error_object
    vague = error.conclusion if error else None
    if not (named or strong or reading.intake.status_code) and reading.says(stories.NOTHING_TO_GO_ON):
        return None
    if (named is None or named.code.startswith("limit.")) and (storm := stories.retry_storm(reading)):
        return storm
    if unreached := stories.own_server_never_connected(reading):
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
