"""Ledgers fetched from systems that speak the real shapes, and from hostile ones."""

import json
import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from tests.triage.charges.connectors.setups import NOW, at, connector_to, fetch, fixed
from tests.triage.charges.connectors.systems import (
    TOKEN,
    Asked,
    LiteLlm,
    NewApi,
    OneApi,
    Reply,
    log_entry,
    running,
    spend_row,
)
from triage.charges.actions.find_charges import find_charges
from triage.charges.connectors.actions.fetch_ledger import fetch_ledger
from triage.charges.connectors.faults import FetchCode
from triage.charges.connectors.models import MOST_FAILURES, LedgerConnector
from triage.charges.finding import ChargeCode
from triage.charges.models import Charge, ChargeConflict, ChargeImport, LedgerSource

pytestmark = pytest.mark.django_db(transaction=True)
CLOCK = fixed(NOW)


def _system(answer: Any) -> Any:
    return running(answer, clock=CLOCK)


# --- one-api and new-api


@pytest.mark.parametrize(("dialect", "entries"), [(NewApi, 250), (OneApi, 35)])
def test_every_page_of_the_log_comes_in_once(dialect: Any, entries: int) -> None:
    with _system(dialect([log_entry(n, at(n / 2 + 2)) for n in range(1, entries + 1)])) as system:
        fetched = fetch(connector_to(system, "one_api", user_id="1"))

    assert (fetched.code, fetched.counts["new"], fetched.counts["rejected"]) == ("ok", entries, 0)
    assert Charge.objects.count() == entries
    assert all(asked.method == "GET" for asked in system.asked)


def test_a_row_of_new_api_keeps_what_a_charge_needs_and_nothing_else() -> None:
    other = {"task_id": "video_1", "stream_status": {"end_reason": "client_gone"}, "secret": "s3cr3t"}
    with _system(NewApi([log_entry(7, at(30), other=other, content="my prompt")])) as system:
        fetch(connector_to(system, "one_api", user_id="1"))

    charge = Charge.objects.get()
    assert (charge.charge_id, charge.task_id, charge.account) == ("7", "video_1", "u_acme")
    assert (charge.amount, charge.currency, charge.key_hint) == (1500, "quota", "prod")
    assert (charge.request_id, charge.outcome) == ("202603010900001234500000007", "undelivered")
    stored = json.dumps([str(row) for row in Charge.objects.values_list()])
    assert not any(word in stored for word in ("my prompt", "203.0.113.77", "s3cr3t", "upstream-east"))


def test_types_of_the_log_become_kinds() -> None:
    settled = {"task_id": "t", "pre_consumed_quota": 1000}
    entries = [
        log_entry(1, at(30), type=1, quota=500000),
        log_entry(2, at(29)),
        log_entry(3, at(28), type=6, quota=300),
        log_entry(4, at(27), other=settled, quota=-200),
        log_entry(5, at(26), type=5, quota=0),
        log_entry(6, at(25), type=7, quota=0),
    ]
    with _system(NewApi(entries)) as system:
        fetched = fetch(connector_to(system, "one_api", user_id="1"))

    kinds = dict(Charge.objects.values_list("charge_id", "kind"))
    assert kinds == {"2": "charge", "3": "refund", "4": "settlement"}
    assert fetched.counts["rejected"] == 0


def test_without_a_log_id_the_request_id_names_the_charge() -> None:
    with _system(NewApi([log_entry(1, at(30)) | {"id": 0}])) as system:
        fetch(connector_to(system, "one_api", user_id="1"))

    assert Charge.objects.get().charge_id == "202603010900001234500000001"


def test_a_refusal_with_status_200_is_a_refusal() -> None:
    with _system(NewApi([])) as system:
        fetched = fetch(connector_to(system, "one_api", token="adm-" + "wrong" * 8, user_id="1"))

    assert fetched.code is FetchCode.DENIED
    assert "access token" in fetched.detail


# --- LiteLLM


@pytest.mark.parametrize("old", [False, True])
def test_spend_logs_come_in_whichever_version_lists_them(old: bool) -> None:
    with _system(LiteLlm([spend_row(n, at(n)) for n in range(2, 252)], old=old)) as system:
        connector = connector_to(system, "litellm")
        fetched = fetch(connector)

    assert (fetched.code, fetched.counts["new"]) == ("ok", 250)
    assert bool(connector.cursor.get("old")) is old
    charge = Charge.objects.get(charge_id="chatcmpl-00000002")
    assert (charge.amount, charge.currency) == (Decimal("0.000015"), "USD")
    assert (charge.account, charge.model, charge.component) == ("u_acme", "gpt-4o-mini", "acompletion")
    assert charge.occurred_at == at(2)  # LiteLLM writes UTC without a zone


