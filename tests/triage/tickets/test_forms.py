from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from tests.probes.runs.builders import make_endpoint
from triage.tickets.forms import TicketForm

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def filled(**answers: str) -> TicketForm:
    return TicketForm({"symptom": "timeout"} | answers)


@pytest.mark.parametrize(
    ("field", "answer", "says"),
    [
        ("status_code", "42", "whole number from 100 to 599"),
        ("status_code", "four", "whole number from 100 to 599"),
        ("retry_count", "-1", "whole number from 0 to 100000"),
        ("concurrency", "2.5", "whole number from 0 to 100000"),
        ("elapsed_s", "a minute", "seconds as a number"),
        ("elapsed_s", "-3", "seconds as a number"),
        ("elapsed_s", "nan", "seconds as a number"),
        ("client_timeout_s", "99999999", "seconds as a number"),
        ("first_output_s", "1e400", "seconds as a number"),
        ("occurred_at", "yesterday", "Write the time as"),
        ("occurred_at", "2026-13-01 10:00", "Write the time as"),
        ("zone", "Mars/Olympus", "Choose one of the list"),
        ("workload", "poetry", "Choose one of the list"),
        ("symptom", "bored", "Choose one of the list"),
        ("protocol", "gopher", "Choose one of the list"),
        ("endpoint", "nowhere", "Choose one of the list"),
        ("stream", "maybe", "Choose yes, no or unknown"),
        ("model", "m" * 141, "Shorten this to 140 characters; it has 141"),
        ("account_ref", "a" * 81, "Shorten this to 80 characters"),
        ("error_text", "e" * 20_001, "20000 characters fit, this has 20001"),
        ("notes", "n" * 8_001, "8000 characters fit"),
    ],
)
def test_each_wrong_answer_gets_its_own_words(field, answer, says):
    form = filled(**{field: answer})

    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert says in form.errors[field][0]


@pytest.mark.parametrize("field", ["endpoint", "workload", "symptom", "zone", "stream"])
def test_a_wrong_answer_is_never_repeated_in_its_error(field):
    secret = "sk-" + "a1B2" * 12

    assert secret not in str(filled(**{field: secret}).errors)


def test_a_request_that_is_still_to_come_is_a_mistake():
    tomorrow = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")

    form = filled(occurred_at=tomorrow, zone="UTC")

    assert "still to come" in form.errors["occurred_at"][0]


@pytest.mark.parametrize(
    ("zone", "hour"), [("UTC", 14), ("Asia/Shanghai", 6), ("Asia/Kolkata", 8), ("America/New_York", 19)]
)
def test_a_time_is_read_in_the_zone_beside_it(zone, hour):
    form = filled(occurred_at="2026-01-12T14:05:30", zone=zone)
    assert form.is_valid()

    at = datetime.fromisoformat(form.intake_fields()["occurred_at"]).astimezone(UTC)

    assert (at.hour, at.date().isoformat()) == (hour, "2026-01-12")


def test_retries_that_did_not_happen_cannot_be_counted():
    form = filled(retried="no", retry_count="3")

    assert "Correct one" in form.errors["retried"][0]


def test_a_ticket_must_say_something():
    form = TicketForm({"workload": "chat", "zone": "UTC", "stream": "unknown"})

    assert "at least one thing" in form.non_field_errors()[0]


def test_unanswered_questions_are_left_out():
    form = filled(model="gpt-4o", status_code="", stream="unknown")
    assert form.is_valid()

    fields = form.intake_fields()

    assert fields["model"] == "gpt-4o"
    assert not {"status_code", "occurred_at", "zone", "notes"} & set(fields)


def test_every_answer_reaches_the_intake_under_its_own_name():
    form = filled(charged_text="twice", control_text="works", request_ids="req_1, req_2", via_proxy="yes")
    assert form.is_valid()

    fields = form.intake_fields()

    assert (fields["charged_text"], fields["control_text"], fields["via_proxy"]) == ("twice", "works", "yes")


def test_each_endpoint_says_what_a_probe_can_cost_at_the_most():
    make_endpoint(slug="shop", name="Shop", prompt="Hi", output_tokens=100, currency="CNY")
    make_endpoint(slug="rest", name="Resting", paused=True)

    make_endpoint(slug="bare", name="Bare", prompt="Hi", output_tokens=100).probe_key.delete()

    labels = dict(TicketForm().fields["endpoint"].choices)

    assert labels["shop"] == "Shop: at most 0.0019 CNY"
    assert labels["bare"] == "Bare (no key): at most 0.0019 USD"
    assert labels["rest"] == "Resting: paused, nothing is sent"


def shown_details(**answers: str) -> set[str]:
    return {field.name for field in TicketForm(answers).details()}


def test_a_429_asks_for_retries_and_load_but_not_for_the_task():
    shown = shown_details(symptom="rate_limit", workload="chat")

    assert {"retried", "retry_count", "concurrency"} <= shown
    assert not {"task_id", "first_output_s"} & shown


def test_a_video_asks_for_the_task_and_never_for_streaming():
    shown = shown_details(symptom="timeout", workload="video")

    assert {"task_id", "charged"} <= shown
    assert "stream" not in shown


def test_everything_is_asked_while_the_symptom_is_unknown():
    assert {"stream", "task_id", "concurrency"} <= shown_details(symptom="", workload="chat")


def test_an_answer_that_was_given_stays_in_sight():
    assert "task_id" in shown_details(symptom="rate_limit", task_id="task_7")


@pytest.mark.parametrize("field", TicketForm.base_fields)
def test_every_question_explains_itself(field):
    assert TicketForm.base_fields[field].label
    assert TicketForm.base_fields[field].help_text
