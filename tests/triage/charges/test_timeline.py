"""The picture of a charge story: in order, nothing over anything else, long pauses still seen."""

from datetime import timedelta
from itertools import pairwise

from tests.triage.charges.lines import START
from tests.triage.charges.stories import event, story
from triage.charges.timeline import LEFT, MARK, MOST_ROWS, PLOT, draw, rows_in_order


def xs(timeline) -> dict[int, float]:
    return {mark.row.number: mark.x for track in timeline.tracks for mark in track.marks}


def test_rows_are_numbered_by_time_over_all_tasks():
    first = story(event("a"), event("b", "charge", "1", 60))
    second = story(event("c", "charge", "1", 30), task_id="t2")

    assert [row.event.charge_id for row in rows_in_order([first, second])] == ["a", "c", "b"]


def test_time_runs_from_left_to_right_inside_the_picture():
    days_apart = story(event("a"), event("b", "charge", "1", 2), event("c", "refund", "-1", 3 * 86_400))

    places = list(xs(draw([days_apart])).values())

    assert places == sorted(places)
    assert LEFT <= places[0] < places[-1] <= LEFT + PLOT


def test_a_retry_is_seen_beside_a_refund_days_later():
    days_apart = story(event("a"), event("b", "charge", "1", 2), event("c", "refund", "-1", 3 * 86_400))

    assert all(later - earlier > 2 * MARK for earlier, later in pairwise(xs(draw([days_apart])).values()))


def test_rows_of_one_moment_and_task_stand_beside_each_other():
    at_once = draw([story(event("a"), event("b"))])
    of_two_tasks = draw([story(event("a")), story(event("b"), task_id="t2")])

    assert len(set(xs(at_once).values())) == 2
    assert len(set(xs(of_two_tasks).values())) == 1


def test_the_tickets_own_time_has_a_place_before_the_rows():
    timeline = draw([story(event("a", "charge", "1", 5))], asked_at=START)

    assert timeline.request_x < xs(timeline)[1]
    assert timeline.tracks[0].y > draw([story(event("a"))]).tracks[0].y


def test_what_belongs_together_is_joined():
    timeline = draw([story(event("h", "hold", "2", 0), event("s", "settlement", "-1", 9, of="h"))])

    assert timeline.tracks[0].joins == ((xs(timeline)[1], xs(timeline)[2]),)


def test_a_pause_is_measured_where_there_is_room():
    timeline = draw([story(event("a"), event("b", "charge", "1", 61))])

    assert [pause.seconds for pause in timeline.pauses] == [61]


def test_a_very_long_story_says_how_much_the_picture_leaves_out():
    rows = [event(f"c{n}", "charge", "1", n) for n in range(MOST_ROWS + 5)]

    timeline = draw([story(*rows)])

    assert (len(xs(timeline)), timeline.left_out) == (MOST_ROWS, 5)


def test_without_rows_there_is_no_picture():
    assert draw([], asked_at=START + timedelta(hours=1)) is None
