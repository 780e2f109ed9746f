import pytest
from django.utils import translation

from probes.wire.facts import EndMode, Facts, Failure
from tests.triage.tickets.test_waterfall import make_facts
from triage.tickets.narration import phase_rows, sentence


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_stall_is_told_with_its_silence_and_its_end():
    facts = make_facts(
        events=12,
        bursts=((200, 10), (300, 10)),
        total_ms=30_300,
        end_mode=EndMode.IDLE_TIMEOUT,
        failure=Failure.IDLE_TIMEOUT,
        done_seen=False,
    )

    told = plain(sentence(facts, "Stream request"))

    assert told == (
        "Stream request: status 200 after 0.10 s; first text after 0.20 s; 12 events; in 2 bursts; "
        "nothing arrived for 30.0 s, from 0.30 s on; nothing more arrived in time after 30.3 s."
    )


def test_a_buffered_stream_is_told_as_a_single_burst():
    told = sentence(make_facts(events=40, bursts=((900, 4000),)), "Stream request")

    assert "40 events; in a single burst" in told


def test_a_step_that_was_not_sent_says_why():
    told = sentence(Facts(step="stream", skipped="control_failed"), "Stream request")

    assert told == "Stream request: not sent: the control request already explains it."


def test_a_lost_worker_is_told_as_possibly_billed():
    assert "may have been billed" in sentence(Facts(step="control", skipped="worker_lost"), "Control request")


def test_the_table_says_what_the_picture_shows():
    rows = phase_rows(make_facts(bursts=((200, 10), (1500, 10)), last_byte_ms=1500, total_ms=1500))

    assert [name for name, _start, _length in rows] == [
        "DNS lookup",
        "Initial connection",
        "Request sent, waiting (TTFB)",
        "Waiting for the first token",
        "Content download",
        "nothing arrives",
    ]


def test_heartbeats_are_told_with_their_times_in_the_sentence_and_in_the_table():
    facts = make_facts(comments=4, first_comment_ms=300, last_comment_ms=900)

    assert "4 heartbeats; the first heartbeat after 0.30 s, the last after 0.90 s" in plain(
        sentence(facts, "Stream request")
    )
    assert ("Heartbeats", "0.30 s", "0.60 s") in [
        tuple(plain(cell) for cell in row) for row in phase_rows(facts)
    ]


def test_heartbeats_that_are_events_are_counted():
    assert "7 heartbeat events" in sentence(make_facts(pings=7), "Stream request")


def test_a_stream_in_one_late_lump_is_told_with_the_time_of_the_lump():
    facts = make_facts(events=214, burst_count=2, bursts=((100, 50), (8200, 40_000)), total_ms=8300)

    assert "214 events, nearly all in 1 burst at 8.20 s" in plain(sentence(facts, "Stream request"))
