"""What a reader is told of a finding: the headline first, each row with its reasons, the arithmetic."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from tests.triage.charges.lines import START
from tests.triage.charges.stories import event, story, told
from triage.charges.finding import ChargeCode, ChargeFinding, Remark, Statement
from triage.charges.reach import Reach, coverage_in_words
from triage.charges.telling import Asked, duration_text, rows_text


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


DUPLICATE = story(
    event("a", "charge", "0.24", currency="CNY"), event("b", "extra", "0.24", 61, of="a", currency="CNY")
)
HELD = story(event("h", "hold", "1.20"), event("s", "settlement", "-0.35", 240, of="h"))
SENT_AGAIN = (
    story(event("a", "charge", "0.45")),
    story(event("b", "resubmission", "0.45", 61, of="a"), task_id="t2"),
)


@pytest.mark.parametrize(
    ("code", "stories", "fields", "headline"),
    [
        (
            "charge.duplicate",
            [DUPLICATE],
            {"excess": {"CNY": Decimal("0.2400000000")}},
            "1 task, 2 charges, 0.24 CNY likely too much",
        ),
        (
            "charge.hold_and_settle",
            [HELD],
            {"net": {"USD": Decimal("0.85")}},
            "1 task, 1 hold, 0.85 USD in all",
        ),
        ("charge.double_submit", SENT_AGAIN, {}, "2 tasks, 2 charges, 0.45 USD for what was sent again"),
        (
            "charge.failed_unrefunded",
            [story(event("a"))],
            {"net": {"USD": Decimal(1)}},
            "1 task, 1 charge, 1.00 USD not returned",
        ),
        (
            "charge.duplicate",
            [DUPLICATE],
            {"excess": {"CNY": Decimal(1), "USD": Decimal(2)}},
            "1 task, 2 charges, 1.00 CNY + 2.00 USD likely too much",
        ),
        ("charge.conflict", [DUPLICATE], {}, ""),
        ("charge.cannot_tell", [DUPLICATE], {}, ""),
        ("charge.no_rows", [], {}, ""),
    ],
)
def test_the_headline_counts_and_names_the_sum_that_matters(code, stories, fields, headline):
    assert told(code, *stories, **fields).headline == headline


def test_what_is_too_much_is_marked_with_the_pause_after_the_charge_that_stands():
    first, second = told("charge.duplicate", DUPLICATE, excess={"CNY": Decimal("0.24")}).rows

    assert (first.too_much, first.status) == (False, "charged")
    assert (second.too_much, second.what, second.pause) == (True, "charged again", "61 s after row 1")


def test_a_duplicate_that_came_back_is_not_marked():
    back = story(event("a"), event("b", "extra", "1", 5, of="a"), event("r", "refund", "-1", 99, of="b"))

    assert [row.too_much for row in told("charge.duplicate", back).rows] == [False, False, False]


@pytest.mark.parametrize("code", ["charge.conflict", "charge.cannot_tell"])
def test_no_row_is_called_too_much_while_the_rows_do_not_decide(code):
    undecided = told(code, DUPLICATE)

    assert not undecided.is_decided
    assert [row.mood for row in undecided.rows] == ["", ""]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([], ""), ([3], "row 3"), ([1, 2], "rows 1, 2"), ([1, 2, 4, 5, 6, 9], "rows 1, 2, 4–6, 9")],
)
def test_many_rows_are_named_in_spans(numbers, text):
    assert rows_text(numbers) == text


def test_the_picture_is_told_in_words_row_by_row():
    (track,) = told("charge.hold_and_settle", HELD).tracks

    assert track == (
        "t1: row 1 at 2026-01-05 16:00:00 (Asia/Shanghai): hold, 1.20 USD, settled; "
        "row 2 at 2026-01-05 16:04:00 (Asia/Shanghai): settlement of the hold, -0.35 USD, settled."
    )


def test_rows_say_why_they_stand_together():
    told_again = told("charge.double_submit", *SENT_AGAIN, remarks=(Remark.BY_AMOUNT,))

    assert told("charge.duplicate", DUPLICATE).groups == ["Same task: rows 1, 2"]
    assert told("charge.duplicate", DUPLICATE).belongs_together
    assert told_again.groups == ["Same account, model and amount within the retry window: rows 1, 2"]


def test_each_request_id_of_the_ticket_names_its_rows_or_none():
    rows = story(event("a", request_id="REQ-1"), event("b", "charge", "1", 5, request_id="req-9"))
    asked = Asked(at=START, request_ids=("REQ-1", "req-2"))

    assert told("charge.single", rows, asked=asked).requests == [("REQ-1", "row 1"), ("req-2", "")]


def test_an_id_that_no_row_has_holds_nothing_together():
    rows = story(event("a", request_id="req-9"))

    for request_ids, together in (("req-2",), False), (("req-2", "req-9"), True):
        asked = Asked(at=START, request_ids=request_ids)
        assert told("charge.single", rows, asked=asked).belongs_together is together


def test_a_statement_names_its_rows_and_is_not_said_twice():
    said = Statement(code=Remark.HOLD_OPEN, charge_ids=("h",), amounts={"USD": Decimal("1.20")})

    told_once = told("charge.hold_and_settle", HELD, statements=(said,), remarks=(Remark.HOLD_OPEN,))

    assert [(one.rows, one.amounts) for one in told_once.statements] == [("row 1", "1.20 USD")]
    assert told_once.remarks == []


def test_our_own_probes_stand_apart():
    both = told("charge.single", story(event("a")), story(event("p", "own_probe"), task_id=""))

    assert [row.event.charge_id for row in both.rows] == ["a"]
    assert [row.event.charge_id for row in both.probes] == ["p"]
    assert both.headline.startswith("1 task, 1 charge")


def test_a_retry_may_come_back_as_a_second_charge_of_the_same_task():
    asked = Asked(retries=1, client="curl")

    assert told("charge.duplicate", DUPLICATE, asked=asked).arithmetic[0] == "2 requests on the wire, 2 rows."
    assert told("charge.duplicate", DUPLICATE).arithmetic == []


@pytest.mark.parametrize(
    ("remark", "says"),
    [
        (
            Remark.BEYOND_COVERAGE,
            "Records reach to 2026-01-05 15:30:00 (Asia/Shanghai); "
            "this request, at 2026-01-05 16:00:00 (Asia/Shanghai), is later.",
        ),
        (
            Remark.BEFORE_COVERAGE,
            "This request, at 2026-01-05 16:00:00 (Asia/Shanghai), is earlier than the records begin.",
        ),
        (
            Remark.LEDGER_GAP,
            "This request, at 2026-01-05 16:00:00 (Asia/Shanghai), lies where nothing was imported.",
        ),
    ],
)
def test_missing_rows_are_told_with_how_far_the_records_reach(remark, says):
    reach = START - timedelta(minutes=30)

    nothing = told("charge.no_rows", asked=Asked(at=START), covered_until=reach, remarks=(remark,))

    assert (nothing.headline, nothing.remarks, nothing.timeline) == (says, [], None)


def test_rows_of_several_accounts_say_whose_they_are():
    mine, theirs = story(event("a")), replace(story(event("b", "charge", "1", 9)), account="v")

    groups = told("charge.cannot_tell", mine, theirs).groups

    assert groups == ["Account u: row 1", "Account v: row 2"]


def test_readers_outside_are_not_told_what_a_ledger_is_called():
    reaches = [Reach("gw-7-internal", START, START + timedelta(days=1), START)]
    finding = ChargeFinding(code=ChargeCode.SINGLE)

    assert "gw-7-internal" in " ".join(coverage_in_words(finding, reaches))
    assert coverage_in_words(finding, reaches, named=False) == [
        "The records of the ledger reach from 2026-01-05 16:00:00 (Asia/Shanghai) "
        "to 2026-01-06 16:00:00 (Asia/Shanghai)."
    ]


@pytest.mark.parametrize(
    ("pause", "text"),
    [
        (timedelta(seconds=61), "61 s"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=2), "2 d"),
    ],
)
def test_a_pause_is_told_in_the_unit_a_person_would_choose(pause, text):
    assert duration_text(pause.total_seconds()) == text
