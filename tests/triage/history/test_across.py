"""Of one request in several runs only what matters is marked, and the most telling stands first."""

import pytest
from django.utils import translation

from probes.wire.facts import EndMode, Facts, Failure
from tests.triage.tickets.test_waterfall import make_facts
from triage.history.across import facts_across, headers_across


def differing(*seen: Facts | None, one_protocol: bool = True) -> list[str]:
    return [row.name for row in facts_across(seen, one_protocol=one_protocol) if row.differs]


def differing_headers(*seen: Facts | None) -> list[str]:
    return [row.name for row in headers_across(seen) if row.differs]


def test_two_like_answers_differ_in_nothing():
    one = make_facts(first_content_ms=300, completion_tokens=100, request_ids=("a",), body_sha256="1")
    other = make_facts(first_content_ms=450, completion_tokens=110, request_ids=("b",), body_sha256="2")

    assert differing(one, other) == []


def test_what_makes_it_another_answer_stands_before_what_only_colours_it():
    slow_and_cut = make_facts(
        failure=Failure.RESET, end_mode=EndMode.RESET, done_seen=False, first_content_ms=9800, total_ms=9900
    )

    assert differing(make_facts(), slow_and_cut) == [
        *("failure", "end_mode", "done_seen", "first_content_ms", "total_ms"),
    ]


@pytest.mark.parametrize(
    ("was", "now", "differs"), [(1200, 9800, True), (10, 40, False), (1000, 1900, False), (None, 900, True)]
)
def test_a_time_differs_when_it_is_of_another_size(was, now, differs):
    assert (
        "first_content_ms" in differing(make_facts(first_content_ms=was), make_facts(first_content_ms=now))
    ) is differs


def test_what_an_older_desk_did_not_write_down_is_no_difference():
    one = make_facts(address="203.0.113.7", addresses=("203.0.113.7",), http_version="HTTP/1.1")

    assert differing(one, make_facts()) == []
    assert differing(one, make_facts(address="203.0.113.9")) == ["address"]


def test_any_other_status_is_a_difference():
    assert "status" in differing(make_facts(status=200), make_facts(status=201))


def test_across_protocols_only_what_both_say_alike_is_compared():
    anthropic = make_facts(finish_reason="end_turn", error_type="", status=529)

    assert differing(make_facts(finish_reason="stop"), anthropic, one_protocol=False) == ["status"]


def test_a_run_without_this_request_differs_in_nothing_and_shows_nothing():
    rows = facts_across([make_facts(), None])

    assert not any(row.differs for row in rows)
    assert {row.values[1] for row in rows} == {""}


def test_an_attempt_without_an_answer_differs_in_its_failure_alone():
    unanswered = Facts(step="stream", failure=Failure.CONNECT_TIMEOUT, total_ms=10_000)

    assert differing(make_facts(), unanswered) == ["failure", "status"]


def test_a_header_differs_by_its_value_and_by_its_absence():
    one = make_facts(headers={"server": "nginx", "x-accel-buffering": "no", "date": "Mon"})
    other = make_facts(headers={"server": "cloudflare", "date": "Tue"})

    assert differing_headers(one, other) == ["server", "x-accel-buffering"]


def test_of_ids_only_the_absence_is_a_difference():
    one = make_facts(headers={"x-request-id": "a", "cf-ray": "1"})
    other = make_facts(headers={"x-request-id": "b"})

    assert differing_headers(one, other) == ["cf-ray"]


def test_a_header_whose_value_is_not_kept_is_there_all_the_same():
    one = make_facts(header_names=("x-odd",))

    with translation.override("en"):
        rows = {row.name: row for row in headers_across([one, make_facts()])}

    assert rows["x-odd"].values == ("there, value not kept", "missing")
    assert rows["x-odd"].differs
