"""A key in a ledger's cell is masked, ids are not, and equal cells stay equal."""

from datetime import UTC, datetime
from decimal import Decimal

from probes.redaction.engine import builtin_redactor
from triage.charges.finding import ChargeKind
from triage.charges.masking import Masker
from triage.charges.rows import LedgerRow

KEY = "sk-proj-" + "a1B2c3D4e5" * 5
MASKER = Masker(builtin_redactor(), "pepper")
ROW = LedgerRow(
    row_number=1,
    charge_id="ch_385000000aab18ec4",
    kind=ChargeKind.CHARGE,
    task_id="561125958147329259",
    task_key="561125958147329259",
    request_id="req_15fe9b4637cb3accdd10",
    request_key="req_15fe9b4637cb3accdd10",
    account="u609826",
    model="sora-2-pro",
    key_hint="sk-…6815",
    fingerprint="76bf9192056c61ec",
    ref_charge_id="",
    component="",
    outcome="",
    amount=Decimal(1),
    currency="USD",
    occurred_at=datetime(2026, 1, 5, tzinfo=UTC),
)


def test_an_ordinary_row_is_left_alone() -> None:
    assert MASKER.row(ROW) == ROW


def test_a_number_that_could_be_a_card_is_an_id_here() -> None:
    row = ROW._replace(task_id="6222021234567890128", task_key="6222021234567890128")
    assert MASKER.row(row) == row


def test_keys_never_pass() -> None:
    for field in ("charge_id", "task_id", "request_id", "account", "model", "key_hint"):
        masked = MASKER.row(ROW._replace(**{field: KEY}))
        assert KEY[12:] not in str(masked), field


def test_two_keys_as_accounts_stay_two_accounts() -> None:
    first, second = (MASKER.row(ROW._replace(account=KEY + end)).account for end in ("x1y2", "x9y2"))
    assert first != second
    assert first == MASKER.row(ROW._replace(account=KEY + "x1y2")).account


def test_what_was_masked_is_counted_by_field():
    masker = Masker(builtin_redactor(), "pepper")

    masker.row(ROW._replace(account=KEY, charge_id=KEY))

    assert masker.caught == {
        ("account", "openai_project_key", "openai_project_key"): 1,
        ("charge_id", "openai_project_key", "openai_project_key"): 1,
    }


def test_an_e_mail_address_is_no_id_and_a_long_number_is_one():
    masked = MASKER.row(ROW._replace(charge_id="lin@shop.example", task_id="13912345678"))

    assert masked.charge_id.startswith("[email]#")
    assert masked.task_id == "13912345678"


def test_a_number_that_is_said_to_be_somebodys_is_masked_in_an_id_too():
    masked = MASKER.row(ROW._replace(charge_id="手机号 13912345678"))

    assert "13912345678" not in masked.charge_id


def test_a_key_as_component_is_masked_before_it_is_squeezed():
    key = "pul-" + "94d83cee9b" * 4

    masked = MASKER.row(ROW._replace(component=key))

    assert key[4:24] not in masked.component
    assert MASKER.row(ROW._replace(component="Image Input")).component == "imageinput"


def test_a_cell_below_a_credentials_name_is_masked_whole() -> None:
    masker = Masker(builtin_redactor(), "pepper")
    uuid = "0545337a-4cc7-4795-8758-7a56deadbeef"

    assert masker.cell("note.apiKey.raw", uuid) == "[key]"
    assert masker.cell("note.apiKey", f'{{"raw": "{uuid}"}}') == '{"raw": "[key]"}'
    assert masker.cell("note", f'{{"apiKey":{{\n "raw": "{uuid}"}}}}') == '{"apiKey": {"raw": "[key]"}}'
    assert masker.cell("task_id", uuid) == uuid
    assert masker.cell("." * 5000, "paid") == "paid"
