"""Attempts of every kind of step that went well, to be spoiled by a test."""

from dataclasses import replace

from probes.wire.facts import BodyKind, EndMode, Facts, Failure
from tests.cases.labelled import NOW
from triage.verdicts.case import Case, Intake, Verdict
from triage.verdicts.classify import classify

CONTROL = Facts(
    step="control",
    sent=True,
    http_version="HTTP/1.1",
    status=200,
    body_kind=BodyKind.JSON_OK,
    body_bytes=3000,
    content_chars=2700,
    finish_reason="stop",
    headers_ms=900,
    total_ms=900,
)
STREAM = Facts(
    step="stream",
    sent=True,
    http_version="HTTP/1.1",
    status=200,
    body_kind=BodyKind.EVENTS,
    content_type="text/event-stream",
    body_bytes=24_000,
    content_chars=2700,
    reads=90,
    events=90,
    bursts=tuple((100.0 + 20 * n, 260) for n in range(90)),
    burst_count=90,
    headers_ms=50,
    first_event_ms=100,
    first_content_ms=100,
    last_byte_ms=1900,
    total_ms=1900,
    finish_reason="stop",
    done_seen=True,
    end_mode=EndMode.DONE,
)
LUMP = {
    "reads": 2,
    "bursts": ((6000.0, 24_000),),
    "burst_count": 1,
    "first_event_ms": 6000,
    "first_content_ms": 6000,
    "last_byte_ms": 6010,
    "total_ms": 6010,
}
CUT = {
    "failure": Failure.INCOMPLETE_BODY,
    "end_mode": EndMode.INCOMPLETE,
    "done_seen": False,
    "finish_reason": "",
}
REFUSED = {
    "body_kind": BodyKind.HTML,
    "content_type": "text/html",
    "events": 0,
    "reads": 1,
    "bursts": (),
    "burst_count": 1,
    "content_chars": 0,
    "finish_reason": "",
    "done_seen": False,
    "end_mode": EndMode.CLEAN_EOF,
}


def step(kind: str, **changes) -> Facts:
    return replace(STREAM, step=kind, **changes)


def look_up(kind: str, **found) -> Facts:
    return Facts(step=kind, sent=True, status=200, body_kind=BodyKind.JSON_OK, **found)


def judged(*attempts: Facts, **declared) -> Verdict:
    return classify(Case(intake=Intake(**declared), attempts=attempts, now=NOW))


def seen(verdict: Verdict, where: str) -> dict:
    """What the verdict's evidence says of one step."""
    return {item.fact: item.value for item in verdict.evidence if item.where == where}
