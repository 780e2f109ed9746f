"""Rules of admins: proven by their samples before they bind."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import translation
from pytest_django.fixtures import DjangoAssertNumQueries

from probes.redaction.actions import current_redactor
from probes.redaction.engine import WITHHELD, builtin_redactor
from probes.redaction.models import RedactionRule


def make_rule(**changes: object) -> RedactionRule:
    fields = {
        "name": "employee-number",
        "kind": "employee",
        "pattern": r"\bEMP-\d{6}\b",
        "positive_samples": "EMP-123456\nfrom EMP-000001 today",
        "negative_samples": "EMP-12\nTEMP-123456",
    }
    return RedactionRule(**{**fields, **changes})


def messages(rule: RedactionRule) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        rule.clean()
    return refused.value.message_dict


def test_a_rule_that_keeps_its_promises_is_accepted() -> None:
    make_rule().clean()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"pattern": "(EMP"}, "pattern", "missing )"),
        ({"pattern": r"(?<=x)EMP"}, "pattern", "look-around"),
        ({"pattern": "a*"}, "pattern", "empty text"),
        ({"positive_samples": "EMP-123456\n\nEMP-1"}, "positive_samples", "Line 3"),
        ({"negative_samples": "a\nEMP-123456"}, "negative_samples", "Line 2"),
        ({"positive_samples": " "}, "positive_samples", "at least one"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(changes: dict[str, str], field: str, words: str) -> None:
    with translation.override("en"):
        found = messages(make_rule(**changes))

    assert list(found) == [field]
    assert words in found[field][0]


@pytest.mark.django_db
def test_enabled_rules_join_the_built_in_ones_at_once_and_leave_when_disabled() -> None:
    text = "EMP-123456 and li@corp-x.cn"
    rule = make_rule()
    rule.save()

    assert current_redactor().redact(text).text == "[employee] and [email]"

    rule.enabled = False
    rule.save()

    assert current_redactor().redact(text).text == "EMP-123456 and [email]"


@pytest.mark.django_db
def test_the_compiled_redactor_is_kept_until_a_rule_changes() -> None:
    make_rule().save()

    assert current_redactor() is current_redactor()


@pytest.mark.django_db
def test_a_stored_rule_that_does_not_compile_withholds_everything() -> None:
    RedactionRule.objects.bulk_create([make_rule(pattern="(")])

    assert current_redactor().redact("hello").text == WITHHELD
    assert builtin_redactor().redact("hello").text == "hello"


@pytest.mark.django_db
def test_of_two_rules_that_find_the_same_the_one_with_the_smaller_order_names_it() -> None:
    make_rule(name="a", kind="late", order=20).save()
    make_rule(name="b", kind="early", order=10).save()

    assert current_redactor().redact("EMP-123456").text == "[early]"


@pytest.mark.django_db
def test_a_rule_for_some_fields_holds_in_these_alone() -> None:
    make_rule(only_in=["note"]).save()

    assert current_redactor("note").redact("EMP-123456").text == "[employee]"
    assert current_redactor("title").redact("EMP-123456").text == "EMP-123456"
    assert current_redactor().redact("EMP-123456").text == "EMP-123456"


@pytest.mark.django_db
def test_each_field_keeps_its_own_compiled_redactor() -> None:
    make_rule(only_in=["note"]).save()

    note, other = current_redactor("note"), current_redactor()

    assert note is not other
    assert current_redactor("note") is note
    assert current_redactor() is other
    assert current_redactor("title") is other


@pytest.mark.django_db
def test_a_change_binds_whatever_the_clock_says_and_however_it_was_written() -> None:
    with time_machine.travel(datetime(2026, 11, 5, tzinfo=UTC), tick=False):
        make_rule().save()
        assert current_redactor().redact("EMP-123456").text == "[employee]"

        RedactionRule.objects.update(kind="staff")
        assert current_redactor().redact("EMP-123456").text == "[staff]"

        RedactionRule.objects.all().delete()
        make_rule(kind="person").save()
        assert current_redactor().redact("EMP-123456").text == "[person]"


@pytest.mark.django_db
def test_rules_that_did_not_change_are_not_read_again(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_rule().save()
    current_redactor()

    with django_assert_num_queries(2):
        current_redactor()
        current_redactor("note")


@pytest.mark.django_db(transaction=True)
def test_a_new_version_binds_in_a_thread_that_runs_already() -> None:
    """Web and worker ask the database at every text, as this thread does with a connection of its own."""
    with ThreadPoolExecutor(1) as other:
        assert other.submit(lambda: current_redactor().redact("EMP-123456").text).result() == "EMP-123456"
        make_rule().save()

        assert other.submit(lambda: current_redactor().redact("EMP-123456").text).result() == "[employee]"
        other.submit(connections.close_all).result()
