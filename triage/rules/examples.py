"""The examples that ship with the desk: what must be masked, and what must stay."""

import random
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from probes.redaction.catalogue import RULES
from probes.redaction.keep import SHAPES
from probes.redaction.samples import sample

_SEED = 4  # the same made-up values in every run, so that two runs can be compared


class Example(NamedTuple):
    """A text, and the rule or the keep rule that it belongs to."""

    text: str
    of: str


@lru_cache(maxsize=1)
def secrets() -> tuple[Example, ...]:
    """Every sample of every built-in rule, filled with made-up values."""
    rng = random.Random(_SEED)  # noqa: S311 - nothing here is secret
    return tuple(Example(sample(t, rng).text, rule.name) for rule in RULES for t in rule.matches)


@lru_cache(maxsize=1)
def keepers() -> tuple[Example, ...]:
    """Ids, hashes, model names and the like, alone and named, and the built-in rules' spares."""
    return tuple(_keepers(random.Random(_SEED)))  # noqa: S311


def _keepers(rng: random.Random) -> Iterator[Example]:
    for keep in SHAPES:
        for template in keep.samples:
            text = sample(template, rng).text
            yield Example(text, keep.name)
            yield Example(f"request_id: {text}", keep.name)
    for rule in RULES:
        for template in rule.spares:
            yield Example(sample(template, rng).text, rule.name)
