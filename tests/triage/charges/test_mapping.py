"""Headers find their fields; what is declared wins, and what is missing is named."""

import pytest

from triage.charges.mapping import guess, resolve
from triage.charges.refusals import FileRefusal, FileRefused


def test_chinese_headers() -> None:
    found = guess(["扣费单号", "任务ID", "账号", "类型", "金额(元)", "时间"])
    assert found["charge_id"] == "扣费单号"
    assert (found["amount"], found["currency"]) == ("金额(元)", "=CNY")


def test_log_of_a_gateway() -> None:
    found = guess(
        ["id", "created_at", "type", "username", "user_id", "quota", "other", "other.task_id", "other.stage"]
    )
    assert (found["kind"], found["log_type"]) == ("other.stage", "type")
    assert (found["task_id"], found["account"]) == ("other.task_id", "username")
    assert found["currency"] == "=quota"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("客户账号", "account"),
        ("租户", "account"),
        ("扣费时间 (UTC+8)", "occurred_at"),
        ("时间（北京时间）", "occurred_at"),
        ("订单号", "charge_id"),
        ("总价", "amount"),
        ("货币类型", "currency"),
        ("生成任务编号", "task_id"),
        ("原流水号", "ref_charge_id"),
        ("Related Transaction ID", "ref_charge_id"),
        ("Request fingerprint", "fingerprint"),
        ("eventType", "kind"),
        ("created_at_utc", "occurred_at"),
    ],
)
def test_names_that_desks_in_china_use(header: str, field: str) -> None:
    assert guess([header])[field] == header


def test_spend_logs_of_litellm() -> None:
    found = guess(["request_id", "call_type", "api_key", "spend", "startTime", "endTime", "model", "user"])
    assert (found["charge_id"], found["amount"], found["currency"]) == ("request_id", "spend", "=USD")
    assert (found["component"], found["occurred_at"], found["account"]) == ("call_type", "startTime", "user")


def test_a_header_in_full_beats_one_with_an_aside() -> None:
    assert guess(["时间(本地)", "时间"])["occurred_at"] == "时间"


def test_a_dot_in_a_header_is_no_inner_key() -> None:
    assert "charge_id" not in guess(["Req. ID", "amount"])


def test_declared_beats_remembered_beats_guessed() -> None:
    headers = ["id", "no", "account", "amount", "currency", "time", "price"]
    mapping = resolve(headers, {"charge_id": "no"}, {"amount": "price", "model": "gone"})
    assert (mapping["charge_id"], mapping["amount"], mapping["currency"]) == ("no", "price", "currency")
    assert "model" not in mapping
    assert mapping["kind"] == "=charge"


@pytest.mark.parametrize(
    ("declared", "refusal", "detail"),
    [
        ({}, FileRefusal.MISSING_COLUMN, "account, currency"),
        ({"acount": "user"}, FileRefusal.UNKNOWN_FIELD, "acount"),
        ({"account": "customer"}, FileRefusal.UNKNOWN_HEADER, "customer"),
        ({"currency": "=gold"}, FileRefusal.BAD_CONSTANT, "gold"),
    ],
)
def test_what_cannot_be_mapped_is_named(declared: dict[str, str], refusal: FileRefusal, detail: str) -> None:
    with pytest.raises(FileRefused) as refused:
        resolve(["id", "amount", "time"], declared, {})
    assert (refused.value.refusal, refused.value.detail) == (refusal, detail)
