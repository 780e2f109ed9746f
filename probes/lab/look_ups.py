"""Free look-ups: the list of models, what an account has left in many shapes, the door of a WebSocket."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from probes.lab.behaviours import BEHAVIOURS
from probes.lab.call import JSON, Call, gateway_headers
from probes.lab.framing import Line, head
from probes.lab.problem import Problem, compact, openai_error

WEBSOCKET_PATH = "/v1/realtime"

_USED = Decimal("7.5")
_LEFT = Decimal("12.5")
# What goes with the words of these: they name the same amounts.
_LEFT_OF: Mapping[str, Decimal] = {
    "balance_403": Decimal("0.012"),
    "balance_empty_403": Decimal(0),
    "payment_402": Decimal(0),
}
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3

Document = dict[str, Any]


def models_document(call: Call) -> Document:
    """The models that the lab serves, in the shape of the vendor whose client asks."""
    names = [name for name in BEHAVIOURS if name != call.model]
    if call.model and call.behaviour.name != "models_without":
        names = [call.model, *names]
    if "anthropic-version" in call.request.headers:
        return _anthropic_list(names)
    rows = [{"id": name, "object": "model", "created": 1700000000, "owned_by": "lab"} for name in names]
    return {"object": "list", "data": rows}


def _anthropic_list(names: list[str]) -> Document:
    rows = [
        {"type": "model", "id": name, "display_name": name, "created_at": "2026-01-01T00:00:00Z"}
        for name in names
    ]
    return {"data": rows, "has_more": False, "first_id": names[0], "last_id": names[-1]}


def left_of(call: Call) -> Decimal:
    """What the account has left, in US dollars or, where the shape is a Chinese vendor's, in yuan."""
    return _LEFT_OF.get(call.behaviour.name, _LEFT)


def _subscription(left: Decimal) -> Document:
    return {"object": "billing_subscription", "hard_limit_usd": float(left + _USED), "access_until": 0}


def _usage(left: Decimal) -> Document:
    return {"object": "list", "total_usage": float(_USED * 100)}


def _deepseek(left: Decimal) -> Document:
    row = {"currency": "CNY", "total_balance": f"{left:.2f}", "granted_balance": "0.00"}
    return {"is_available": left > 0, "balance_infos": [row | {"topped_up_balance": f"{left:.2f}"}]}


def _openrouter(left: Decimal) -> Document:
    return {"data": {"total_credits": float(left + _USED), "total_usage": float(_USED)}}


def _siliconflow(left: Decimal) -> Document:
    data = {"id": "lab", "balance": "0", "chargeBalance": str(left), "totalBalance": str(left)}
    return {"code": 20000, "message": "OK", "status": True, "data": data}


def _moonshot(left: Decimal) -> Document:
    data = {"available_balance": float(left), "voucher_balance": 0, "cash_balance": float(left)}
    return {"code": 0, "data": data, "scode": "0x0", "status": True}


def _plain(left: Decimal) -> Document:
    return {"balance": str(left), "currency": "USD"}


BALANCES: Mapping[str, Callable[[Decimal], Document]] = {
    "/v1/balance": _plain,
    "/v1/dashboard/billing/subscription": _subscription,
    "/v1/dashboard/billing/usage": _usage,
    "/v1/user/balance": _deepseek,
    "/v1/credits": _openrouter,
    "/v1/user/info": _siliconflow,
    "/v1/users/me/balance": _moonshot,
}


async def open_websocket(call: Call, line: Line) -> None:
    """Shake hands as RFC 6455 says, or fail to as the behaviour says; then wait for the client to go."""
    asked = call.request.headers
    if asked.get("upgrade", "").lower() != "websocket":
        await _refuse(call, line, 426, "This path speaks WebSocket only.")
    elif call.behaviour.name == "websocket_refused":
        await _refuse(call, line, 403, "WebSocket is not enabled for this account.")
    else:
        key = asked.get("sec-websocket-key", "")
        await line.raw(head(101, _switching(key if call.behaviour.name != "websocket_wrong" else "")))
        await line.rest(30)


def _switching(key: str) -> Iterable[tuple[str, str]]:
    accept = base64.b64encode(hashlib.sha1((key + _GUID).encode(), usedforsecurity=False).digest()).decode()
    return ("upgrade", "websocket"), ("connection", "Upgrade"), ("sec-websocket-accept", accept)


async def _refuse(call: Call, line: Line, status: int, words: str) -> None:
    body = compact(openai_error(Problem(message=words, type="invalid_request_error"))).encode()
    await line.whole(status, gateway_headers(call, JSON), body)
