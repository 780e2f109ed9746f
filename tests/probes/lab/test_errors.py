"""Errors look as the real ones do, in each protocol's envelope, with the waiting time where it belongs."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from probes.lab.errors import TROUBLES, Origin
from tests.probes.lab.asking import CHAT, KEY, MESSAGES, ask

_ENVELOPED = [name for name, trouble in TROUBLES.items() if not trouble.body and not trouble.only]


@pytest.mark.parametrize("name", _ENVELOPED)
def test_openai_clients_get_openais_envelope(lab, name):
    reply = ask(lab, f"{name}:0" if name.startswith("json_") else name)

    assert reply.status == TROUBLES[name].status
    assert {"message", "type", "param", "code"} <= set(reply.json()["error"])
    assert reply.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize("name", _ENVELOPED)
def test_anthropic_clients_get_anthropics_envelope(lab, name):
    body = ask(lab, f"{name}:0" if name.startswith("json_") else name, path=MESSAGES).json()

    assert body["type"] == "error"
    assert {"type", "message"} <= set(body["error"])
    assert body["request_id"].startswith("req_01")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("overloaded_529", "overloaded_error"),
        ("invalid_key_401", "authentication_error"),
        ("rate_limit", "rate_limit_error"),
        ("model_404", "not_found_error"),
        ("error_500", "api_error"),
        ("auth_401", "new_api_error"),
    ],
)
def test_the_vendors_types_are_anthropics_own_and_the_gateways_stay(lab, name, kind):
    assert ask(lab, name, path=MESSAGES).json()["error"]["type"] == kind


@pytest.mark.parametrize("name", [name for name in _ENVELOPED if TROUBLES[name].origin is Origin.GATEWAY])
def test_a_gateways_own_errors_end_with_its_request_id(lab, name):
    reply = ask(lab, f"{name}:0" if name.startswith("json_") else name)

    assert reply.json()["error"]["message"].endswith(f"(request id: {reply.headers['x-oneapi-request-id']})")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("key_missing_401", "未提供令牌"),
        ("key_quota_401", "该令牌额度已用尽"),
        ("model_403", "该令牌无权使用模型：model_403"),
        ("gateway_rate_cn", "您已达到请求数限制"),
        ("upstream_saturated_429", "当前分组上游负载已饱和"),
        ("no_channel_503", "对于模型 no_channel_503 无可用渠道"),
    ],
)
def test_chinese_gateways_speak_chinese(lab, name, words):
    assert words in ask(lab, name).json()["error"]["message"]


def test_an_error_can_repeat_the_key_that_it_refuses(lab):
    assert KEY in ask(lab, "echo_key").json()["error"]["message"]


@pytest.mark.parametrize(
    ("model", "header", "value"),
    [
        ("rate_limit:7", "retry-after", "7"),
        ("rate_limit_ms:250", "retry-after-ms", "250"),
        ("rate_limit_headers:9", "x-ratelimit-reset-requests", "9s"),
    ],
)
def test_limits_name_their_waiting_time_in_headers(lab, model, header, value):
    assert ask(lab, model).headers[header] == value


def test_a_retry_date_lies_as_far_ahead_as_asked(lab):
    headers = ask(lab, "rate_limit_date:90").headers
    wait = parsedate_to_datetime(headers["retry-after"]) - parsedate_to_datetime(headers["date"])

    assert wait == timedelta(seconds=90)


def test_anthropics_limits_name_their_reset_as_a_time(lab):
    headers = ask(lab, "anthropic_rate_limit:60", path=MESSAGES).headers
    reset = datetime.fromisoformat(headers["anthropic-ratelimit-requests-reset"])

    assert timedelta(seconds=55) < reset - datetime.now(UTC) < timedelta(seconds=61)


def test_reset_times_come_as_iso_seconds_and_milliseconds(lab):
    soon = datetime.now(UTC).timestamp() + 100
    iso = ask(lab, "rate_limit_reset_iso:100").json()["error"]["resetAt"]
    seconds = ask(lab, "rate_limit_reset_epoch_s:100").json()["error"]["resetAt"]
    milliseconds = ask(lab, "rate_limit_reset_epoch_ms:100").json()["resetAt"]

    for reset in (datetime.fromisoformat(iso).timestamp(), seconds, milliseconds / 1000):
        assert abs(reset - soon) < 3


def test_a_daily_quota_resets_at_midnight_in_beijing(lab):
    reset = datetime.fromisoformat(ask(lab, "quota_daily_cn").json()["error"]["resetAt"])

    assert (reset.hour, reset.utcoffset()) == (0, timedelta(hours=8))
    assert timedelta(0) < reset - datetime.now(UTC) <= timedelta(days=1)


def test_a_daily_gemini_quota_pretends_to_be_short(lab):
    quota, retry = ask(lab, "gemini_exhausted").json()["error"]["details"]

    assert "PerDay" in quota["violations"][0]["quotaId"]
    assert retry["retryDelay"] == "27s"


def test_some_errors_concern_streams_only_and_some_their_controls(lab):
    statuses = {
        (model, stream): ask(lab, model, stream=stream, max_tokens=2).status
        for model in ("stream_500", "stream_only_400")
        for stream in (False, True)
    }

    assert statuses == {
        ("stream_500", False): 200,
        ("stream_500", True): 500,
        ("stream_only_400", False): 400,
        ("stream_only_400", True): 200,
    }


def test_an_intermittent_model_fails_every_nth_time(lab):
    lab.counters.reset()

    assert [ask(lab, "intermittent:3", max_tokens=2).status for _ in range(6)] == [200, 200, 502] * 2


def test_a_late_gateway_timeout_waits_first(lab):
    reply = ask(lab, "json_504:0.3", path=CHAT)

    assert reply.status == 504
    assert reply.seconds > 0.25
