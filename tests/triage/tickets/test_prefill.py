"""What a paste may change on the form: nothing that somebody typed."""

from triage.tickets.paste.found import Paste, Remark, Suggestion
from triage.tickets.prefill import mark_of, marks_in, prefilled, told_by


def suggested(**values: str) -> Paste:
    return Paste(tuple(Suggestion(name, value, 1, "quote") for name, value in values.items()))


def test_empty_fields_and_untouched_choices_are_filled():
    filled = prefilled({"model": "", "stream": "unknown"}, suggested(model="gpt-4o", stream="yes"), marks={})

    assert (filled.values["model"], filled.values["stream"]) == ("gpt-4o", "yes")


def test_typed_words_stay_and_the_suggestion_is_told_beside_them():
    paste = suggested(model="gpt-4o")

    filled = prefilled({"model": "gpt-5"}, paste, marks={})

    assert filled.values["model"] == "gpt-5"
    assert [one.value for _number, one in told_by(paste, filled.values)["model"].others] == ["gpt-4o"]


def test_what_the_desk_filled_in_itself_gives_way_to_a_newer_paste():
    first = prefilled({}, suggested(model="gpt-4o", status_code="429"), marks={})

    second = prefilled(first.values, suggested(model="glm-4"), marks=first.marks)

    assert second.values["model"] == "glm-4"
    assert second.values["status_code"] == "429"
    assert set(second.marks) == {"model", "status_code"}


def test_a_zone_follows_its_time_only():
    paste = suggested(occurred_at="2026-03-28T06:05:01", zone="UTC")

    typed = {"occurred_at": "2026-03-28T10:00", "zone": "Asia/Shanghai"}
    assert prefilled(typed, paste, marks={}).values == typed
    assert prefilled({"zone": "Asia/Shanghai"}, paste, marks={}).values["zone"] == "UTC"


def test_a_chosen_suggestion_takes_the_place_of_typed_words():
    paste = Paste((Suggestion("status_code", "401", 1, ""), Suggestion("status_code", "429", 2, "")))

    assert (
        prefilled({"status_code": "500"}, paste, marks={}, use="status_code.1").values["status_code"] == "429"
    )
    for nonsense in ("status_code.9", "status_code.x", "nothing", "", ".", "model.0"):
        assert prefilled({"status_code": "500"}, paste, marks={}, use=nonsense).values["status_code"] == "500"


def test_marks_that_no_page_sent_are_nothing():
    for told in ("", "{", "[1]", '"x"', "[" * 5000, "null"):
        assert marks_in(told) == {}
    assert marks_in('{"model": "ab"}') == {"model": "ab"}
    assert mark_of("a") != mark_of("b")


def test_a_servers_clock_is_put_into_the_zone_of_the_form():
    paste = Paste((Suggestion("occurred_at", "2026-03-28T05:10:50", 1, "quote", Remark.SERVER_CLOCK),))

    filled = prefilled({"zone": "Asia/Shanghai"}, paste, marks={})

    assert (filled.values["occurred_at"], filled.values["zone"]) == ("2026-03-28T13:10:50", "Asia/Shanghai")
    assert told_by(paste, filled.values)["occurred_at"].held is not None
    assert prefilled({"zone": "Asia/Tokyo"}, paste, marks={}).values["occurred_at"] == "2026-03-28T14:10:50"
