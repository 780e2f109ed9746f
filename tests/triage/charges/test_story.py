"""A task's rows from submission to settlement, and what each of them is."""

from decimal import Decimal

from tests.triage.charges.lines import line
from triage.charges.finding import EventKind, TaskStory
from triage.charges.story import tell_probes, tell_task


def kinds(story: TaskStory) -> list[tuple[str, str, str]]:
    return [(event.charge_id, event.kind.value, event.of) for event in story.events]


def test_a_hold_its_settlement_and_its_release():
    story = tell_task(
        [
            line("release", "-4", 61, charge_id="back", ref_charge_id="hold"),
            line("hold", "4", 0, charge_id="hold"),
            line("settlement", "2.5", 60, charge_id="settled"),
        ]
    )

    assert kinds(story) == [
        ("hold", "hold", ""),
        ("settled", "settlement", "hold"),
        ("back", "release", "hold"),
    ]
    assert (story.task_id, story.net) == ("t", {"USD": Decimal("2.5")})


def test_a_second_charge_and_the_refund_that_names_none():
    story = tell_task(
        [
            line("charge", "1.00", 0, charge_id="a"),
            line("charge", "1.00", 5, charge_id="b"),
            line("refund", "-1.00", 60, charge_id="back"),
        ]
    )

    assert kinds(story) == [("a", "charge", ""), ("b", "extra", "a"), ("back", "refund", "b")]
    assert story.net == {"USD": Decimal("1.00")}


def test_a_charge_that_was_taken_back_before_the_next():
    story = tell_task(
        [
            line("charge", "1.00", 0, charge_id="a"),
            line("reversal", "-1.00", 60, charge_id="back", ref_charge_id="a"),
            line("charge", "1.00", 61, charge_id="b"),
        ]
    )

    assert kinds(story) == [("a", "withdrawn", ""), ("back", "reversal", "a"), ("b", "charge", "")]


def test_a_refund_written_as_a_negative_charge():
    story = tell_task([line("charge", "1.00", 0, charge_id="a"), line("charge", "-1.00", 9, charge_id="b")])

    assert kinds(story) == [("a", "charge", ""), ("b", "refund", "a")]


def test_a_submission_that_repeats_another_task():
    story = tell_task([line("charge", "1.00", 0, charge_id="b")], repeats="a")

    assert kinds(story) == [("b", "resubmission", "a")]


def test_one_call_in_two_logs():
    logs = [
        line("charge", "1.00", at, charge_id=name, component=kind, request_id="r", request_key="r")
        for name, kind, at in (("a", "acompletion", 0), ("b", "aresponses", 1))
    ]

    assert kinds(tell_task(logs)) == [("a", "charge", ""), ("b", "second_log", "a")]


def test_our_own_probes_have_a_story_of_their_own():
    rows = [line(charge_id="a"), line(charge_id="ours", own_probe=True)]

    assert kinds(tell_task(rows)) == [("a", "charge", "")]
    assert [event.kind for event in tell_probes(rows[1:]).events] == [EventKind.OWN_PROBE]
