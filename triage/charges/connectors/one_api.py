"""The log API of one-api, new-api and their kin: GET /api/log/ with an admin's access token.

Three shapes of one answer are known. one-api gives a bare array, ten rows a page, pages counted from 0.
new-api gives `{"items": …, "page": …, "total": …}`, pages counted from 1, where page 0 means page 1 too.
one-hub gives `{"data": …, "page": …, "total_count": …}` and reads `page` and `size`. All put it into
`{"success": …, "message": …, "data": …}`, answer 200 when they refuse, and list the newest row first.
Sources: controller/log.go, model/log.go and common/page_info.go of these projects.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.charges.connectors.faults import FetchCode, FetchFault
from triage.charges.connectors.shape import (
    Answer,
    Ask,
    Page,
    Row,
    Window,
    epoch,
    object_in,
    objects,
    row_of,
    text_of,
    whole,
    with_query,
)
from triage.charges.normalise import QUOTA

PATH = "/api/log/"
PAGE_SIZE = 100  # the most that new-api gives; one-api gives ten whatever is asked
MOST_COUNTED = 10_000  # newer versions count no further, and then the last page is not the last
_KNOWN_TYPES = frozenset("123456")
_DENIALS = ("token", "无权", "未登录", "登录", "permission", "unauthorized")


@dataclass(frozen=True, slots=True, kw_only=True)
class OneApi:
    """`user_id` is the number of the token's owner, which new-api wants in a header of its own."""

    user_id: str = ""
    path: str = PATH
    least_step_s: int = 0

    @property
    def headers(self) -> Mapping[str, str]:
        return {"New-Api-User": self.user_id} if self.user_id else {}

    def first(self, window: Window) -> Ask:
        return self._ask(0, window)

    def read(self, answer: Answer, *, asked: Ask, window: Window) -> Page:
        data = _data_of(answer.document)
        if data is None or isinstance(data, list):
            listed = data or []
            following = self._ask(asked.number + 1, window) if listed else None
            return Page(_rows(listed), following, len(listed))
        items = next((data[name] for name in ("items", "data") if isinstance(data.get(name), list)), None)
        number = whole(data.get("page"))
        if items is None or number is None:
            raise FetchFault(FetchCode.OTHER_SHAPE, "no list of log entries")
        total = whole(data.get("total", data.get("total_count")))
        size = whole(data.get("page_size", data.get("size"))) or len(items)
        is_last = not items or (total is not None and number * size >= total)
        following = None if is_last else self._ask(max(number, 1) + 1, window)
        too_full = (total or 0) >= MOST_COUNTED
        return Page(_rows(items), following, len(items), total=total, too_full=too_full)

    def _ask(self, number: int, window: Window) -> Ask:
        path = with_query(
            self.path,
            p=number,
            page=max(number, 1),
            page_size=PAGE_SIZE,
            size=PAGE_SIZE,
            type=0,
            start_timestamp=epoch(window.start),
            end_timestamp=epoch(window.end),
        )
        return Ask(path, number)


def _data_of(document: Any) -> Any:
    if not isinstance(document, Mapping) or ("data" not in document and "success" not in document):
        raise FetchFault(FetchCode.OTHER_SHAPE, "neither success nor data")
    if document.get("success") is False:
        said = text_of(document.get("message"))
        denied = any(word in said.lower() for word in _DENIALS)
        raise FetchFault(FetchCode.DENIED if denied else FetchCode.REFUSED_BY_API, said)
    data = document.get("data")
    if data is not None and not isinstance(data, list | Mapping):
        raise FetchFault(FetchCode.OTHER_SHAPE, "data is neither a list nor a page")
    return data


def _rows(entries: list[Any]) -> tuple[Row, ...]:
    return tuple(_row(entry) for entry in objects(entries) if _may_bill(entry))


def _may_bill(entry: Mapping[str, Any]) -> bool:
    """Newer versions log sign-ins and more under further numbers; what costs nothing there is no charge."""
    return text_of(entry.get("type")) in _KNOWN_TYPES or text_of(entry.get("quota")) not in ("", "0")


def _row(entry: Mapping[str, Any]) -> Row:
    """Only these columns; never `content`, `ip`, channel or the inside of `admin_info`."""
    other = object_in(entry.get("other"))
    request_id = text_of(entry.get("request_id") or other.get("request_id"))
    log_id = text_of(entry.get("id"))
    return row_of(
        {
            "charge_id": request_id if log_id in ("", "0") else log_id,
            "kind": other.get("stage"),
            "log_type": entry.get("type"),
            "task_id": other.get("task_id"),
            "request_id": request_id,
            "account": entry.get("username") or entry.get("user_id"),
            "model": entry.get("model_name"),
            "key_hint": entry.get("token_name"),
            "fingerprint": other.get("fingerprint"),
            "outcome": object_in(other.get("stream_status")).get("end_reason"),
            "amount": entry.get("quota"),
            "currency": QUOTA,
            "occurred_at": entry.get("created_at"),
            "settles": other.get("pre_consumed_quota") or other.get("pre_consumed"),
        }
    )