def test_a_hashed_key_is_kept_as_a_fingerprint_only() -> None:
    row = spend_row(1, at(30), metadata="{}", user="")
    with _system(LiteLlm([row])) as system:
        fetch(connector_to(system, "litellm"))

    charge = Charge.objects.get()
    assert charge.key_hint.startswith("key#") and charge.account == charge.key_hint
    assert row["api_key"][:12] not in json.dumps([str(each) for each in Charge.objects.values_list()])


def test_two_logs_of_one_call_share_its_id_and_differ_in_their_type() -> None:
    """BerriAI/litellm#15740."""
    rows = [
        spend_row(1, at(30), litellm_call_id="call-x", call_type="aresponses", request_id="resp_1"),
        spend_row(2, at(30), litellm_call_id="call-x"),
        spend_row(3, at(20), request_id="resp_2", call_type="aresponses", litellm_call_id=None),
        spend_row(4, at(19), request_id="resp_2", call_type="aget_responses", litellm_call_id=None),
    ]
    with _system(LiteLlm(rows)) as system:
        fetch(connector_to(system, "litellm"))

    told = list(Charge.objects.order_by("pk").values_list("charge_id", "request_id", "component"))
    assert sorted(told) == [
        ("chatcmpl-00000002", "call-x", "acompletion"),
        ("resp_1", "call-x", "aresponses"),
        ("resp_2", "resp_2", "aresponses"),
        ("resp_2:aget_responses", "resp_2", "agetresponses"),
    ]
    assert not ChargeConflict.objects.exists()


@pytest.mark.parametrize("sought", ["call-x", "chatcmpl-00000002"])
def test_one_call_with_two_logs_is_found_as_such(sought: str) -> None:
    rows = [
        spend_row(1, at(30), litellm_call_id="call-x", call_type="anthropic_messages", request_id="msg_1"),
        spend_row(2, at(30), litellm_call_id="call-x"),
    ]
    with _system(LiteLlm(rows)) as system:
        fetch(connector_to(system, "litellm"))

    finding = find_charges(request_ids=[sought], account="u_acme")
    assert (finding.code, finding.excess) == (ChargeCode.DOUBLE_LOGGED, {"USD": Decimal("0.000015")})


def test_the_columns_of_files_are_still_remembered() -> None:
    with _system(NewApi([log_entry(1, at(30))])) as system:
        connector = connector_to(system, "one_api", user_id="1")
        LedgerSource.objects.update(mapping={"amount": "金额"})
        fetch(connector)

    assert LedgerSource.objects.get().mapping == {"amount": "金额"}


def test_the_column_that_names_customers_can_be_chosen() -> None:
    with _system(LiteLlm([spend_row(1, at(30), team_id="team-7")])) as system:
        fetch(connector_to(system, "litellm", account="team_id"))

    assert Charge.objects.get().account == "team-7"


# --- any JSON

ROWS = [
    {"no": f"c{n}", "who": {"id": "u1"}, "cost": {"total": "0.10"}, "when": at(n).isoformat(), "tid": f"t{n}"}
    for n in range(2, 27)
]
PLACES = {
    "charge_id": "no",
    "account": "who.id",
    "amount": "cost.total",
    "currency": "=USD",
    "occurred_at": "when",
    "task_id": "tid",
}


def _by_page(asked: Asked) -> Reply:
    start = (int(asked.query["page"]) - 1) * 10
    return Reply({"result": {"rows": ROWS[start : start + 10]}})


def _by_offset(asked: Asked) -> Reply:
    start = int(asked.query["from_row"])
    return Reply({"result": {"rows": ROWS[start : start + 10]}})


def _by_cursor(asked: Asked) -> Reply:
    start = int(asked.query.get("after", "c0").removeprefix("c"))
    cursor = f"c{start + 10}" if start + 10 < len(ROWS) else None
    return Reply({"result": {"rows": ROWS[start : start + 10]}, "meta": {"next": cursor}})


def _by_link(asked: Asked) -> Reply:
    start = int(asked.query.get("start", "0"))
    more = start + 10 < len(ROWS)
    link = {"Link": f'<{asked.path}?start={start + 10}>; rel="next"'} if more else {}
    return Reply({"result": {"rows": ROWS[start : start + 10]}}, headers=link)


