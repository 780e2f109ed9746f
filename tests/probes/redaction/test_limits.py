"""Bad rules and bad texts: a clear message or a bounded answer, and never unmasked text."""

import json
import random
import resource

import pytest

from probes.redaction import search
from probes.redaction.actions import current_redactor
from probes.redaction.engine import WITHHELD, Redactor, builtin_redactor, redact_leaves
from probes.redaction.models import RedactionRule
from probes.redaction.rule import Rule
from probes.redaction.samples import expand
from probes.redaction.search import RuleError
from tests.bench.sample_log import make_log
from tests.probes.redaction.leaks import survives

KEY = expand("sk-proj-<an48>", random.Random(9))
_GIGABYTE = 1024 * 1024  # kilobytes, as Linux counts the greatest resident size


def many(count: int, pattern: str) -> list[Rule]:
    return [Rule(name=f"r{n}", kind="many", pattern=pattern.format(n=n)) for n in range(count)]


def test_ten_thousand_rules_are_compiled_and_found() -> None:
    redactor = Redactor(many(10_000, r"\bEMP{n:05}-\d{{6}}\b"), shapes_only=True)

    assert redactor.redact("EMP00007-123456 EMP09999-123456 EMP10000-123456").text.endswith(
        " EMP10000-123456"
    )
    assert len(redactor.redact("EMP00007-123456 EMP09999-123456").findings) == 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2 * _GIGABYTE


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_MEMORY", 1024 * 1024)


@pytest.mark.usefixtures("little_memory")
def test_rules_that_no_automaton_can_hold_are_refused_in_words() -> None:
    with pytest.raises(RuleError, match="rules are more than 1 MB can hold"):
        Redactor(many(200, r"{n}[a-z\d]{{90}}"), shapes_only=True)


@pytest.mark.django_db
@pytest.mark.usefixtures("little_memory")
def test_stored_rules_that_do_not_fit_withhold_every_text_and_the_log_says_why(
    caplog: pytest.LogCaptureFixture,
) -> None:
    RedactionRule.objects.bulk_create(
        RedactionRule(name=rule.name, kind=rule.kind, pattern=rule.pattern)
        for rule in many(200, r"{n}[a-z\d]{{90}}")
    )

    assert current_redactor().redact("hello").text == WITHHELD
    assert "more than 1 MB can hold" in caplog.text


def test_ten_megabytes_in_one_field_are_masked() -> None:
    text = "an ordinary word " * 600_000 + KEY

    masked = builtin_redactor().redact(text).text

    assert masked.endswith(f"sk-proj-…{KEY[-4:]}")
    assert len(masked) > 10_000_000


def test_json_in_any_depth_that_can_be_parsed_is_masked_to_its_leaves() -> None:
    deep = json.loads('{"a": [' * 90 + json.dumps(KEY) + "]}" * 90)

    clean, findings = redact_leaves(deep, builtin_redactor())

    assert not survives(KEY, json.dumps(clean))
    assert len(findings) == 1


@pytest.mark.parametrize("noise", ["\0", "\ud800", "\udfff", "\u200b", "\ufffd"])
def test_characters_that_no_store_takes_hide_nothing(noise: str) -> None:
    masked = builtin_redactor().redact(noise.join(["key ", KEY[:9], KEY[9:], " end"])).text

    assert not survives(KEY, masked)
    assert masked.encode()


def test_a_text_that_is_made_to_be_slow_is_withheld_and_not_waited_for() -> None:
    hostile = ("key=" * 50 + "\n") * 50  # every name could be followed by a value, on every line

    redacted = builtin_redactor().with_patience(0.01).redact(hostile)

    assert redacted.text == WITHHELD
    assert builtin_redactor().redact("key=" * 50).text == "key=" * 50


def test_an_ordinary_long_text_is_read_to_its_end() -> None:
    log = make_log(400_000, secret_every=100)

    assert builtin_redactor().redact(log).text != WITHHELD
