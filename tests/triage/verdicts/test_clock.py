"""When to try again, from the form in which it was told."""

from datetime import UTC, datetime, timedelta

import pytest

from probes.wire.facts import Facts
from tests.cases.labelled import NOW
from triage.verdicts.case import Case, Intake
from triage.verdicts.classify import classify
from triage.verdicts.clock import in_words
from triage.verdicts.playbooks import words_for


def told(text: str):
    return classify(
        Case(intake=Intake(status_code=429, error_text=f"rate limit reached. {text}"), now=NOW)
    ).retry_not_before


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Retry-After: 30", 30),
        ("retry-after-ms: 1500", 2),
        ("Please try again in 20s", 20),
        ("please try again in 6m0s", 360),
        ("请在 45 秒后重试", 45),
        ("resetAt: 2026-11-21T06:02:00Z", 120),
        ('"resetAt": "2026-11-21T14:02:00+08:00"', 120),
        ("x-ratelimit-reset: 1795240920", 120),
        ('"resetAt": 1795240920000', 120),
    ],
)
def test_a_named_time_is_kept(text, seconds):
    assert told(text) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "X-Rate-Limit-Reset: 1506461721", "retry after a while"])
def test_without_a_usable_time_a_minute_is_waited(text):
    assert told(text) == NOW + timedelta(seconds=60)


def test_a_daily_quota_ends_at_midnight_in_the_customers_zone():
    verdict = classify(Case(intake=Intake(status_code=429, error_text="今日额度已用完"), now=NOW))

    assert verdict.retry_not_before == datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
    assert verdict.params["clock"] == "2026-11-22 00:00:00 (Asia/Shanghai)"


def test_without_a_clock_no_time_is_told():
    verdict = classify(Case(intake=Intake(status_code=429, error_text="too many requests")))

    assert verdict.retry_not_before is None
    assert "clock" not in verdict.params


def test_the_date_is_told_when_it_is_not_today():
    assert in_words(NOW + timedelta(hours=1), NOW) == "15:00:00 (Asia/Shanghai)"
    assert in_words(NOW + timedelta(hours=20), NOW).startswith("2026-11-22 ")


@pytest.mark.parametrize("wait", ["9" * 30, "9" * 400, "31536000"])
def test_a_wait_beyond_belief_is_read_as_none(wait):
    assert told(f"retry after {wait} s") == NOW + timedelta(seconds=60)


@pytest.mark.parametrize("wait", [float("inf"), float("nan"), 1e300])
def test_a_measured_wait_beyond_belief_gives_a_cautious_time(wait):
    refused = Facts(step="control", status=429, retry_after_s=wait)

    verdict = classify(Case(intake=Intake(), attempts=(refused,), now=NOW))

    assert NOW < verdict.retry_not_before <= NOW + timedelta(days=1)


def test_a_storm_of_retries_gets_a_time_too():
    verdict = classify(Case(intake=Intake(status_code=429, retry_count=900), now=NOW))

    assert verdict.code == "limit.retry_storm"
    assert verdict.retry_not_before == NOW + timedelta(seconds=60)


def test_a_refusal_of_our_own_attempt_names_the_hour_too():
    refused = Facts(
        step="control", sent=True, status=429, error_message="You hit your limit, resets 3pm (UTC)"
    )

    verdict = classify(Case(intake=Intake(), attempts=(refused,), now=NOW))

    assert verdict.retry_not_before == datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


HOURS_AGO = NOW - timedelta(hours=3)


def quoted(text: str, *attempts: Facts, occurred_at=HOURS_AGO, status=429):
    intake = Intake(status_code=status, error_text=f"rate limit reached. {text}", occurred_at=occurred_at)
    return classify(Case(intake=intake, attempts=attempts, now=NOW))


@pytest.mark.parametrize(
    "text", ["retry-after: 20", "Please try again in 6m0s", "", "resetAt: 2026-11-21T03:02:00Z"]
)
def test_a_wait_that_is_over_is_no_clock_and_no_word_names_one(text):
    verdict = quoted(text)

    assert verdict.code.startswith("limit.")
    assert verdict.retry_not_before is None
    assert "clock" not in verdict.params
    assert "{" not in words_for(verdict, "en").reply


def test_what_a_ticket_quotes_counts_from_its_failure():
    verdict = quoted("Please try again in 20s", occurred_at=NOW - timedelta(seconds=5))

    assert verdict.retry_not_before == NOW + timedelta(seconds=15)


def test_the_date_of_a_quoted_answer_is_the_time_of_its_failure():
    old = quoted("HTTP/1.1 429 Date: Sat, 21 Nov 2026 03:00:00 GMT retry-after: 20", occurred_at=None)
    new = quoted("HTTP/1.1 429 Date: Sat, 21 Nov 2026 05:59:50 GMT retry-after: 20", occurred_at=None)

    assert old.retry_not_before is None
    assert new.retry_not_before == NOW + timedelta(seconds=10)


def test_a_daily_quota_of_the_day_before_is_over():
    verdict = classify(
        Case(
            intake=Intake(status_code=429, error_text="今日额度已用完", occurred_at=NOW - timedelta(days=1)),
            now=NOW,
        )
    )

    assert verdict.retry_not_before is None


def test_a_hint_of_our_own_attempt_counts_from_now():
    refused = Facts(step="control", sent=True, status=429, retry_after_s=20.0)

    assert quoted("retry-after: 5", refused).retry_not_before == NOW + timedelta(seconds=20)


def test_an_attempt_of_ours_that_was_refused_without_a_hint_is_a_failure_of_now():
    refused = Facts(step="control", sent=True, status=429)

    assert quoted("retry-after: 5", refused).retry_not_before == NOW + timedelta(seconds=60)


def test_a_time_ahead_of_the_desks_clock_is_no_later_than_now():
    verdict = quoted("retry-after: 20", occurred_at=NOW + timedelta(hours=5))

    assert verdict.retry_not_before == NOW + timedelta(seconds=20)


def test_an_archive_judged_again_gives_the_same_answer():
    text = "rate limit reached. retry after 6 hours"
    judged = [
        classify(
            Case(intake=Intake(status_code=429, error_text=text, occurred_at=HOURS_AGO), now=NOW + later)
        ).retry_not_before
        for later in (timedelta(), timedelta(minutes=40))
    ]

    assert judged == [HOURS_AGO + timedelta(hours=6)] * 2