@pytest.mark.parametrize(
    ("answer", "paging"),
    [
        (_by_page, {"paging": "page", "page_param": "page"}),
        (_by_offset, {"paging": "offset", "page_param": "from_row"}),
        (_by_cursor, {"paging": "cursor", "page_param": "after", "next_at": "meta.next"}),
        (_by_link, {"paging": "link"}),
    ],
)
def test_any_list_comes_in_by_its_own_paging(answer: Any, paging: dict[str, Any]) -> None:
    with _system(answer) as system:
        connector = connector_to(
            system, "json", token="", path="/v1/charges", rows_at="result.rows", mapping=PLACES, **paging
        )
        fetched = fetch(connector)

    assert (fetched.code, fetched.counts["new"], Charge.objects.count()) == ("ok", 25, 25)
    assert (fetched.windows, ChargeImport.objects.count()) == (1, 1)  # the whole list, once


def test_the_span_is_asked_for_where_its_parameters_are_named() -> None:
    with _system(lambda asked: Reply(ROWS)) as system:
        settings = {"from_param": "since", "until_param": "before", "time_form": "epoch_s", "mapping": PLACES}
        fetch(
            connector_to(
                system, "json", path="/charges", token_header="X-Admin-Key", token_prefix="", **settings
            )
        )

    first = system.asked[0]
    assert first.headers["x-admin-key"] == TOKEN
    assert (int(first.query["since"]), int(first.query["before"])) == (
        int((NOW - timedelta(days=1)).timestamp()),
        int((NOW - timedelta(hours=23)).timestamp()),
    )


# --- cursor, coverage, claim


def test_the_ledger_is_complete_up_to_what_was_read_and_not_further() -> None:
    with _system(NewApi([log_entry(1, at(30))])) as system:
        fetch(connector_to(system, "one_api", user_id="1"))

    source = LedgerSource.objects.get()
    assert source.covered_until == NOW - timedelta(seconds=60)
    assert source.covered_from == NOW - timedelta(days=1)


def test_a_quiet_system_moves_the_coverage_and_makes_one_import() -> None:
    with running(NewApi([])) as system:  # its clock is the real one, ahead of ours
        connector = connector_to(system, "one_api", user_id="1")
        for hours in range(3):
            fetch(connector, now=NOW + timedelta(hours=hours))

    assert ChargeImport.objects.count() == 1
    assert LedgerSource.objects.get().covered_until == NOW + timedelta(hours=2) - timedelta(seconds=60)


def test_rows_that_are_written_late_are_seen_at_the_next_turn() -> None:
    entries = [log_entry(1, at(30))]
    with _system(NewApi(entries)) as system:
        connector = connector_to(system, "one_api", user_id="1")
        fetch(connector)
        entries.append(log_entry(2, at(3)))
        again = fetch(connector, now=NOW + timedelta(minutes=15))

    assert again.counts["new"] == 1
    assert Charge.objects.count() == 2


def test_a_page_that_fails_leaves_ledger_and_cursor_as_they_were() -> None:
    good = NewApi([log_entry(n, at(n / 10 + 2)) for n in range(1, 251)])
    broken = True

    def answer(asked: Asked) -> Reply:
        return Reply(b"oops", status=502) if broken and asked.query["p"] == "3" else good(asked)

    with _system(answer) as system:
        connector = connector_to(system, "one_api", user_id="1")
        failed = fetch(connector)
        covered = LedgerSource.objects.get().covered_until
        stored = Charge.objects.count()
        broken = False
        mended = fetch(connector)

    assert failed.code is FetchCode.SERVER_ERROR
    assert stored == 0
    assert covered is not None and covered <= at(27)  # the quiet hours before the window that failed
    assert (mended.code, Charge.objects.count(), connector.failures) == ("ok", 250, 0)


def test_two_workers_never_fetch_at_once() -> None:
    asked, go_on = threading.Event(), threading.Event()

    def answer(request: Asked) -> Reply:
        asked.set()
        go_on.wait(5)
        return NewApi([log_entry(1, at(30))])(request)

    with _system(answer) as system:
        connector = connector_to(system, "one_api", user_id="1")
        other = threading.Thread(target=lambda: _fetch_in_thread(connector))
        other.start()
        assert asked.wait(5)
        assert fetch_ledger(connector.pk, clock=CLOCK) is None
        go_on.set()
        other.join(20)

    assert Charge.objects.count() == 1


