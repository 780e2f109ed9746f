"""One refusal as a vendor writes it, read by its words before its status."""

from dataclasses import replace

import pytest

from probes.wire.facts import BodyKind
from tests.triage.verdicts.steps import CONTROL, REFUSED, judged, look_up, step
from triage.verdicts.case import Confidence, Owner, Resend

REFUSED_JSON = REFUSED | {"body_kind": BodyKind.JSON_ERROR, "content_type": "application/json"}
CLOUDFLARE = {"server": "cloudflare", "cf-ray": "98f1a2b3c4d5e6f7-HKG"}
RELAYED = {"error_type": "upstream_error", "error_code": "bad_response_status_code"}


@pytest.mark.parametrize(
    ("status", "words", "code"),
    [
        (
            429,
            "This request would exceed your organization's rate limit of 50 requests per minute",
            "limit.upstream_rate",
        ),
        (
            429,
            "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-06-01 have "
            "exceeded token rate limit of your current OpenAI S0 pricing tier.",
            "limit.upstream_rate",
        ),
        (
            400,
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            "client.bad_parameter",
        ),
        (429, "Too many tokens, please wait before trying again.", "limit.gateway_rate"),
    ],
)
def test_the_words_of_a_vendor_name_the_class(status, words, code):
    assert judged(step("control", **REFUSED_JSON, status=status, error_message=words)).code == code


@pytest.mark.parametrize(
    ("status", "name", "code"),
    [
        (400, "Arrearage", "balance.upstream_empty"),
        (403, "AccountOverdueError", "balance.upstream_empty"),
        (404, "ModelNotOpen", "model.not_permitted"),
    ],
)
def test_the_codes_of_chinese_vendors_are_known(status, name, code):
    assert judged(step("control", **REFUSED_JSON, status=status, error_code=name)).code == code


@pytest.mark.parametrize("body", ['{"detail":"Not Found"}', '{"detail": "Not Found"}'])
def test_a_path_that_no_framework_knows_is_a_wrong_address(body):
    refused = step("control", **REFUSED_JSON, status=404, error_message="Not Found", body_excerpt=body)

    assert judged(refused).code == "client.wrong_base_url"


@pytest.mark.parametrize(
    ("changes", "code", "resend"),
    [
        (REFUSED | {"headers": CLOUDFLARE}, "edge.origin_unreachable", Resend.SAFE),
        (REFUSED_JSON | RELAYED, "upstream.error", Resend.UNKNOWN),
    ],
)
def test_a_522_that_a_relay_writes_is_not_cloudflares(changes, code, resend):
    verdict = judged(step("control", status=522, **changes))

    assert (verdict.code, verdict.resend) == (code, resend)


@pytest.mark.parametrize(
    ("said", "headers", "code"),
    [
        ("Attention Required! | Cloudflare Sorry, you have been blocked", CLOUDFLARE, "edge.blocked"),
        ("Attention Required! | Cloudflare Please complete the captcha", CLOUDFLARE, "edge.challenge"),
        ("由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。", {}, "edge.blocked"),
        ("you have been blocked", CLOUDFLARE | {"cf-mitigated": "challenge"}, "edge.challenge"),
    ],
)
def test_a_page_that_blocks_for_good_is_no_challenge(said, headers, code):
    page = step("control", **REFUSED, body_excerpt=f"<html>{said}</html>", headers=headers)

    assert judged(replace(page, status=403)).code == code
    assert judged(replace(page, status=405)).code == code


def test_a_500_to_the_stream_alone_may_be_chance_and_may_have_run():
    verdict = judged(CONTROL, step("stream", **REFUSED_JSON, **RELAYED, status=500))

    assert "upstream.error" in (verdict.code, *verdict.alternatives)
    assert (verdict.confidence, verdict.resend) == (Confidence.POSSIBLE, Resend.UNKNOWN)


def test_a_bare_error_instead_of_events_is_inside_the_stream_and_the_gateways():
    bare = REFUSED_JSON | {"content_type": "text/event-stream", "in_stream_error": True}

    verdict = judged(CONTROL, step("stream", **bare, error_message="boom"))

    assert (verdict.code, verdict.owner) == ("stream.error_inside", Owner.GATEWAY)


@pytest.mark.parametrize("status", [200, 400, 404])
def test_a_gateway_that_knows_no_such_task_says_so_under_any_status(status):
    answer = {"error_code": "task_not_exist", "error_message": "task_not_exist"}
    refused = look_up("status", **answer)

    verdict = judged(step("status", **REFUSED_JSON | answer, status=status) if status != 200 else refused)

    assert verdict.code == "task.unknown"
