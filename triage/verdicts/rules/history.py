"""What the ticket tells of earlier or elsewhere: the name that used to work, the path that does."""

from dataclasses import replace

from triage.verdicts.case import Confidence, Evidence
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.texts import load_leads

_LEADS = load_leads("requests")

TYPO = load_leads("owners")["typo"]
WORKED_BEFORE = _LEADS["worked_before"]
OTHER_PATH_WORKS = _LEADS["other_path_works"]


def informed(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """The conclusion as far as these change it."""
    return _by_the_name(_by_the_past(_by_another_path(conclusion, reading), reading), reading)


def _by_the_past(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """A name that was served until now is no mistyped one."""
    status = conclusion.answer.status if conclusion.answer else None
    listed = reading.case.attempt("models") is not None
    if conclusion.code != "model.unknown" or status == 503 or listed or not reading.says(WORKED_BEFORE):
        return conclusion
    words = reading.quote(WORKED_BEFORE)
    return _rather("model.retired", conclusion, words, "model.unknown", "model.not_permitted")


def _by_the_name(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """No channel serves a name that was mistyped or left empty: the writer corrects it, not the gateway."""
    words = reading.quote(TYPO)
    if conclusion.code != "model.no_channel" or not words:
        return conclusion
    return _rather("model.unknown", conclusion, words, "model.no_channel", *conclusion.alternatives)


def _by_another_path(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """The base URL is right where another path below it answers."""
    words = reading.quote(OTHER_PATH_WORKS)
    if conclusion.code not in ("client.wrong_base_url", "model.unknown") or not words:
        return conclusion
    others = ("client.wrong_base_url", *conclusion.alternatives)
    return _rather("client.protocol_mismatch", conclusion, words, *others)


def _rather(code: str, conclusion: Conclusion, words: tuple[Evidence, ...], *alternatives: str) -> Conclusion:
    """Another class than was concluded, for what the ticket says in these words."""
    return replace(
        conclusion,
        code=code,
        confidence=Confidence.LIKELY,
        evidence=(*conclusion.evidence, *words),
        alternatives=alternatives,
    )
