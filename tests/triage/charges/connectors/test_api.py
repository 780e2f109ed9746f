"""The push API: who may, what is taken, what is said of the rest, and the same push twice."""

import json
import threading
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from tests.triage.charges.connectors.setups import NOW, admin
from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.undo_import import undo_import
from triage.charges.connectors import api
from triage.charges.connectors.actions import take_push
from triage.charges.connectors.actions.tokens import make_token, revoke_token
from triage.charges.connectors.models import LedgerToken, PushReceipt
from triage.charges.connectors.push_body import MOST_BYTES, MOST_ROWS
from triage.charges.models import Charge, ChargeConflict, ChargeImport, LedgerSource

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/api/v1/charges"
LINES = "application/x-ndjson"


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    cache.clear()


@pytest.fixture
def source() -> LedgerSource:
    return LedgerSource.objects.create(slug="gw")


@pytest.fixture
def token(source: LedgerSource) -> str:
    return make_token(source, name="billing", by=admin(), now=NOW)


def row(number: int = 1, **own: Any) -> dict[str, Any]:
    return {
        "charge_id": f"c{number}",
        "account": "u1",
        "amount": "0.90",
        "currency": "USD",
        "occurred_at": "2026-03-01T09:00:00+08:00",
        "task_id": f"t{number}",
        **own,
    }


def push(token: str, body: Any, *, key: str = "", kind: str = "application/json", **headers: str) -> Any:
    data = body if isinstance(body, bytes | str) else json.dumps(body)
    sent = {"authorization": f"Bearer {token}", **({"idempotency-key": key} if key else {}), **headers}
    return Client(enforce_csrf_checks=True).post(ADDRESS, data, content_type=kind, headers=sent)


def test_rows_come_in_and_are_counted(token: str) -> None:
    answer = push(token, {"charges": [row(1), row(2), row(3, amount="nothing")]})

    told = answer.json()
    assert answer.status_code == 200
    assert (told["source"], told["new"], told["rejected"]) == ("gw", 2, 1)
    assert [(each["row"], each["field"]) for each in told["rejected_rows"]] == [(3, "amount")]
    assert Charge.objects.count() == 2
    assert "no-store" in answer["Cache-Control"] and "Set-Cookie" not in answer


def test_json_lines_name_the_line_of_a_refused_row(token: str) -> None:
    lines = "\n".join([json.dumps(row(1)), "", json.dumps(row(2, account=""))])

    told = push(token, lines, kind=LINES).json()

    assert (told["new"], told["rejected"]) == (1, 1)
    assert (told["rejected_rows"][0]["row"], told["rejected_rows"][0]["line"]) == (2, 3)
    assert told["rejected_rows"][0]["field"] == "account"


def test_the_same_push_again_gets_the_same_answer_and_changes_nothing(token: str) -> None:
    first = push(token, {"charges": [row(1)]}, key="march-1")
    again = push(token, {"charges": [row(1)]}, key="march-1")

    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first
    assert (ChargeImport.objects.count(), PushReceipt.objects.count()) == (1, 1)


def test_a_push_that_was_undone_can_be_sent_again(token: str) -> None:
    push(token, {"charges": [row(1)]}, key="k1")
    undo_import(ChargeImport.objects.get().pk, by=None, now=NOW)

    again = push(token, {"charges": [row(1)]}, key="k1")

    assert (again.json()["new"], "Idempotent-Replayed" in again) == (1, False)
    assert Charge.objects.count() == 1


def test_without_a_key_the_body_is_its_own(token: str) -> None:
    first = push(token, {"charges": [row(1)]})
    again = push(token, {"charges": [row(1)]})

    assert again.json() == first.json() and again["Idempotent-Replayed"] == "true"


def test_one_key_with_another_body_is_refused(token: str) -> None:
    push(token, {"charges": [row(1)]}, key="march-1")
    other = push(token, {"charges": [row(2)]}, key="march-1")

    assert (other.status_code, other.json()["code"]) == (422, "push.key_reused")
    assert Charge.objects.count() == 1


def test_a_known_charge_is_unchanged_completed_or_a_conflict(token: str) -> None:
    push(token, {"charges": [row(1), row(2, task_id=""), row(3)]})
    told = push(token, {"charges": [row(1), row(2), row(3, amount="9.99")]}).json()

    assert (told["unchanged"], told["changed"], told["conflicting"]) == (1, 1, 1)
    assert ChargeConflict.objects.count() == 1


def test_numbers_stay_exact(token: str) -> None:
    push(token, b'{"charges": [' + json.dumps(row(1)).encode().replace(b'"0.90"', b"0.1234567891") + b"]}")

    assert str(Charge.objects.get().amount) == "0.1234567891"


def test_a_key_in_a_cell_is_masked_before_it_is_stored(token: str) -> None:
    secret = "sk-" + "a1B2" * 12
    push(token, {"charges": [row(1, key_hint=secret)], "note": secret}, key="k1")

    stored = json.dumps(
        [str(each) for each in (*Charge.objects.values_list(), *PushReceipt.objects.values_list())]
    )
    assert secret not in stored


