from itertools import pairwise

import pytest

from probes.wire.facts import EndMode, Facts, Failure
from triage.tickets.waterfall import KEPT_FIRST, LEFT, PLOT, draw, gaps_of, mood_of, phases_of

LABEL = ("Stream request", "stream=true")


def make_facts(**seen) -> Facts:
    given = {
        "step": "stream",
        "sent": True,
        "status": 200,
        "resolve_ms": 10,
        "connect_ms": 30,
        "headers_ms": 100,
        "first_content_ms": 200,
        "last_byte_ms": 1000,
        "total_ms": 1000,
        "end_mode": EndMode.DONE,
        "done_seen": True,
    }
    return Facts(**given | seen)


def test_phases_follow_each_other_without_holes():
    phases = phases_of(make_facts(tls_ms=60))

    assert [name for name, _start, _end in phases] == [
        "resolve",
        "connect",
        "tls",
        "waiting",
        "thinking",
        "flowing",
    ]
    assert all(before[2] == after[1] for before, after in pairwise(phases))


def test_waiting_in_vain_is_drawn_until_the_end():
    facts = Facts(
        step="control", sent=True, connect_ms=20, total_ms=60_000, failure=Failure.FIRST_BYTE_TIMEOUT
    )

    assert phases_of(facts)[-1] == ("waiting", 20, 60_000)


def test_a_connection_that_never_stood_is_all_connecting():
    facts = Facts(step="control", total_ms=10_000, failure=Failure.CONNECT_TIMEOUT)

    assert phases_of(facts) == [("connect", 0.0, 10_000)]


def test_a_silence_between_bursts_is_a_gap():
    facts = make_facts(bursts=((200, 10), (400, 10), (3400, 10)), last_byte_ms=3400, total_ms=3400)

    assert gaps_of(facts) == [(400, 3400)]


def test_the_silence_that_ended_in_a_timeout_is_a_gap_too():
    facts = make_facts(
        bursts=((200, 10), (300, 10)), total_ms=30_300, end_mode=EndMode.IDLE_TIMEOUT, done_seen=False
    )

    assert gaps_of(facts) == [(300, 30_300)]


def test_the_bursts_that_were_not_kept_are_no_silence():
    first = tuple((float(n), 10) for n in range(KEPT_FIRST))
    last = tuple((60_000.0 + n, 10) for n in range(50))

    assert gaps_of(make_facts(bursts=first + last, burst_count=900, total_ms=60_050)) == []


@pytest.mark.parametrize(
    ("seen", "mood"),
    [
        ({}, "good"),
        ({"done_seen": False, "end_mode": EndMode.CLEAN_EOF}, "none"),
        ({"failure": Failure.RESET, "end_mode": EndMode.RESET}, "bad"),
        ({"in_stream_error": True}, "bad"),
        ({"status": 429}, "bad"),
        ({"total_ms": None}, "open"),
    ],
)
def test_the_end_is_marked_by_what_it_was(seen, mood):
    assert mood_of(make_facts(**seen)) == mood


def test_lanes_share_one_scale_and_stay_inside_the_plot():
    slow = make_facts(last_byte_ms=8000, total_ms=8000)
    picture = draw([(LABEL, make_facts(step="control")), (LABEL, slow)])

    ends = [lane.end_x for lane in picture.lanes]

    assert ends == [LEFT + PLOT / 8, LEFT + PLOT]
    assert all(bar.x + bar.width <= LEFT + PLOT + 2 for lane in picture.lanes for bar in lane.bars)


def test_a_long_stream_draws_a_bounded_number_of_ticks():
    bursts = tuple((200.0 + n, 10) for n in range(50_000))

    assert len(draw([(LABEL, make_facts(bursts=bursts))]).lanes[0].ticks) <= 160


def test_what_was_never_sent_has_no_lane():
    assert draw([(LABEL, Facts(step="stream", skipped="control_failed"))]) is None
