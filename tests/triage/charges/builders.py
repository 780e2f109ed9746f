"""Imports for tests of pages: rows as the actions leave them."""

from datetime import UTC, datetime
from typing import Any

from triage.charges.models import Channel, ChargeImport, ImportState, LedgerSource, RejectedRow
from triage.charges.refusals import Refusal

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
HEADERS = ["流水号", "账号", "金额", "币种", "时间", "备注"]
MAPPING = {
    "charge_id": "流水号",
    "account": "账号",
    "amount": "金额",
    "currency": "币种",
    "occurred_at": "时间",
    "kind": "=charge",
}
PREVIEW: dict[str, Any] = {
    "headers": HEADERS,
    "rows": [["c1", "u1", "0.90", "USD", "2026-03-01 09:30:00", "first"]],
    "samples": {
        "new": [{"row": 1, "values": {"charge_id": "c1", "amount": "0.90"}, "differs": {}}],
        "conflicting": [
            {
                "row": 2,
                "values": {"charge_id": "c2", "amount": "1.20"},
                "differs": {"amount": ["0.90", "1.20"]},
            }
        ],
    },
    "same_file_id": 0,
}


def make_source(slug: str = "gw", **fields: Any) -> LedgerSource:
    return LedgerSource.objects.get_or_create(slug=slug, defaults=fields)[0]


def make_import(state: ImportState = ImportState.DONE, **fields: Any) -> ChargeImport:
    made = {
        "source": fields.pop("source", None) or make_source(),
        "at": AT,
        "file_name": "march.csv",
        "channel": Channel.UPLOAD,
        "mapping": MAPPING,
        "preview": PREVIEW,
        "bytes_total": 1000,
    }
    return ChargeImport.objects.create(state=state, **made | fields)


def reject(record: ChargeImport, *, line: int = 7, column: str = "金额", text: str = "c9 | u1 | x") -> None:
    RejectedRow.objects.create(
        batch=record, row=line - 1, line=line, column=column, refusal=Refusal.NO_AMOUNT, text=text
    )
