"""A line of a file that brings a paste."""

from triage.tickets.paste.filling import with_paste

TEMPLATE = "模型：gpt-4o\n状态码：429\n请求时间：2026-03-28 14:05:01 +08:00\n请求ID：req_123456"


def test_a_paste_fills_what_the_line_does_not_give():
    fields = with_paste({"id": 7, "model": "gpt-5", "status_code": None, "client": "", "paste": TEMPLATE})

    assert "paste" not in fields
    assert (fields["model"], fields["status_code"], fields["request_ids"]) == ("gpt-5", "429", "req_123456")
    assert fields["occurred_at"] == "2026-03-28T14:05:01+08:00"


def test_the_zone_of_the_line_counts_more_than_that_of_the_paste():
    fields = with_paste({"zone": "America/New_York", "paste": "时间：2026-03-28 14:05:01"})

    assert fields["occurred_at"] == "2026-03-28T14:05:01-04:00"


def test_a_zone_that_does_not_exist_and_a_paste_that_is_no_text_do_no_harm():
    assert with_paste({"zone": "Mars/Base", "paste": TEMPLATE})["occurred_at"] == "2026-03-28T14:05:01"
    assert with_paste({"model": "m", "paste": 5}) == {"model": "m"}


def test_a_servers_clock_is_in_utc_and_names_no_zone():
    pasted = "HTTP/1.1 429 Too Many Requests\nDate: Sat, 28 Mar 2026 05:10:50 GMT"

    fields = with_paste({"zone": "Asia/Tokyo", "paste": pasted})

    assert (fields["occurred_at"], fields["zone"]) == ("2026-03-28T05:10:50+00:00", "Asia/Tokyo")
    assert "zone" not in with_paste({"paste": pasted})
