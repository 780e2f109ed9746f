"""What is asked of whoever can supply a missing fact: questions.toml, in both languages."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Final

from triage.verdicts.case import Intake, Tri
from triage.verdicts.codes import FACT_SUPPLIERS

_CLOSING = "closing"  # what ends every list of questions

STEP_THAT_TELLS: Final[Mapping[str, str]] = {
    "long_probe": "long",
    "second_probe": "repeat",
    "task_status": "status",
    "model_list": "models",
    "balance": "balance",
}
"""The kind of a desk's step that supplies a fact, also where somebody else could look it up."""

_USEFUL: Final = (
    *("error_text", "status_code", "occurred_at", "request_ids", "model", "stream"),
    *("client", "client_version", "base_url", "elapsed_s", "via_proxy", "retried", "zone"),
)
_OF_TASKS: Final = ("task_id", "charged")
_NOTHING: Final = (None, "", (), Tri.UNKNOWN)


def questions() -> Mapping[str, Mapping[str, str]]:
    """By the name of a fact or of a field of the ticket; a fact has its name in words as well."""
    return {name: words for name, words in _table().items() if name != _CLOSING}


def question_for(name: str, language: str) -> str:
    """Raises KeyError for a name that nobody can be asked for."""
    return _table()[name][_side(language)]


def fact_name(fact: str, language: str) -> str:
    """What a fact of FACT_SUPPLIERS is called; one that nobody knows any more stands for itself."""
    return _table().get(fact, {}).get(f"name_{_side(language)}", fact)


def may_ask_customer(name: str) -> bool:
    """Whether the customer is the one to ask: for a field of the ticket, or for a fact of theirs."""
    return name in questions() and FACT_SUPPLIERS.get(name, "customer") == "customer"


def in_reply(names: Sequence[str], language: str) -> str:
    """The questions as the reply's last paragraphs, numbered where there are several; never for a key."""
    if not names:
        return ""
    asked = [question_for(name, language) for name in names]
    numbered = asked if len(asked) == 1 else [f"{n}. {words}" for n, words in enumerate(asked, start=1)]
    return "\n".join([*numbered, question_for(_CLOSING, language)])


def missing_fields(intake: Intake) -> tuple[str, ...]:
    """Fields worth asking for that the ticket leaves open, the most telling first."""
    useful = (*_OF_TASKS, *_USEFUL) if intake.is_media else _USEFUL
    return tuple(name for name in useful if getattr(intake, name) in _NOTHING)


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(resources.files(__package__).joinpath("questions.toml").read_text("utf-8"))


def _side(language: str) -> str:
    return "zh" if language.startswith("zh") else "en"
