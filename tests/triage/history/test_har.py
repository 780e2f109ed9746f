"""The archive that other tools open: complete by the format's own rules, and without the key."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from probes.wire.dialects.table import DIALECTS
from probes.wire.facts import Facts, Failure
from triage.history.har import Exchanged, har_of

STARTED = datetime(2026, 11, 21, 9, 30, 0, 250_000, tzinfo=UTC)
WHOLE = Facts(
    step="stream",
    http_version="HTTP/1.1",
    status=200,
    resolve_ms=2.0,
    connect_ms=12.0,
    tls_ms=40.0,
    headers_ms=500.0,
    total_ms=1500.0,
    address="203.0.113.7",
    headers={"content-type": "text/event-stream"},
    content_type="text/event-stream",
    body_bytes=9000,
)


def entry_of(facts: Facts) -> dict:
    request = DIALECTS["openai_chat"].request_for("stream", model="m", prompt="Hi", max_tokens=5)
    exchanged = Exchanged(request, "https://api.example/v1/chat/completions?v=1&v=2", STARTED, facts)
    (entry,) = json.loads(json.dumps(har_of([exchanged])))["log"]["entries"]
    return entry


@pytest.mark.parametrize(
    "facts",
    [
        WHOLE,
        Facts(step="stream", failure=Failure.DNS, total_ms=5.0),
        Facts(step="stream", failure=Failure.CONNECT_REFUSED, resolve_ms=1.0, total_ms=3.0),
        Facts(
            step="stream", failure=Failure.FIRST_BYTE_TIMEOUT, resolve_ms=1.0, connect_ms=2.0, total_ms=9.0
        ),
    ],
)
def test_the_phases_add_up_to_the_time_as_the_format_demands(facts):
    entry = entry_of(facts)

    timings = entry["timings"]
    parts = ("dns", "connect", "send", "wait", "receive")
    assert entry["time"] == pytest.approx(sum(timings[name] for name in parts if timings[name] >= 0))
    assert all(value >= 0 or value == -1 for value in timings.values())


def test_connect_holds_the_handshake_and_waiting_begins_after_it():
    timings = entry_of(WHOLE)["timings"]

    assert (timings["dns"], timings["connect"], timings["ssl"]) == (2.0, 38.0, 28.0)
    assert (timings["wait"], timings["receive"]) == (460.0, 1000.0)


def test_a_compressed_answer_counts_what_it_holds():
    entry = entry_of(replace(WHOLE, content_encoding="gzip", decoded_bytes=40_000))

    assert (entry["response"]["content"]["size"], entry["response"]["bodySize"]) == (40_000, 9000)


def test_request_and_answer_are_there_as_sent_and_seen():
    entry = entry_of(WHOLE)

    assert json.loads(entry["request"]["postData"]["text"])["stream"] is True
    assert entry["request"]["queryString"] == [{"name": "v", "value": "1"}, {"name": "v", "value": "2"}]
    assert entry["response"]["status"] == 200
    assert entry["startedDateTime"] == "2026-11-21T09:30:00.250+00:00"
    assert not [pair for pair in entry["request"]["headers"] if pair["name"] == "authorization"]