def test_keys_that_are_no_fields_are_named_and_ignored(token: str) -> None:
    told = push(token, {"charges": [row(1, prompt="tell me a story")]}).json()

    assert told["ignored_fields"] == ["prompt"]


def test_the_sender_may_say_for_which_span_its_rows_are_all(token: str, source: LedgerSource) -> None:
    span = {"complete_from": "2026-03-01T00:00:00+08:00", "complete_until": "2026-03-01T12:00:00+08:00"}
    push(token, {"charges": [row(1)], **span})

    source.refresh_from_db()
    assert source.covered_from is not None and source.covered_until is not None
    assert source.covered_from.isoformat() == "2026-02-28T16:00:00+00:00"
    assert source.covered_until.isoformat() == "2026-03-01T04:00:00+00:00"


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b'{"charges": [', "application/json", 400, "push.not_json"),
        (b"\xff\xfe", "application/json", 400, "push.not_utf8"),
        (b"[]", "application/json", 400, "push.no_charges"),
        (b'{"charges": []}', "application/json", 400, "push.empty"),
        (b'{"charges": [1]}', "application/json", 400, "push.not_an_object"),
        (b'{"charges": [{}], "complete_from": "today"}', "application/json", 400, "push.time"),
        (b"\n", LINES, 400, "push.empty"),
        (b'{"a": 1}\n{"a": \n', LINES, 400, "push.not_json"),
        (b'{"charges": [{"charge_id": "c1"}]}', "application/json", 422, "push.no_usable_row"),
        (b"a,b\n1,2\n", "text/csv", 415, "push.content_type"),
        (b"[" * 100_000, "application/json", 400, "push.not_json"),
        (b" " * (MOST_BYTES + 1), "application/json", 413, "push.too_large"),
        (json.dumps({"charges": [{}] * (MOST_ROWS + 1)}).encode(), "application/json", 413, "push.too_many"),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused_whole(
    token: str, body: bytes, kind: str, status: int, code: str
) -> None:
    answer = push(token, body, kind=kind)

    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    assert answer["Content-Type"] == "application/problem+json"
    assert not (Charge.objects.exists() or ChargeImport.objects.exists() or PushReceipt.objects.exists())


def test_a_broken_line_is_named(token: str) -> None:
    assert push(token, b'{"a": 1}\n\n{"a": \n', kind=LINES).json()["line"] == 3


@pytest.mark.parametrize("header", ["", "Bearer", "Basic abc", "Bearer sk-led-nobody", "Bearer sk-other"])
def test_strangers_are_turned_away(token: str, header: str) -> None:
    answer = push(token, {"charges": [row(1)]}, authorization=header)

    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")
    assert not Charge.objects.exists()


def test_a_revoked_token_opens_nothing(token: str, source: LedgerSource) -> None:
    assert revoke_token(LedgerToken.objects.get().pk, source=source, by=admin(), now=NOW)

    assert push(token, {"charges": [row(1)]}).status_code == 401


def test_a_token_writes_into_its_own_ledger_only(token: str) -> None:
    other = LedgerSource.objects.create(slug="other")
    push(token, {"charges": [row(1)], "source": "other"})

    assert not other.imports.exists() and Charge.objects.get().source.slug == "gw"


def test_only_a_digest_of_the_token_is_stored(token: str) -> None:
    stored = LedgerToken.objects.get()

    assert token not in json.dumps([str(value) for value in LedgerToken.objects.values_list()[0]])
    assert token.startswith(stored.prefix) and len(stored.digest) == 64


def test_a_pasted_token_is_masked_like_any_key(token: str) -> None:
    assert token not in current_masker().text(f"我用的令牌是{token}，推送失败")


def test_only_post_is_offered() -> None:
    answer = Client().get(ADDRESS)

    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_who_pushes_too_often_waits(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PUSHES", 1)
    push(token, {"charges": [row(1)]})
    answer = push(token, {"charges": [row(2)]})

    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert Charge.objects.count() == 1


def test_a_compressed_body_is_refused(token: str) -> None:
    headers = {"content-encoding": "gzip"}

    assert push(token, {"charges": [row(1)]}, **headers).json()["code"] == "push.encoding"


def test_two_pushes_with_one_key_at_once_are_one_import(token: str) -> None:
    answers: list[Any] = []

    def send() -> None:
        try:
            answers.append(push(token, {"charges": [row(1), row(2)]}, key="march-1").json())
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(answers) == 4 and all(answer == answers[0] for answer in answers)
    assert (ChargeImport.objects.count(), Charge.objects.count()) == (1, 2)


def test_a_ledger_that_is_written_to_for_long_says_so(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(take_push, "_PATIENCE", "50ms")
    answers: list[Any] = []

    def send() -> None:
        try:
            answers.append(push(token, {"charges": [row(1)]}))
        finally:
            connection.close()

    with transaction.atomic():
        LedgerSource.objects.select_for_update().get(slug="gw")
        thread = threading.Thread(target=send)
        thread.start()
        thread.join(20)

    assert (answers[0].status_code, answers[0].json()["code"]) == (503, "push.busy")
    assert answers[0]["Retry-After"] == "10"
