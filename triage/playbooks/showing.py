"""A playbook as its pages show it: groups of texts in both languages, and the parameters that they name."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from triage.playbooks.checks import words_in
from triage.playbooks.standing import Playbook
from triage.playbooks.wording import GROUPS, PARAMETER_NOTES, TEXTS
from triage.verdicts.playbooks import parameters_of


@dataclass(frozen=True, slots=True)
class Pair:
    """One text in both languages."""

    label: Any
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that one reader reads together; words are counted as checks.py does."""

    anchor: str
    label: Any
    pairs: tuple[Pair, ...]
    words_zh: int
    words_en: int


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    note: Any
    named_in: tuple[Any, ...]  # labels of texts


def groups_of(playbook: Playbook) -> Iterator[Group]:
    for anchor, label, _hint, names in GROUPS:
        pairs = tuple(_pair(playbook, name) for name in names)
        zh, en = " ".join(pair.zh for pair in pairs), " ".join(pair.en for pair in pairs)
        yield Group(anchor, label, pairs, words_in(zh), words_in(en))


def _pair(playbook: Playbook, name: str) -> Pair:
    return Pair(TEXTS[name], getattr(playbook["zh"], name), getattr(playbook["en"], name))


def parameters_in(playbook: Playbook) -> list[Parameter]:
    """Each parameter that some text names, by name."""
    named: dict[str, dict[str, Any]] = {}
    for words in playbook.values():
        for name, text in asdict(words).items():
            for parameter in parameters_of(text):
                named.setdefault(parameter, {})[name] = TEXTS[name]
    return [
        Parameter(name, PARAMETER_NOTES.get(name, ""), tuple(labels.values()))
        for name, labels in sorted(named.items())
    ]
