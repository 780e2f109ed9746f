"""Faults behind a gateway, as its own error tells them: the texts are those of a real LiteLLM."""

import pytest

from probes.wire.facts import BodyKind
from tests.triage.verdicts.steps import CONTROL, REFUSED, STREAM, judged, seen, step
from triage.verdicts.case import Owner

REFUSED_JSON = REFUSED | {"body_kind": BodyKind.JSON_ERROR, "content_type": "application/json"}
CONSOLE = (
    "litellm.InternalServerError: InternalServerError: OpenAIException - Empty or invalid response from LLM "
    "endpoint. Received: '<!doctype html><html lang=\"zh\"><head><title>Console</title></head></html>'. "
    "Check the reverse proxy or model server configuration."
)
BAD_GATEWAY = (
    "litellm.BadGatewayError: BadGatewayError: OpenAIException - <html>\r\n<head><title>502 Bad "
    "Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.24.0"
    "</center></body></html>"
)
TIMED_OUT = (
    "litellm.Timeout: APITimeoutError - OpenAIException - <html>\r\n<head><title>504 Gateway Time-out</title>"
    "</head>\r\n<body><center>nginx/1.24.0</center></body></html>"
)
PAGES = [
    (500, CONSOLE, "gateway.misconfigured", Owner.GATEWAY),
    (502, BAD_GATEWAY, "upstream.error", Owner.UPSTREAM),
    (504, TIMED_OUT, "timeout.upstream", Owner.UPSTREAM),
    (500, BAD_GATEWAY, "upstream.error", Owner.UPSTREAM),
    (500, TIMED_OUT, "timeout.upstream", Owner.UPSTREAM),
    (503, "AnthropicException - <html><title>Just a moment...</title>", "upstream.error", Owner.UPSTREAM),
    (404, "bad response: <html><title>404 Not Found</title></html>", "gateway.misconfigured", Owner.GATEWAY),
    (429, "OpenAIException - <html><title>429</title>", "limit.upstream_rate", Owner.CUSTOMER),
]


def refused(kind: str, status: int, message: str, **changes):
    return step(kind, **REFUSED_JSON | changes, status=status, error_message=message, error_code=str(status))


def in_stream(message: str, **changes):
    broken = {"in_stream_error": True, "done_seen": False, "finish_reason": "", "error_code": "500"}
    return step("stream", **broken | changes, error_message=message)


@pytest.mark.parametrize(("status", "message", "code", "owner"), PAGES)
def test_a_page_inside_a_gateways_error_lies_behind_it(status, message, code, owner):
    verdict = judged(refused("control", status, message))

    assert (verdict.code, verdict.owner) == (code, owner)
    assert not [other for other in verdict.alternatives if other.startswith("edge.")]


@pytest.mark.parametrize(("status", "message", "code", "owner"), PAGES[:3])
def test_the_customers_proxy_is_not_what_the_desk_met_behind_the_gateway(status, message, code, owner):
    verdict = judged(refused("control", status, message), client="LiteLLM", via_proxy_text="Clash")

    assert (verdict.code, verdict.owner) == (code, owner)


@pytest.mark.parametrize("message", [BAD_GATEWAY, TIMED_OUT, CONSOLE])
def test_the_same_page_by_itself_is_the_edges_or_a_wrong_address(message):
    page = message[message.index("<") :]
    status = {BAD_GATEWAY: 502, TIMED_OUT: 504, CONSOLE: 200}[message]

    verdict = judged(step("control", **REFUSED, status=status, body_excerpt=page))

    assert verdict.code in ("edge.gateway_down", "timeout.our_proxy", "client.wrong_base_url")


@pytest.mark.parametrize(("status", "message", "code", "owner"), PAGES[:3])
def test_a_ticket_that_quotes_it_says_the_same(status, message, code, owner):
    quoted = (
        f"Error code: {status} - {{'error': {{'message': '{message}', 'type': None, 'code': '{status}'}}}}"
    )

    verdict = judged(error_text=quoted, status_code=status)

    assert (verdict.code, verdict.owner) == (code, owner)


def test_a_page_that_the_customers_own_sdk_quotes_is_still_the_edges():
    page = BAD_GATEWAY[BAD_GATEWAY.index("<") :]

    assert (
        judged(error_text=f"openai.InternalServerError: {page}", status_code=502).code == "edge.gateway_down"
    )


CUTS = [
    "TransferEncodingError: 400, message='Not enough data to satisfy transfer length header.'",
    "peer closed connection without sending complete message body (incomplete chunked read)",
    "Response payload is not completed: <TransferEncodingError: 400>",
]
BROKEN = [
    "Unterminated string starting at: line 1 column 9 (char 8)",
    "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
    "Expecting value: line 1 column 1 (char 0)",
]


@pytest.mark.parametrize(
    ("message", "code"),
    [(text, "stream.cut") for text in CUTS] + [(text, "stream.malformed") for text in BROKEN],
)
@pytest.mark.parametrize("content_chars", [0, 52])
def test_a_stream_that_broke_behind_the_gateway_is_named_by_its_words(message, code, content_chars):
    told = f"litellm.APIConnectionError: APIConnectionError: OpenAIException - {message}"

    verdict = judged(CONTROL, in_stream(told, content_chars=content_chars))

    assert (verdict.code, verdict.owner) == (code, Owner.UPSTREAM)
    assert verdict.alternatives[0] == "stream.error_inside"
    assert message[:40] in seen(verdict, "stream")["error_message"]


@pytest.mark.parametrize("message", CUTS + BROKEN)
def test_a_whole_answer_that_broke_behind_the_gateway_is_a_damaged_body(message):
    verdict = judged(refused("control", 500, f"litellm.InternalServerError: OpenAIException - {message}"))

    assert (verdict.code, verdict.owner) == ("body.malformed", Owner.UPSTREAM)


@pytest.mark.parametrize("message", CUTS)
def test_a_stream_that_broke_before_it_began_was_cut(message):
    verdict = judged(CONTROL, refused("stream", 500, message))

    assert (verdict.code, verdict.owner) == ("stream.cut", Owner.UPSTREAM)


@pytest.mark.parametrize("message", BROKEN)
def test_a_parsers_words_about_the_request_are_about_the_request(message):
    assert judged(refused("control", 400, f"Invalid JSON in request: {message}")).code.startswith("client.")


def test_another_error_inside_a_stream_stays_one():
    assert (
        judged(CONTROL, in_stream("The server had an error", content_chars=52)).code == "stream.error_inside"
    )


def test_what_the_provider_called_its_answer_tells_an_ignored_flag_from_an_empty_stream():
    empty = {"content_chars": 0, "completion_tokens": 0}
    passed_on = {"llm_provider-content-type": "application/json; charset=utf-8"}

    ignored = judged(CONTROL, step("stream", **empty, headers=passed_on))
    streamed = {"llm_provider-content-type": "text/event-stream"}

    assert (ignored.code, ignored.owner) == ("stream.flag_ignored", Owner.GATEWAY)
    assert "stream.no_content" in ignored.alternatives
    assert judged(CONTROL, step("stream", **empty, headers=streamed)).code == "stream.no_content"
    assert judged(CONTROL, step("stream", headers=passed_on)).code == judged(CONTROL, STREAM).code
