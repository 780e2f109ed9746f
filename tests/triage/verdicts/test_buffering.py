"""The fingerprint of a held-back stream, and the quick answers that only look like one."""

from dataclasses import replace

import pytest

from probes.wire.facts import BodyKind, EndMode, Facts
from tests.cases.labelled import NOW
from triage.verdicts.case import Case, Intake, Owner, Tri
from triage.verdicts.classify import classify

CONTROL = Facts(
    step="control", status=200, body_kind=BodyKind.JSON_OK, content_chars=900, finish_reason="stop"
)
LUMP = Facts(
    step="stream",
    status=200,
    body_kind=BodyKind.EVENTS,
    content_type="text/event-stream",
    events=120,
    reads=2,
    headers_ms=20,
    first_event_ms=6000,
    first_content_ms=6000,
    last_byte_ms=6010,
    content_chars=900,
    finish_reason="stop",
    done_seen=True,
    end_mode=EndMode.DONE,
)
EARLY = {"first_event_ms": 300, "first_content_ms": 300, "last_byte_ms": 2400}


def judged(stream: Facts, **declared):
    return classify(Case(intake=Intake(**declared), attempts=(CONTROL, stream), now=NOW))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "stream.fully_buffered"),
        ({"headers_ms": 5990}, "stream.fully_buffered"),
        ({"first_event_ms": 300, "first_content_ms": 300, "last_byte_ms": 305}, "ok.not_reproduced"),
        ({"events": 3}, "stream.slow_first_token"),
        ({"last_byte_ms": 9000}, "stream.slow_first_token"),
        (EARLY | {"bursts": tuple((300.0 * n, 4096) for n in range(1, 9))}, "stream.block_buffered"),
        (EARLY | {"bursts": tuple((300.0 * n, 90 + n) for n in range(1, 9))}, "ok.not_reproduced"),
    ],
)
def test_lumps_blocks_and_quick_answers(changes, code):
    assert judged(replace(LUMP, **changes)).code == code


@pytest.mark.parametrize(
    ("declared", "owner"),
    [
        ({}, Owner.EDGE),
        ({"via_proxy": Tri.YES, "via_proxy_text": "nginx"}, Owner.CUSTOMER_NETWORK),
        ({"notes": "直连没问题，走 nginx 就卡"}, Owner.CUSTOMER_NETWORK),
        ({"notes": "our FastAPI app has the gzip middleware on"}, Owner.CUSTOMER),
        ({"client": "LiteLLM proxy", "via_proxy": Tri.YES}, Owner.EDGE),
    ],
)
def test_the_holder_owns_it(declared, owner):
    assert judged(LUMP, **declared).owner is owner
