"""Every built-in rule masks what its samples say, and spares what they say."""

import random

import pytest
import re2

from probes.redaction.catalogue import RULES
from probes.redaction.engine import Redactor, builtin_redactor
from probes.redaction.keep import SHAPES, has_kept_shape
from probes.redaction.rule import Rule
from probes.redaction.samples import expand, sample
from tests.probes.redaction.leaks import survives

MATCHES = [pytest.param(rule, t, id=f"{rule.name}-{n}") for rule in RULES for n, t in enumerate(rule.matches)]
SPARES = [pytest.param(t, id=f"{rule.name}-{n}") for rule in RULES for n, t in enumerate(rule.spares)]
KEPT = [pytest.param(t, id=f"{keep.name}-{n}") for keep in SHAPES for n, t in enumerate(keep.samples)]


@pytest.mark.parametrize(("rule", "template"), MATCHES)
def test_each_rule_alone_masks_its_samples(rule: Rule, template: str) -> None:
    alone = Redactor([rule], shapes_only=True)

    for seed in range(5):
        made = sample(template, random.Random(seed))
        redacted = alone.redact(made.text)

        assert [f.kind for f in redacted.findings] == [rule.kind]
        assert not survives(made.secret, redacted.text)


@pytest.mark.parametrize(("rule", "template"), MATCHES)
def test_the_whole_catalogue_masks_every_sample_of_every_rule(rule: Rule, template: str) -> None:
    for seed in range(5):
        made = sample(template, random.Random(seed))

        assert not survives(made.secret, builtin_redactor().redact(f"见 {made.text} 谢谢").text)


@pytest.mark.parametrize("template", SPARES)
def test_the_whole_catalogue_spares_what_looks_alike(template: str) -> None:
    for seed in range(5):
        text = expand(template, random.Random(seed))

        assert builtin_redactor().redact(text).text == text


@pytest.mark.parametrize("template", KEPT)
def test_kept_shapes_survive_without_a_label(template: str) -> None:
    for seed in range(20):
        text = expand(template, random.Random(seed))

        assert has_kept_shape(text)
        assert builtin_redactor().redact(f"客户发来 {text} ，请看").text == f"客户发来 {text} ，请看"


def test_the_catalogue_knows_more_than_ninety_kinds_each_with_a_sample() -> None:
    assert len({rule.kind for rule in RULES}) >= 90
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.matches for rule in RULES)


@pytest.mark.parametrize(("rule", "template"), MATCHES)
def test_a_hint_matches_wherever_its_rule_does(rule: Rule, template: str) -> None:
    hint = re2.compile(rule.hint or rule.pattern)

    for seed in range(20):
        assert hint.search(sample(template, random.Random(seed)).text) is not None
