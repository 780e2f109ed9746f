from datetime import UTC, datetime, timedelta

import pytest

from probes.wire.retry_hints import RetryHint, resolve_retry

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


def resolve(headers=None, document=None, text=""):
    return resolve_retry(headers or {}, document, text=text, now=NOW)


@pytest.mark.parametrize(
    ("headers", "seconds", "source"),
    [
        ({"retry-after": "20"}, 20, "retry-after"),
        ({"retry-after": "1.5"}, 1.5, "retry-after"),
        ({"retry-after": "Sat, 21 Nov 2026 12:01:00 GMT"}, 60, "retry-after"),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5, "retry-after-ms"),
        ({"x-ms-retry-after-ms": "2500"}, 2.5, "x-ms-retry-after-ms"),
        ({"reset_at": "2026-11-21T12:00:30Z"}, 30, "reset_at"),
        ({"x-ratelimit-reset-requests": "12ms"}, 0.012, "x-ratelimit-reset-requests"),
        ({"x-ratelimit-reset-tokens": "6m0s"}, 360, "x-ratelimit-reset-tokens"),
        ({"x-ratelimit-reset-tokens": "1h2m3.5s"}, 3723.5, "x-ratelimit-reset-tokens"),
        ({"x-ratelimit-reset": "30"}, 30, "x-ratelimit-reset"),
        ({"x-rate-limit-reset": str(EPOCH + 9)}, 9, "x-rate-limit-reset"),
        ({"x-rate-limit-reset": str((EPOCH + 9) * 1000)}, 9, "x-rate-limit-reset"),
        ({"anthropic-ratelimit-tokens-reset": "2026-11-21T12:00:05Z"}, 5, "anthropic-ratelimit-tokens-reset"),
        ({"anthropic-ratelimit-unified-reset": str(EPOCH + 40)}, 40, "anthropic-ratelimit-unified-reset"),
        ({"llm_provider-retry-after": "20"}, 20, "llm_provider-retry-after"),
        ({"llm_provider-retry-after-ms": "1500"}, 1.5, "llm_provider-retry-after-ms"),
        (
            {
                "llm_provider-x-ratelimit-remaining-requests": "0",
                "llm_provider-x-ratelimit-reset-requests": "12s",
            },
            12,
            "llm_provider-x-ratelimit-reset-requests",
        ),
        ({"llm_provider-retry-after-ms": "1500", "retry-after": "7"}, 7, "retry-after"),
        (
            {"llm_provider-x-ratelimit-reset-requests": "12s", "x-ratelimit-reset-requests": "3s"},
            3,
            "x-ratelimit-reset-requests",
        ),
    ],
)
def test_headers_are_understood(headers, seconds, source):
    assert resolve(headers) == RetryHint(pytest.approx(seconds), NOW + timedelta(seconds=seconds), source)


@pytest.mark.parametrize(
    ("document", "seconds", "source"),
    [
        ({"resetAt": "2026-11-22T00:00:00+08:00"}, 4 * 3600, "body.resetAt"),
        ({"error": {"resetAt": EPOCH + 60}}, 60, "body.resetAt"),
        ({"error": {"resetAt": (EPOCH + 60) * 1000}}, 60, "body.resetAt"),
        ({"error": {"reset_at": str(EPOCH + 60)}}, 60, "body.reset_at"),
        (
            {"error": {"metadata": {"headers": {"X-RateLimit-Reset": str((EPOCH + 7) * 1000)}}}},
            7,
            "body.X-RateLimit-Reset",
        ),
        ([{"error": {"details": [{"@type": "…RetryInfo", "retryDelay": "17s"}]}}], 17, "body.retryDelay"),
        ({"error": {"details": [{"retryDelay": {"seconds": 17}}]}}, 17, "body.retryDelay"),
        ({"retry_after": 3}, 3, "body.retry_after"),
        ({"error": {"retry_after_ms": 1500}}, 1.5, "body.retry_after_ms"),
    ],
)
def test_bodies_are_understood(document, seconds, source):
    assert resolve(document=document) == RetryHint(seconds, NOW + timedelta(seconds=seconds), source)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Rate limit reached. Limit: 3 / min. Please try again in 20s.", 20),
        ("Please try again in 6m0s. Visit …", 360),
        ("try again in 1 minute 30 seconds", 90),
        ("Please retry after 250 milliseconds", 0.25),
        ("retry in 17.5s", 17.5),
        ("Limit resets at: 2026-11-21 13:00:00 UTC", 3600),
        ("请在 30 秒后重试", 30),
        ("请求过多，5分钟之后再试", 300),
        ("请等待 2 小时", 7200),
        ("1个小时后恢复", 3600),
    ],
)
def test_texts_are_understood(text, seconds):
    assert resolve(text=text).seconds == pytest.approx(seconds)
    assert resolve(text=text).source == "text"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "您已达到请求数限制：1分钟内最多请求60次",
        "Please try again later",
        "retry 3 times",
        "wait for 5 monkeys",
    ],
)
def test_a_text_without_a_time_says_nothing(text):
    assert resolve(text=text) == RetryHint()


def test_the_reset_of_the_limit_itself_wins_over_a_header_that_an_edge_may_have_put_there():
    hint = resolve({"retry-after": "60"}, {"resetAt": EPOCH + 7200})

    assert (hint.seconds, hint.source) == (7200, "body.resetAt")


def test_windows_count_only_when_they_are_used_up_and_then_the_last_to_refill():
    headers = {
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "8s",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "30s",
        "x-ratelimit-remaining-images": "4",
        "x-ratelimit-reset-images": "24h0m0s",
    }

    assert resolve(headers).source == "x-ratelimit-reset-tokens"


def test_azures_negative_window_means_nothing():
    assert resolve({"x-ratelimit-reset-tokens": "-1", "x-ratelimit-remaining-tokens": "-1"}) == RetryHint()


@pytest.mark.parametrize("past", ["-5", "Sat, 21 Nov 2026 11:00:00 GMT", "0"])
def test_a_hint_in_the_past_means_now(past):
    assert resolve({"retry-after": past}).seconds == 0


def test_a_source_that_asks_for_patience_wins_over_one_in_the_past():
    hint = resolve({"retry-after": "12"}, {"resetAt": EPOCH - 10})

    assert (hint.seconds, hint.source) == (12, "retry-after")


def test_an_absurd_hint_is_dropped_and_named():
    hint = resolve({"retry-after": "99999999"}, text="try again in 3s")

    assert (hint.seconds, hint.source, hint.rejected) == (3, "text", ("retry-after",))


def test_a_moment_is_meant_by_the_clock_that_named_it():
    headers = {"date": "Sat, 21 Nov 2026 13:00:00 GMT", "retry-after": "Sat, 21 Nov 2026 13:00:30 GMT"}

    assert resolve(headers).seconds == 30


def test_a_date_that_was_only_cut_to_its_second_does_not_move_the_moment():
    headers = {"date": "Sat, 21 Nov 2026 11:59:59 GMT"}

    assert resolve(headers, {"resetAt": "2026-11-21T16:00:00Z"}).at == datetime(2026, 11, 21, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "junk", ["", "soon", "nan", "inf", "1e999", "９９", "٣", "Sat, 99 Nov 2026 99:00:00 GMT"]
)
def test_junk_is_borne(junk):
    resolve(
        {"retry-after": junk, "x-ratelimit-reset": junk}, {"resetAt": junk, "retryDelay": [junk]}, text=junk
    )
