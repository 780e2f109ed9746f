"""LiteLLM's spend logs: GET /spend/logs/v2, and /spend/logs where a proxy is too old for it.

`request_id` is the key of a row and the id of the answer that the customer got; `litellm_call_id` is that of
the call, which two rows share when one call was logged under two call types (BerriAI/litellm#15740). So the
call's id is what we keep as the request id, and the call type is the component that tells the two apart.
`api_key` is LiteLLM's own hash of a key: of it only a keyed fingerprint is kept. Spend is a double of US
dollars, so it is rounded to the ten decimals of the ledger; dates are UTC and have no zone.
Sources: litellm 1.109.1, proxy/spend_tracking/spend_management_endpoints.py and proxy/schema.prisma.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from triage.charges.amounts import DECIMALS
from triage.charges.connectors.faults import FetchCode, FetchFault
from triage.charges.connectors.shape import (
    Answer,
    Ask,
    Page,
    Row,
    Window,
    object_in,
    objects,
    row_of,
    text_of,
    whole,
    with_query,
)

PATH = "/spend/logs/v2"
OLD_PATH = "/spend/logs"
PAGE_SIZE = 100  # versions before 1.80 refuse more
MOST_ROWS = 10_000  # SPEND_LOGS_PAGINATION_COUNT_CAP: further pages of a window do not exist
ACCOUNT_COLUMNS = ("user", "end_user", "team_id", "organization_id", "user_api_key_alias")
_DAY_S = 24 * 3600
_TRUNCATED = "x-litellm-spend-logs-truncated"
_NO_ZONE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?", re.A)
_SMALLEST = Decimal(1).scaleb(-DECIMALS)
# Answers of these calls carry the id of a task, which customers look up by it.
_TASK_CALLS = re.compile(r"video|image|batch|fine_tuning", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteLlm:
    """`account` is the column that names a customer; empty takes the first that says something."""

    key_fingerprint: Callable[[str], str]
    account: str = ""
    old: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def least_step_s(self) -> int:
        return _DAY_S if self.old else 0

    def first(self, window: Window) -> Ask:
        return self._old_ask(window) if self.old else self._ask(1, window)

    def read(self, answer: Answer, *, asked: Ask, window: Window) -> Page:
        return self._read_old(answer) if self.old else self._read(answer, asked, window)

    def _read(self, answer: Answer, asked: Ask, window: Window) -> Page:
        page = answer.document
        if not isinstance(page, Mapping) or not isinstance(page.get("data"), list):
            raise FetchFault(FetchCode.OTHER_SHAPE, "no page of spend logs")
        total, pages = whole(page.get("total")), whole(page.get("total_pages"))
        is_last = not page["data"] or (pages is not None and asked.number >= pages)
        return Page(
            self._rows(page["data"]),
            None if is_last else self._ask(asked.number + 1, window),
            len(page["data"]),
            total=total,
            too_full=page.get("total_is_capped") is True or (total or 0) >= MOST_ROWS,
        )

    def _read_old(self, answer: Answer) -> Page:
        entries = answer.document
        if not isinstance(entries, list):
            raise FetchFault(FetchCode.OTHER_SHAPE, "no list of spend logs")
        if any("request_id" not in entry for entry in objects(entries)):
            raise FetchFault(FetchCode.OTHER_SHAPE, "sums per day instead of rows")
        cut = len(entries) >= MOST_ROWS or answer.headers.get(_TRUNCATED, "") == "true"
        return Page(self._rows(entries), None, len(entries), too_full=cut)

    def _ask(self, number: int, window: Window) -> Ask:
        path = with_query(
            PATH,
            start_date=f"{window.start.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            end_date=f"{window.end.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            page=number,
            page_size=PAGE_SIZE,
        )
        return Ask(path, number)

    def _old_ask(self, window: Window) -> Ask:
        """Whole days: the last one is meant up to its beginning, so one more is asked for."""
        last = window.end.astimezone(UTC) + timedelta(days=1)
        start = f"{window.start.astimezone(UTC):%Y-%m-%d}"
        return Ask(
            with_query(OLD_PATH, start_date=start, end_date=f"{last:%Y-%m-%d}", summarize="false"), number=1
        )

    def _rows(self, entries: list[Any]) -> tuple[Row, ...]:
        return tuple(self._row(entry) for entry in objects(entries))

    def _row(self, entry: Mapping[str, Any]) -> Row:
        """Only these columns; never messages, response, tags, addresses or the rest of metadata."""
        metadata = object_in(entry.get("metadata"))
        call_type, answer_id = text_of(entry.get("call_type")), text_of(entry.get("request_id"))
        return row_of(
            {
                "charge_id": answer_id,
                "kind": "charge",
                "task_id": answer_id if _TASK_CALLS.search(call_type) else "",
                "request_id": entry.get("litellm_call_id") or metadata.get("litellm_call_id") or answer_id,
                "account": self._account(entry, metadata),
                "model": entry.get("model_group") or entry.get("model"),
                "key_hint": metadata.get("user_api_key_alias") or self._key(entry),
                "component": call_type,
                "outcome": entry.get("status") or metadata.get("status"),
                "amount": _rounded(text_of(entry.get("spend"))),
                "currency": "USD",
                "occurred_at": _in_utc(text_of(entry.get("startTime"))),
            }
        )

    def _account(self, entry: Mapping[str, Any], metadata: Mapping[str, Any]) -> str:
        columns = (self.account,) if self.account else ACCOUNT_COLUMNS
        said = (text_of(entry.get(column) or metadata.get(column)) for column in columns)
        return next(filter(None, said), "") or self._key(entry)

    def _key(self, entry: Mapping[str, Any]) -> str:
        key = text_of(entry.get("api_key"))
        return f"key#{self.key_fingerprint(key)}" if key else ""


def _rounded(spend: str) -> str:
    """A double's digits, cut where they are noise; what is no number stays, to be refused as such."""
    try:
        return f"{Decimal(spend).quantize(_SMALLEST, ROUND_HALF_EVEN).normalize():f}"
    except InvalidOperation:
        return spend


def _in_utc(time: str) -> str:
    return f"{time}+00:00" if _NO_ZONE.fullmatch(time) else time
