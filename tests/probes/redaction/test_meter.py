"""What was masked is counted by place and kind, and never said."""

from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from probes.redaction import meter
from probes.redaction.engine import builtin_redactor
from probes.redaction.models import Catch

KEY = "sk-proj-" + "a1B2c3D4" * 6


def caught(text: str = f"key {KEY}, mail a@shop.example"):
    return builtin_redactor().redact(text).findings


@pytest.mark.django_db
def test_a_second_catch_of_a_day_adds_to_the_first():
    meter.count(caught(), channel="form", field="notes")
    meter.count(caught(), channel="form", field="notes")
    meter.count(caught(), channel="file", field="notes")

    rows = Catch.objects.values_list("channel", "field", "kind", "count").order_by("channel", "kind")
    assert list(rows) == [
        ("file", "notes", "email", 1),
        ("file", "notes", "openai_project_key", 1),
        ("form", "notes", "email", 2),
        ("form", "notes", "openai_project_key", 2),
    ]


@pytest.mark.django_db
def test_a_request_is_counted_in_one_statement(django_assert_num_queries):
    places = [(field, "email", "email") for field in ("notes", "client", "notes")]

    with django_assert_num_queries(5):  # savepoint, patience, the one statement, patience, release
        meter.count_all(places, channel="form")

    assert dict(Catch.objects.values_list("field", "count")) == {"notes": 2, "client": 1}


@pytest.mark.django_db
def test_nothing_masked_asks_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        meter.count((), channel="form", field="notes")


@pytest.mark.django_db
def test_names_longer_than_a_column_are_cut_and_counted_together():
    meter.count_all([("f" * 61, "k", "r"), ("f" * 62, "k", "r")], channel="c" * 30)

    assert list(Catch.objects.values_list("field", "channel", "count")) == [("f" * 60, "c" * 20, 2)]


@pytest.mark.django_db
def test_hits_of_rules_are_those_of_the_last_days():
    meter.count(caught(), channel="form", field="notes")
    Catch.objects.create(
        day=timezone.now().date() - timedelta(days=7),
        channel="form",
        field="x",
        kind="k",
        rule="old",
        count=9,
    )

    assert meter.hits_of_rules(days=7) == {"email": 1, "openai_project_key": 1}
    assert meter.hits_of_rules(days=8)["old"] == 9


@pytest.mark.django_db
def test_a_trial_on_the_bench_is_no_hit():
    meter.count(caught(), channel=meter.WORKSHOP, field="text")

    assert meter.hits_of_rules() == {}


@pytest.mark.django_db(transaction=True)
def test_a_count_that_must_wait_is_lost_and_what_it_counts_is_kept():
    meter.count(caught(), channel="form", field="notes")
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f'SELECT 1 FROM "{Catch._meta.db_table}" FOR UPDATE')
        with transaction.atomic():
            meter.count(caught(), channel="form", field="notes")
            with connection.cursor() as cursor:
                cursor.execute("SHOW lock_timeout")
                assert cursor.fetchone() == ("0",)
            kept = Catch.objects.create(day="2026-01-01", channel="x", field="x", kind="x", rule="x", count=1)
    finally:
        other.rollback()
        other.close()

    assert Catch.objects.filter(pk=kept.pk).exists()
    assert set(Catch.objects.filter(channel="form").values_list("count", flat=True)) == {1}


@pytest.mark.django_db
def test_no_row_holds_what_was_masked():
    meter.count(caught(), channel="form", field="notes")

    assert KEY[10:30] not in str(list(Catch.objects.values()))