def _fetch_in_thread(connector: LedgerConnector) -> None:

    try:
        fetch_ledger(connector.pk, clock=CLOCK)
    finally:
        connection.close()


def test_a_claim_that_a_killed_worker_left_behind_runs_out() -> None:
    with _system(NewApi([log_entry(1, at(30))])) as system:
        connector = connector_to(system, "one_api", user_id="1")
        LedgerConnector.objects.claim(connector.pk, at=NOW)
        assert fetch_ledger(connector.pk, clock=CLOCK) is None
        fetched = fetch(connector, now=NOW + timedelta(minutes=4))

    assert fetched.counts["new"] == 1


def test_what_an_admin_changes_ends_the_fetch_that_is_under_way() -> None:
    entries = NewApi([log_entry(1, at(30))])

    def answer(asked: Asked) -> Reply:
        LedgerConnector.objects.update(claimed_until=None)  # as saving the form does
        return entries(asked)

    with _system(answer) as system:
        connector = connector_to(system, "one_api", user_id="1")
        assert fetch_ledger(connector.pk, clock=CLOCK) is None

    assert not Charge.objects.exists()
    assert LedgerSource.objects.get().covered_until is None


def test_a_busy_system_is_read_in_shorter_windows() -> None:
    rows = [spend_row(n, at(n / 400)) for n in range(800, 12_800)]
    with _system(LiteLlm(rows)) as system:
        connector = connector_to(system, "litellm", days_back=1)
        connector.cursor = {"until": at(60).isoformat(), "step_s": 3600}
        connector.save()
        fetched = fetch(connector)

    assert (fetched.code, Charge.objects.count()) == ("ok", 12_000)


def test_a_clock_behind_ours_holds_the_coverage_back() -> None:
    late = fixed(NOW - timedelta(minutes=10))
    with running(NewApi([log_entry(1, at(30))]), clock=late) as system:
        connector = connector_to(system, "one_api", user_id="1")
        fetch(connector)

    assert connector.cursor["skew_s"] == -600
    assert LedgerSource.objects.get().covered_until == NOW - timedelta(minutes=11)


# --- hostile and broken systems


def _html(asked: Asked) -> Reply:
    return Reply(b"<!doctype html><html><title>Sign in</title>", content_type="text/html")


def _redirect(asked: Asked) -> Reply:
    return Reply(b"", status=302, headers={"Location": "http://169.254.169.254/latest/meta-data"})


def _same_page(asked: Asked) -> Reply:
    return Reply({"success": True, "data": [log_entry(1, at(30))]})


def _always_more(asked: Asked) -> Reply:
    number = int(asked.query["p"])
    return Reply({"success": True, "data": [log_entry(number * 10 + n, at(30)) for n in range(10)]})


def _large(asked: Asked) -> Reply:
    return Reply(b"[" + b" " * (9 << 20) + b"]")


def _other_days(asked: Asked) -> Reply:
    return Reply({"success": True, "data": [log_entry(1, at(30 * 24 * 60))]})


def _nested(asked: Asked) -> Reply:
    return Reply(b"[" * 100_000)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (_html, FetchCode.HTML),
        (_redirect, FetchCode.REDIRECTED),
        (_same_page, FetchCode.PAGES_REPEAT),
        (_large, FetchCode.TOO_LARGE),
        (_other_days, FetchCode.WINDOW_IGNORED),
        (_nested, FetchCode.NOT_JSON),
        (lambda asked: Reply({"data": "no"}), FetchCode.OTHER_SHAPE),
        (lambda asked: Reply([1, 2]), FetchCode.OTHER_SHAPE),
        (lambda asked: Reply({"error": "no"}, status=401), FetchCode.DENIED),
        (lambda asked: Reply(b"", status=404), FetchCode.NOT_FOUND),
        (lambda asked: Reply(b"", status=503), FetchCode.SERVER_ERROR),
        (lambda asked: Reply(b"{}", status=418), FetchCode.BAD_STATUS),
        (lambda asked: Reply({"success": False, "message": "数据库错误"}), FetchCode.REFUSED_BY_API),
    ],
)
def test_a_system_that_answers_otherwise_brings_nothing_in(answer: Any, code: FetchCode) -> None:
    with _system(answer) as system:
        connector = connector_to(system, "one_api", user_id="1")
        fetched = fetch(connector)

    assert fetched.code is code
    assert not Charge.objects.exists() and LedgerSource.objects.get().covered_until is None
    assert (connector.last_code, connector.failures, connector.claimed_until) == (code, 1, None)


