"""What differs between two versions of a text or a playbook, word by word."""

import re
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Any

from triage.playbooks.standing import Playbook
from triage.playbooks.wording import TEXTS
from triage.verdicts.playbooks import LANGUAGES, Words

_TOKEN = re.compile(r"[\u3400-\u9fff]|\s+|\{\w+\}|\w+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text: `kind` is "same", "gone" or "new"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One text of a playbook that is not the same in both."""

    language: str
    name: str
    before: tuple[Part, ...]
    after: tuple[Part, ...]

    @property
    def label(self) -> Any:
        return TEXTS[self.name]


def differences(before: Playbook, after: Playbook) -> list[Difference]:
    """The texts that differ, in the order in which they are read, Chinese and English of each together."""
    return [
        Difference(
            language, f.name, *sides(getattr(before[language], f.name), getattr(after[language], f.name))
        )
        for f in fields(Words)
        for language in LANGUAGES
        if getattr(before[language], f.name) != getattr(after[language], f.name)
    ]


def sides(before: str, after: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The older text with what is gone marked, and the newer with what is new."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    left: list[Part] = []
    right: list[Part] = []
    for kind, i, j, k, m in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        left += _part("same" if kind == "equal" else "gone", old[i:j])
        right += _part("same" if kind == "equal" else "new", new[k:m])
    return tuple(left), tuple(right)


def _part(kind: str, tokens: list[str]) -> list[Part]:
    return [Part(kind, "".join(tokens))] if tokens else []
