"""What support types is read, not refused."""

from datetime import UTC, datetime

import pytest

from tests.cases.labelled import NOW
from triage.verdicts.case import Tri
from triage.verdicts.intake import (
    LONGEST,
    read_count,
    read_ids,
    read_intake,
    read_seconds,
    read_status,
    read_time,
)


@pytest.mark.parametrize(
    ("typed", "answer", "words"),
    [
        ("Cloudflare, nginx", Tri.YES, "Cloudflare, nginx"),
        ("nginx 反代", Tri.YES, "nginx 反代"),
        ("是", Tri.YES, ""),
        ("yes", Tri.YES, ""),
        (True, Tri.YES, ""),
        ("没有", Tri.NO, ""),
        ("直连", Tri.NO, ""),
        ("no proxy at all", Tri.NO, "no proxy at all"),
        ("不清楚", Tri.UNKNOWN, ""),
        ("unknown", Tri.UNKNOWN, ""),
        (None, Tri.UNKNOWN, ""),
        ("", Tri.UNKNOWN, ""),
    ],
)
def test_a_proxy_is_read_from_a_yes_a_no_or_its_name(typed, answer, words):
    intake = read_intake({"via_proxy": typed})

    assert (intake.via_proxy, intake.via_proxy_text) == (answer, words)


@pytest.mark.parametrize(
    ("typed", "answer", "words"),
    [
        ("两次", Tri.YES, "两次"),
        ("double in the roll-up", Tri.YES, "double in the roll-up"),
        ("2 x 10 credits", Tri.YES, "2 x 10 credits"),
        ("是", Tri.YES, ""),
        ("否", Tri.NO, ""),
        ("没扣费", Tri.NO, ""),
        (False, Tri.NO, ""),
    ],
)
def test_a_charge_is_read_from_a_yes_a_no_or_what_was_charged(typed, answer, words):
    intake = read_intake({"charged": typed})

    assert (intake.charged, intake.charged_text) == (answer, words)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        (30, 30),
        ("30", 30),
        ("5 分钟", 300),
        ("1m30s", 90),
        ("600s", 600),
        ("1.5 h", 5400),
        ("1500 ms", 1.5),
        ("很久", None),
        (-1, None),
    ],
)
def test_durations(typed, seconds):
    assert read_seconds(typed) == seconds


@pytest.mark.parametrize(
    ("typed", "count"),
    [(2, 2), ("3", 3), ("3 次", 3), ("两次", 2), ("twice", 2), ("many", None), (-4, None), (True, None)],
)
def test_counts(typed, count):
    assert read_count(typed) == count


@pytest.mark.parametrize(
    ("typed", "status"), [(429, 429), ("429", 429), ("HTTP 502 Bad Gateway", 502), ("ok", None), (99, None)]
)
def test_statuses(typed, status):
    assert read_status(typed) == status


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-22T14:05:00+08:00",
        "2026-03-22 14:05 +08:00",
        "2026-03-22 14:05",
        "2026/3/22 14:05",
        "2026年3月22日 14点05分",
        "2026-03-22T06:05:00Z",
        "2026-03-22 06:05 UTC",
        1774159500,
        "1774159500",
        "1774159500000",
    ],
)
def test_times_in_any_form_are_one_instant(typed):
    assert read_time(typed, now=NOW) == datetime(2026, 3, 22, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "昨天", "2026-13-45", "3026-01-01 00:00", None, True, "0001-01-01"])
def test_what_is_no_time_stays_unknown(typed):
    assert read_time(typed, now=NOW) is None


def test_a_clock_alone_is_todays():
    assert read_time("13:05", now=NOW) == datetime(2026, 11, 21, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["a, b", "a b", ["a", "b"], "a\nb", "a，b，a"])
def test_identifiers_come_as_lists_or_text(typed):
    assert read_ids(typed) == ("a", "b")


@pytest.mark.parametrize(
    ("fields", "workload"),
    [
        ({"model": "sora-2"}, "video"),
        ({"client": "/v1/videos"}, "video"),
        ({"model": "fal video"}, "video"),
        ({"model": "gpt-image-1"}, "image"),
        ({"model": "gpt-4o"}, "chat"),
        ({"model": "qwen-vl-vision"}, "chat"),
        ({"client": "gpt_image_playground", "model": "gpt-5-pro"}, "chat"),
        ({"workload": "shared_key", "model": "sora-2"}, "shared_key"),
        ({"notes": "客户在做视频网站"}, "chat"),
    ],
)
def test_the_workload_is_guessed_from_what_names_it(fields, workload):
    assert read_intake(fields).workload == workload


def test_aliases_and_unknown_names():
    intake = read_intake(
        {"control_stream_false": "正常", "colour": "blue", "base_url": "https://x/v1", "retry_count": "2"}
    )

    assert (intake.control_text, intake.base_url, intake.retry_count, intake.retried) == (
        "正常",
        "https://x/v1",
        2,
        Tri.YES,
    )


def test_long_text_is_cut_to_what_a_row_holds():
    intake = read_intake(dict.fromkeys(LONGEST, "x" * 50000) | {"via_proxy": "y" * 900, "charged": "z" * 900})

    assert all(len(getattr(intake, name)) <= longest for name, longest in LONGEST.items())


def test_a_symptom_in_prose_becomes_a_note():
    intake = read_intake({"symptom": "stops half way", "notes": "since monday"})

    assert (intake.symptom, intake.notes) == ("", "stops half way\nsince monday")


@pytest.mark.parametrize("value", [None, [], {}, 3.5, ["a", {"b": 1}], "\x00", {"a": [1]}, object()])
def test_no_value_is_refused(value):
    read_intake(
        dict.fromkeys((*LONGEST, "occurred_at", "status_code", "elapsed_s", "request_ids", "stream"), value)
    )


def test_a_time_without_a_zone_is_meant_in_the_tickets_own():
    typed = {"occurred_at": "2026-03-28 14:05", "zone": "America/New_York"}

    intake = read_intake(typed)

    assert intake.zone == "America/New_York"
    assert intake.occurred_at == datetime(2026, 3, 28, 18, 5, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Mars/Base", "UTC+8", 8, None, ["UTC"], "../etc/passwd", "x" * 999])
def test_a_zone_that_does_not_exist_is_none(zone):
    assert read_intake({"zone": zone}).zone == ""