def test_endless_pages_end() -> None:
    with _system(_always_more) as system:
        connector = connector_to(system, "one_api", user_id="1")
        connector.cursor = {"until": at(2).isoformat(), "step_s": 30}
        connector.save()
        fetched = fetch(connector)

    assert fetched.code is FetchCode.WINDOW_TOO_FULL
    assert not Charge.objects.exists()


def test_a_next_link_to_another_machine_is_not_followed() -> None:
    with (
        running(lambda asked: Reply([])) as elsewhere,
        _system(
            lambda asked: Reply(ROWS[:1], headers={"Link": f'<{elsewhere.url}/v1/charges?p=2>; rel="next"'})
        ) as system,
    ):
        fetched = fetch(connector_to(system, "json", path="/v1/charges", paging="link", mapping=PLACES))

    assert fetched.code is FetchCode.LINK_ELSEWHERE
    assert not elsewhere.asked


def test_the_token_goes_to_the_registered_machine_only_and_is_masked_where_it_is_echoed() -> None:
    def echo(asked: Asked) -> Reply:
        return Reply({"message": f"bad token {asked.headers['authorization']}"}, status=401)

    with _system(echo) as system:
        connector = connector_to(system, "one_api", user_id="1")
        fetched = fetch(connector)

    assert TOKEN not in json.dumps([fetched.detail, connector.last_detail, connector.cursor], default=str)


def test_a_429_is_waited_out_and_is_no_failure() -> None:
    with _system(lambda asked: Reply(b"", status=429, headers={"Retry-After": "120"})) as system:
        connector = connector_to(system, "one_api", user_id="1")
        fetched = fetch(connector)
        assert fetch_ledger(connector.pk, clock=fixed(NOW + timedelta(seconds=119))) is None
        assert not connector.is_due(NOW + timedelta(seconds=119))
        assert len(system.asked) == 1
        fetch(connector, now=NOW + timedelta(seconds=121))

    assert (fetched.code, connector.failures, len(system.asked)) == (FetchCode.RATE_LIMITED, 0, 2)


@pytest.mark.parametrize("change", ["go", "come"])
def test_rows_that_come_or_go_while_pages_are_read_are_not_missed_silently(change: str) -> None:
    entries = [log_entry(n, at(30)) for n in range(1, 201)]
    api = NewApi(entries)

    def answer(asked: Asked) -> Reply:
        reply = api(asked)
        if asked.query["p"] == "0" and len(reply.body["data"]["items"]) == 100:
            entries[-5:] = [] if change == "go" else [*entries[-5:], log_entry(201, at(30))]
        return reply

    with _system(answer) as system:
        connector = connector_to(system, "one_api", user_id="1")
        fetched = fetch(connector)

    assert fetched.code is FetchCode.CHANGED_WHILE_READ
    assert not Charge.objects.exists()
    assert connector.read_until is not None and connector.read_until <= at(30)


def test_the_same_row_on_two_pages_counts_once() -> None:
    entries = [log_entry(n, at(n + 2)) for n in range(1, 25)]

    def answer(asked: Asked) -> Reply:
        """A row comes in between two pages and pushes the others on."""
        start = int(asked.query["p"]) * 9
        api = NewApi(entries)
        return Reply({"success": True, "data": api.found(asked)[start : start + 10]})

    with _system(answer) as system:
        fetched = fetch(connector_to(system, "one_api", user_id="1"))

    assert (fetched.counts["new"], fetched.counts["unchanged"], Charge.objects.count()) == (24, 0, 24)


def test_after_failures_in_a_row_it_waits_for_a_person() -> None:
    with _system(lambda asked: Reply(b"", status=500)) as system:
        connector = connector_to(system, "one_api", user_id="1")
        for _ in range(MOST_FAILURES):
            assert LedgerConnector.objects.fetching_by_itself().exists()
            fetch(connector)

    assert connector.is_paused
    assert not LedgerConnector.objects.fetching_by_itself().exists()


def test_a_metadata_address_is_refused_whatever_is_excepted() -> None:
    with _system(NewApi([])) as system:
        connector = connector_to(system, "one_api", user_id="1")
    LedgerConnector.objects.update(
        base_url="http://169.254.169.254", allowed_addresses=["169.254.169.254:80"]
    )
    fetched = fetch(connector)

    assert (fetched.code, fetched.detail) == (FetchCode.ADDRESS_REFUSED, "address.metadata")
