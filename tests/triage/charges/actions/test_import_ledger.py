"""A ledger file comes in whole, once, with its bad rows named."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from probes.redaction.engine import builtin_redactor
from probes.redaction.models import Catch
from triage.charges.actions.import_ledger import ImportSummary, import_ledger
from triage.charges.masking import Masker
from triage.charges.models import Charge, ChargeConflict, ChargeImport, LedgerSource
from triage.charges.refusals import FileRefused, Refusal

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, tzinfo=UTC)
HEADER = "charge_id,task_id,account,model,kind,amount,currency,created_at,fingerprint"
ROW = "c1,t1,u1,video,charge,0.9,USD,2026-01-05T08:00:00Z,f1"


@pytest.fixture
def take(tmp_path: Path) -> Any:
    """Import these lines into the ledger "s"."""

    def take(*lines: str, header: str = HEADER, **options: Any) -> ImportSummary:
        path = tmp_path / "ledger.csv"
        path.write_text("\n".join((header, *lines, "")), encoding="utf-8")
        masker = Masker(builtin_redactor(), "pepper")
        return import_ledger(path, source="s", masker=masker, now=NOW, **options)

    return take


def counts(summary: ImportSummary) -> dict[str, int]:
    names = ("read", "new", "unchanged", "changed", "conflicting", "rejected", "reexports", "skipped")
    return {name: value for name in names if (value := getattr(summary.record, name))}


def test_the_same_file_twice_changes_nothing(take: Any) -> None:
    lines = (ROW, ROW.replace("c1", "c2"), ROW.replace("c1", "c3").replace(",f1", ","))
    assert counts(take(*lines)) == {"read": 3, "new": 3}
    before = list(Charge.objects.order_by("pk").values())
    assert counts(take(*lines)) == {"read": 3, "unchanged": 3}
    assert list(Charge.objects.order_by("pk").values()) == before


def test_a_row_exported_twice_counts_once_however_it_is_written(take: Any) -> None:
    reformatted = ROW.replace("0.9", "0.9000000000").replace("2026-01-05T08:00:00Z", "2026/1/5 16:00:00")
    summary = take(ROW.replace("00Z", "00.640Z"), reformatted)
    assert counts(summary) == {"read": 2, "new": 1, "unchanged": 1, "reexports": 1}
    assert Charge.objects.get().exports == 2


def test_another_payload_under_the_same_id_is_shown_and_overwrites_nothing(take: Any) -> None:
    take(ROW)
    for _ in range(2):
        assert counts(take(ROW.replace("0.9", "1.9"))) == {"read": 1, "conflicting": 1}
    assert str(Charge.objects.get().amount.normalize()) == "0.9"
    assert ChargeConflict.objects.get().fields == ["amount"]
    assert ChargeConflict.objects.get().payload["amount"] == "1.9"


def test_a_contradiction_within_one_file(take: Any) -> None:
    assert counts(take(ROW, ROW.replace("u1", "u2"))) == {"read": 2, "new": 1, "conflicting": 1}


def test_empty_details_are_filled_in_by_a_later_export(take: Any) -> None:
    take(ROW.replace(",f1", ",").replace("t1", "null"))
    assert counts(take(ROW)) == {"read": 1, "changed": 1}
    assert Charge.objects.values_list("task_key", "fingerprint").get() == ("t1", "f1")
    assert counts(take(ROW.replace(",f1", ","))) == {"read": 1, "unchanged": 1}


def test_bad_rows_are_refused_one_by_one_and_the_rest_comes_in(take: Any, tmp_path: Path) -> None:
    rejected_to = tmp_path / "out" / "rejected.csv"
    summary = take(
        ROW,
        ROW.replace("0.9", "much"),
        ROW.replace("charge", "gift"),
        "",
        ROW + ",more",
        ROW.replace("USD", "gold"),
        ROW.replace("c1", "=cmd()").replace("2026-01-05T08:00:00Z", "soon"),
        rejected_to=rejected_to,
    )
    assert counts(summary) == {"read": 6, "new": 1, "rejected": 5, "skipped": 1}
    assert [(bad.row, bad.line, bad.column, bad.refusal) for bad in summary.rejections] == [
        (2, 3, "amount", Refusal.NO_AMOUNT),
        (3, 4, "kind", Refusal.UNKNOWN_KIND),
        (5, 6, "", Refusal.TOO_MANY_CELLS),
        (6, 7, "currency", Refusal.UNKNOWN_CURRENCY),
        (7, 8, "created_at", Refusal.NO_TIME),
    ]
    with rejected_to.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["row"] for row in rows] == ["2", "3", "5", "6", "7"]
    assert rows[-1]["text"].startswith("'=cmd()")


def test_a_key_is_neither_stored_nor_written_to_the_rejected_rows(take: Any, tmp_path: Path) -> None:
    key = "sk-proj-" + "a1B2c3D4e5" * 5
    rejected_to = tmp_path / "rejected.csv"
    take(ROW.replace("t1", key), ROW.replace("u1", key).replace("0.9", "?"), rejected_to=rejected_to)
    assert key[12:] not in str(list(Charge.objects.values()))
    assert key[12:] not in rejected_to.read_text(encoding="utf-8-sig")


def test_refunds_count_as_negative_whatever_their_sign(take: Any) -> None:
    take(ROW.replace("charge", "退款"))
    assert Charge.objects.get().amount < 0


def test_quota_units_stay_whole(take: Any) -> None:
    header = "id,created_at,type,username,model_name,quota,other"
    other = '"{""task_id"": ""t1"", ""pre_consumed_quota"": 900, ""actual_quota"": 1000}"'
    take("7,1767571574,2,u1,video,100," + other, header=header)
    charge = Charge.objects.get()
    assert (charge.kind, charge.amount, charge.currency, charge.task_key) == (
        "settlement",
        100,
        "quota",
        "t1",
    )


def test_top_ups_and_errors_of_a_gateway_log_bill_nobody(take: Any) -> None:
    header = "id,created_at,type,username,quota"
    assert counts(take("7,1767571574,1,u1,0", "8,1767571574,5,u1,0", header=header)) == {"skipped": 2}


def test_columns_are_remembered(take: Any) -> None:
    header = HEADER.replace("account", "payer")
    take(ROW, header=header, mapping={"account": "payer"})
    assert counts(take(ROW.replace("c1", "c2"), header=header)) == {"read": 1, "new": 1}


def test_a_preview_counts_and_keeps_nothing(take: Any) -> None:
    assert counts(take(ROW, keep=False)) == {"read": 1, "new": 1}
    assert not Charge.objects.exists()
    assert not ChargeImport.objects.exists()


def test_a_file_that_is_refused_leaves_nothing_behind(take: Any) -> None:
    with pytest.raises(FileRefused, match="account"):
        take(ROW, header=HEADER.replace("account", "payer"))
    with pytest.raises(FileRefused, match="Mars"):
        take(ROW, zone="Mars/North")
    assert not LedgerSource.objects.exists()


def test_the_ledger_reaches_as_far_as_its_rows_and_never_beyond_now(take: Any) -> None:
    take(ROW, ROW.replace("c1", "c2").replace("2026", "2031"))
    source = LedgerSource.objects.get()
    assert source.covered_from == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert source.covered_until == NOW


def test_times_without_a_zone_are_the_ledgers(take: Any) -> None:
    take(ROW.replace("T08:00:00Z", " 08:00:00"), zone="UTC")
    assert Charge.objects.get().occurred_at == datetime(2026, 1, 5, 8, tzinfo=UTC)


def test_half_a_character_in_json_costs_its_own_row_only(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    whole = {"charge_id": "c1", "task_id": "t1", "account": "u1", "kind": "charge", "amount": "0.9"}
    whole |= {"currency": "USD", "created_at": "2026-01-05T08:00:00Z"}
    broken = whole | {"charge_id": "c2", "task_id": "t\ud800"}
    path.write_text("\n".join(map(json.dumps, (broken, whole))), encoding="ascii")

    summary = import_ledger(path, source="s", masker=Masker(builtin_redactor(), "pepper"), now=NOW)

    assert counts(summary) == {"read": 2, "new": 1, "rejected": 1}
    assert [rejection.refusal for rejection in summary.rejections] == [Refusal.UNDECODABLE]


KEY = "sk-proj-" + "a1B2c3D4e5" * 5


def test_a_key_in_a_cell_a_header_or_the_name_of_the_file_is_kept_nowhere(tmp_path):
    path, rejected = tmp_path / f"export-{KEY}.csv", tmp_path / "rejected.csv"
    path.write_text(
        f"charge_id,task_id,account,model,kind,{KEY},currency,created_at,note\n"
        f"c1,t1,{KEY},video,charge,0.9,USD,2026-01-05T08:00:00Z,{KEY}\n"
        f"c2,t2,u1,video,charge,not money {KEY},USD,2026-01-05T08:00:00Z,\n",
        encoding="utf-8",
    )

    summary = import_ledger(
        path,
        source="s",
        masker=Masker(builtin_redactor(), "pepper"),
        now=NOW,
        mapping={"amount": KEY},
        rejected_to=rejected,
    )

    kept = [
        *map(str, (ChargeImport.objects.values().get(), LedgerSource.objects.values().get())),
        str(list(Charge.objects.values())),
        rejected.read_text(encoding="utf-8-sig"),
        str(summary.rejections),
    ]
    assert summary.record.rejected == 1
    assert [place for place in kept if KEY[8:30] in place] == []


def test_what_an_import_masked_is_counted(take):
    take(ROW.replace("u1", KEY), ROW.replace("u1", KEY).replace("c1", "c2"))

    caught = Catch.objects.values_list("channel", "field", "kind", "count")
    assert list(caught) == [("import", "account", "openai_project_key", 2)]


def test_which_sheet_of_a_workbook_was_read_is_kept(tmp_path: Path) -> None:
    book = Workbook()
    book["Sheet"].append(["charge_id", "account", "amount", "currency", "created_at"])
    book["Sheet"].append(["c1", "u1", 1.5, "USD", datetime(2026, 3, 1, 12, 0)])
    book.create_sheet("Notes")
    book.save(tmp_path / "march.xlsx")

    summary = import_ledger(
        tmp_path / "march.xlsx", source="gw", masker=Masker(builtin_redactor(), "pepper"), now=NOW
    )

    assert summary.record.preview == {"sheet": "Sheet", "other_sheets": ["Notes"]}
    assert (summary.stored.new, summary.record.encoding) == (1, "xlsx")
