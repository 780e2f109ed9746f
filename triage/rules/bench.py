"""The test bench: a text as the rules would leave it, in pieces of which some are highlighted."""

from typing import NamedTuple

from probes.redaction.engine import WITHHELD, Redactor
from probes.redaction.normalise import storable
from probes.redaction.search import CheckFailed, Hit
from triage.rules.content import Content, engine_rule
from triage.rules.redactors import other_rules, redactor_of

LONGEST = 100_000  # characters


class Piece(NamedTuple):
    """Plain text, or with a `rule` what stands in the place of a match; never what was matched."""

    text: str
    kind: str = ""
    rule: str = ""
    mine: bool = False  # found by the rule on the bench


def pieces_of(text: str, *, name: str = "", content: Content | None = None) -> list[Piece]:
    """The text under the rules in force, with the rule on the bench as its draft has it.

    Rules that are kept to some fields hold here too. Of a text that cannot be checked nothing is returned.
    """
    redactor = _redactor(name, content)
    try:
        hits = redactor.find(text)
    except CheckFailed:
        return [Piece(WITHHELD, kind="withheld", rule="withheld")]
    return _cut(text, hits, name)


def _redactor(name: str, content: Content | None) -> Redactor:
    others = tuple(rule.as_rule() for rule in other_rules(name))
    return redactor_of((engine_rule(name, content), *others) if content else others)


def _cut(text: str, hits: list[Hit], name: str) -> list[Piece]:
    pieces, position = [], 0
    for hit in hits:
        pieces += [Piece(storable(text[position : hit.start])), _masked(hit, name)]
        position = hit.end
    return [piece for piece in [*pieces, Piece(storable(text[position:]))] if piece.text]


def _masked(hit: Hit, name: str) -> Piece:
    return Piece(hit.shown, hit.kind, hit.rule, mine=hit.rule.removesuffix("+encoded") == name)
