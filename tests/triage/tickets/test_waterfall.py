from itertools import pairwise

import pytest

from probes.wire.facts import EndMode, Facts, Failure
from triage.tickets.waterfall import KEPT_FIRST, LEFT, PLOT, Lump, draw, gaps_of, lump_of, mood_of, phases_of

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


def lane_of(**seen):
    return draw([(LABEL, make_facts(**seen))]).lanes[0]


def test_thoughts_before_the_text_are_a_phase_of_their_own():
    phases = phases_of(make_facts(first_reasoning_ms=150, first_content_ms=600))

    assert phases[-3:] == [("thinking", 100, 150), ("reasoning", 150, 600), ("flowing", 600, 1000)]


@pytest.mark.parametrize(
    "seen", [{"first_reasoning_ms": 500, "first_content_ms": 800}, {"first_content_ms": 500}]
)
def test_the_first_token_is_marked_be_it_text_or_thought(seen):
    assert lane_of(**seen).token_x == LEFT + PLOT / 2


def test_a_burst_that_stands_alone_keeps_its_tick_among_thousands():
    crowd = tuple((float(n) / 100, 10) for n in range(5000))

    assert lane_of(bursts=(*crowd, (900.0, 10))).ticks[-1] == round(LEFT + 0.9 * PLOT, 1)


def test_bursts_that_were_not_kept_one_by_one_are_drawn_as_such():
    first = tuple((float(n), 10) for n in range(KEPT_FIRST))
    last = tuple((900.0 + n, 10) for n in range(50))

    start, width = lane_of(bursts=first + last, burst_count=20_000).unkept

    assert (start, start + width) == (
        round(LEFT + 0.149 * PLOT, 1),
        pytest.approx(LEFT + 0.9 * PLOT, abs=0.2),
    )


def test_heartbeats_are_placed_where_the_first_and_the_last_came():
    assert lane_of(comments=9, first_comment_ms=250, last_comment_ms=750).beats == (
        LEFT + PLOT / 4,
        LEFT + PLOT * 3 / 4,
    )
    assert len(lane_of(comments=1, first_comment_ms=250, last_comment_ms=250).beats) == 1


def test_every_gap_has_its_length_written_where_there_is_room():
    times = (0, 2000, 3100, 4200, 90_000)
    lane = lane_of(bursts=tuple((at, 10) for at in times), total_ms=100_000, last_byte_ms=100_000)

    assert [gap.is_wide for gap in lane.gaps] == [False, False, False, True]
    assert [gap.label_x is not None for gap in lane.gaps] == [True, False, False, True]


@pytest.mark.parametrize(
    ("seen", "lump"),
    [
        ({"events": 214, "bursts": ((8200, 40_000),)}, Lump(214, 1, 8200)),
        ({"events": 214, "bursts": ((100, 50), (8200, 40_000))}, Lump(214, 1, 8200)),
        ({"events": 200, "bursts": tuple((at, 4096) for at in (100, 300, 600))}, Lump(200, 3, 100)),
        ({"events": 20, "bursts": tuple((at, 100) for at in range(100, 600, 50))}, None),
        ({"events": 2, "bursts": ((100, 300),)}, None),
        ({"events": 50, "bursts": ()}, None),
    ],
)
def test_many_events_in_few_deliveries_are_a_lump(seen, lump):
    assert lump_of(make_facts(**seen)) == lump


def test_what_was_never_sent_has_no_lane():
    assert draw([(LABEL, Facts(step="stream", skipped="control_failed"))]) is None
