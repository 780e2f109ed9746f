"""Secrets of all kinds, made anew, and the search for them in everything that the desk keeps or says."""

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from probes.redaction.catalogue import RULES
from probes.redaction.engine import builtin_redactor
from probes.redaction.kinds import PERSONAL_KINDS
from probes.redaction.literals import literal_forms
from probes.redaction.samples import expand
from tests.cases.secret_cases import generate

PIECE = 12  # characters: what is shown of a masked key is shorter
_SLOT = re.compile(r"<[A-Za-z0-9]+:?\d*>")
_ONE_WORD = re.compile(r"[\w.%+/=~@:\-]+")  # a spelling over several words shares pieces with harmless ones


@dataclass(frozen=True, slots=True)
class Canary:
    """A text to paste, and the random parts of the secret in it, without its public prefix."""

    kind: str
    text: str
    cores: tuple[str, ...]

    def pieces(self) -> set[str]:
        """Of every core, as it is, URL-encoded, in hex and in base64."""
        return {piece for form in literal_forms(self.cores) for piece in _pieces(form)}

    @property
    def is_personal(self) -> bool:
        return any(
            finding.kind in PERSONAL_KINDS for finding in builtin_redactor().redact(self.text).findings
        )


def canaries(wanted: int, *, seed: int) -> list[Canary]:
    """A few of every rule's own samples, then cases that were written without a look at the rules.

    Only what the engine masks when it is alone: how much it finds is measured elsewhere, here it is where.
    And only what stands in no other text by chance, where it is meant to stay: the host of an e-mail address.
    """
    # Not the stream of the cases: at the same place in it, both would write the same digits.
    rng = random.Random(f"samples {seed}")
    candidates = [*_of_rules(rng), *_of_cases(seed)]
    left = {piece for canary in candidates for piece in _pieces(_masked(canary))}
    made = [canary for canary in candidates if left.isdisjoint(canary.pieces())]
    assert len(made) >= wanted, f"only {len(made)} canaries"
    return made[:wanted]


def _of_rules(rng: random.Random) -> Iterator[Canary]:
    for rule in RULES:
        for template in rule.matches[:3]:
            if canary := _filled(rule.kind, template, rng):
                yield canary


def _filled(kind: str, template: str, rng: random.Random) -> Canary | None:
    before, mark, rest = template.partition("«")
    secret, _, after = rest.partition("»") if mark else (template, "", "")
    cores: list[str] = []

    def fill(slot: "re.Match[str]") -> str:
        cores.append(expand(slot[0], rng))
        return cores[-1]

    text = (expand(before, rng) if mark else "") + _SLOT.sub(fill, secret) + expand(after, rng)
    long_enough = tuple(core for core in cores if len(core) >= PIECE)
    return Canary(kind, text, long_enough) if long_enough else None


def _of_cases(seed: int) -> Iterator[Canary]:
    """The random part alone: a spelling of it in base64 holds the harmless words around it too."""
    for case in generate(seed, 600):
        for secret in case["secrets"][:1]:
            core = secret["core"][0]
            if len(core) >= PIECE and _ONE_WORD.fullmatch(core):
                yield Canary(secret["kind"], case["text"], (core,))


def _masked(canary: Canary) -> str:
    return builtin_redactor().redact(canary.text).text


def _pieces(text: str) -> Iterator[str]:
    return (text[at : at + PIECE] for at in range(len(text) - PIECE + 1))


@dataclass
class Search:
    """Looks for every piece of every secret, as it is, URL-encoded, in hex and in base64."""

    secrets: Iterable[Canary]
    bytes_read: int = 0
    places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._owner: dict[str, str] = {}
        for canary in self.secrets:
            self._owner |= dict.fromkeys(canary.pieces(), canary.kind)

    @property
    def pieces(self) -> int:
        return len(self._owner)

    def leaks_in(self, text: str, *, place: str = "") -> list[str]:
        """The kinds of which a piece stands in the text, with the piece's first characters."""
        self.bytes_read += len(text.encode("utf-8", "replace"))
        sort = place.partition(" ")[0]
        self.places[sort] = self.places.get(sort, 0) + 1
        owner = self._owner
        found = {piece for piece in _pieces(text) if piece in owner}
        return sorted(f"{place}: {owner[piece]} {piece[:6]}…" for piece in found)

    def leaks_everywhere(self, texts: Mapping[str, str]) -> list[str]:
        return [leak for place, text in texts.items() for leak in self.leaks_in(text, place=place)]
