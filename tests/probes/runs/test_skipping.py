"""Steps that an earlier result has made pointless are not sent."""

import pytest

from probes.runs.kinds import KINDS
from probes.runs.plan import Step
from probes.runs.skipping import why_skip
from probes.wire.facts import BodyKind, Facts, Failure

OK = Facts(step="control", status=200, body_kind=BodyKind.JSON_OK)
VARIANTS = ("gzip", "long", "http2", "tool")


def step(kind):
    return Step(kind=kind, protocol="openai_chat", model="m", route="inner" if kind == "route" else "")


def refused(status, *, kind="control", **said):
    return Facts(step=kind, status=status, body_kind=BodyKind.JSON_ERROR, **said)


def broken(failure, *, kind="control"):
    return Facts(step=kind, failure=failure)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_skipped_without_an_earlier_result(kind):
    assert why_skip(step(kind), ()) == ""


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_skipped_after_a_good_control(kind):
    assert why_skip(step(kind), (OK,)) == ""


@pytest.mark.parametrize(
    ("control", "reason"),
    [
        (Facts(step="control", status=200, body_kind=BodyKind.HTML), "control_failed"),
        (refused(401), "control_failed"),
        (refused(429), "control_failed"),
        (refused(400, error_message="Stream mode is required"), ""),
        (refused(400, error_message="unknown field"), "control_failed"),
        (broken(Failure.FIRST_BYTE_TIMEOUT), "control_failed"),
    ],
)
@pytest.mark.parametrize("kind", ["stream", *VARIANTS])
def test_a_failing_control_spares_every_stream(kind, control, reason):
    assert why_skip(step(kind), (control,)) == reason


@pytest.mark.parametrize("failure", [Failure.DNS, Failure.CONNECT_REFUSED, Failure.TLS_EXPIRED])
@pytest.mark.parametrize("kind", [*VARIANTS, "model", "models", "balance", "status"])
def test_an_endpoint_that_cannot_be_reached_is_left_alone(kind, failure):
    assert why_skip(step(kind), (broken(failure),)) == "unreachable"


@pytest.mark.parametrize("kind", ["models", "balance", "status", "model"])
def test_look_ups_and_other_models_go_on_after_a_fault_of_the_model(kind):
    assert why_skip(step(kind), (refused(404), refused(503, kind="stream"))) == ""


@pytest.mark.parametrize("earlier", [refused(401), broken(Failure.DNS), refused(503)])
def test_a_websocket_never_depends_on_the_control(earlier):
    assert why_skip(step("websocket"), (earlier,)) == ""


@pytest.mark.parametrize(
    "first",
    [
        *(refused(status, kind="repeat") for status in (401, 402, 403, 404)),
        refused(429, kind="repeat", error_code="insufficient_quota"),
        refused(403, kind="repeat", error_code="insufficient_user_quota"),
        refused(400, kind="repeat", error_message="Your credit balance is too low to access the API."),
        refused(403, kind="repeat", error_message="用户余额不足"),
    ],
)
def test_a_series_ends_where_the_same_answer_is_certain(first):
    assert why_skip(step("repeat"), (OK, first)) == "same_answer_certain"


@pytest.mark.parametrize(
    "first",
    [
        refused(500, kind="repeat"),
        refused(503, kind="repeat"),
        broken(Failure.RESET, kind="repeat"),
        broken(Failure.CONNECT_TIMEOUT, kind="repeat"),
        Facts(step="repeat", status=200),
    ],
)
def test_a_series_goes_on_through_what_may_come_and_go(first):
    assert why_skip(step("repeat"), (OK, first)) == ""


def test_a_series_is_what_tells_whether_a_failing_control_fails_again():
    assert why_skip(step("repeat"), (refused(502),)) == ""


def test_a_series_ends_when_it_is_told_to_slow_down():
    assert why_skip(step("repeat"), (OK, refused(429, kind="repeat"))) == "rate_limited"


@pytest.mark.parametrize("kind", VARIANTS)
def test_whoever_asks_to_slow_down_is_sent_no_variant_either(kind):
    assert why_skip(step(kind), (OK, refused(429, kind="stream"))) == "rate_limited"


def test_a_series_ends_at_a_certificate():
    assert why_skip(step("repeat"), (broken(Failure.TLS_EXPIRED),)) == "unreachable"


@pytest.mark.parametrize(
    ("control", "reason"),
    [
        (refused(401), "same_answer_certain"),
        (refused(402), "same_answer_certain"),
        (refused(404), ""),
        (refused(403), ""),
    ],
)
def test_another_model_is_asked_unless_the_key_or_the_money_is_at_fault(control, reason):
    assert why_skip(step("model"), (control,)) == reason


@pytest.mark.parametrize(
    ("control", "reason"),
    [
        (refused(401), "same_answer_certain"),
        (refused(429), "same_answer_certain"),
        (refused(400, error_message="stream must be true"), ""),
        (Facts(step="control", status=403, body_kind=BodyKind.HTML), ""),
        (Facts(step="control", status=504, body_kind=BodyKind.HTML), ""),
        (refused(502), ""),
        (broken(Failure.CONNECT_TIMEOUT), ""),
    ],
)
def test_a_second_route_is_tried_unless_the_api_itself_refused(control, reason):
    assert why_skip(step("route"), (control,)) == reason


def test_what_happened_on_a_route_says_nothing_about_the_endpoint():
    elsewhere = Facts(step="route", route="inner", status=401, body_kind=BodyKind.JSON_ERROR)

    assert why_skip(step("gzip"), (OK, elsewhere)) == ""
    assert why_skip(step("repeat"), (OK, elsewhere)) == ""


def test_http2_is_tried_where_http1_was_not_understood():
    assert why_skip(step("http2"), (broken(Failure.BAD_PROTOCOL),)) == ""
    assert why_skip(step("http2"), (broken(Failure.FIRST_BYTE_TIMEOUT),)) == "control_failed"


@pytest.mark.parametrize("kind", VARIANTS)
def test_without_a_control_a_refused_stream_spares_its_variants(kind):
    assert why_skip(step(kind), (refused(401, kind="stream"),)) == "same_answer_certain"
