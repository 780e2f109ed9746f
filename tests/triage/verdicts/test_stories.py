"""What customers tell, beside a probe that found nothing wrong."""

import pytest

from probes.wire.facts import BodyKind, EndMode, Facts
from triage.verdicts.case import Case, Intake, Tri
from triage.verdicts.classify import classify

FINE = (
    Facts(step="control", status=200, body_kind=BodyKind.JSON_OK, content_chars=400, finish_reason="stop"),
    Facts(
        step="stream",
        status=200,
        body_kind=BodyKind.EVENTS,
        content_type="text/event-stream",
        events=80,
        content_chars=400,
        finish_reason="stop",
        done_seen=True,
        end_mode=EndMode.DONE,
    ),
)


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({"notes": "Unexpected token '<' in JSON"}, "client.wrong_base_url"),
        ({"notes": "有时候 Unexpected token '<' in JSON，再点一次就好"}, "intermittent"),
        ({"notes": "回答两遍", "stream": Tri.YES}, "stream.malformed"),
        ({"notes": "回答两遍，curl 正常", "stream": Tri.YES}, "stream.client_parser"),
        (
            {
                "client": "LiteLLM docker",
                "error_text": "500 InternalServerError: name resolution: no such host",
            },
            "reach.connect",
        ),
        ({"notes": "白名单没加", "error_text": "ConnectTimeoutError"}, "timeout.connect"),
        ({"notes": "刷新页面发现其实是完整的", "stream": Tri.YES}, "stream.client_parser"),
        ({"notes": "夜里三成失败"}, "intermittent"),
    ],
)
def test_a_story_is_read_with_what_surrounds_it(declared, code):
    assert classify(Case(intake=Intake(**declared), attempts=FINE)).code == code


def test_tries_beside_a_word_about_money_are_no_charges():
    verdict = classify(Case(intake=Intake(notes="试了三次都卡住，付了钱的"), attempts=FINE))

    assert not verdict.code.startswith("charge.")
