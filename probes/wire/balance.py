"""What an account has left, in the shapes of the gateways and vendors that say it to a key."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from probes.wire.documents import Document, first_of, list_of, mapping_of, string_of

# one-api and new-api write this for a token without a limit.
_UNLIMITED = Decimal(100_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceSeen:
    """Decimals as text without needless zeros, in one currency; empty where the answer does not say.

    What is left may be known only together with a second look-up, when one names the limit and the other
    what is used.
    """

    left: str = ""
    limit: str = ""
    used: str = ""
    currency: str = ""  # empty: the vendor bills in one currency and does not name it


def read_balance(document: object) -> BalanceSeen | None:
    """None for a document in no shape that is known: then nothing is claimed."""
    body = mapping_of(document)
    return next((seen for shape in _SHAPES if (seen := shape(body))), None)


def left_of(limit: str, used: str) -> str:
    """The limit less what is used; empty while either is unknown."""
    whole, gone = _decimal(limit), _decimal(used)
    return "" if whole is None or gone is None else _text(whole - gone)


def _subscription(body: Document) -> BalanceSeen | None:
    """one-api, new-api and what OpenAI once had at /dashboard/billing/subscription: what is left and what
    is used, added up."""
    limit = _decimal(body.get("hard_limit_usd"))
    if limit is None:
        return None
    return BalanceSeen(limit="" if limit >= _UNLIMITED else _text(limit), currency="USD")


def _usage(body: Document) -> BalanceSeen | None:
    """The sibling of the former at /dashboard/billing/usage, in hundredths."""
    used = _decimal(body.get("total_usage"))
    return None if used is None else BalanceSeen(used=_text(used / 100), currency="USD")


def _deepseek(body: Document) -> BalanceSeen | None:
    """DeepSeek's /user/balance: a row for each currency, of which the fullest is what calls are paid from."""
    rows = [mapping_of(row) for row in list_of(body.get("balance_infos"))]
    held = [(amount, row) for row in rows if (amount := _decimal(row.get("total_balance"))) is not None]
    if not held:
        return None
    amount, row = max(held, key=lambda pair: pair[0])
    return BalanceSeen(left=_text(amount), currency=string_of(row.get("currency")).upper())


def _openrouter(body: Document) -> BalanceSeen | None:
    """OpenRouter's /credits, in US dollars."""
    data = mapping_of(body.get("data"))
    bought, used = _decimal(data.get("total_credits")), _decimal(data.get("total_usage"))
    if bought is None or used is None:
        return None
    return BalanceSeen(left=_text(bought - used), limit=_text(bought), used=_text(used), currency="USD")


def _siliconflow(body: Document) -> BalanceSeen | None:
    """SiliconFlow's /user/info; who the account belongs to stands beside it and is not read."""
    return _left(mapping_of(body.get("data")).get("totalBalance"))


def _moonshot(body: Document) -> BalanceSeen | None:
    """Moonshot's /users/me/balance."""
    return _left(mapping_of(body.get("data")).get("available_balance"))


def _plain(body: Document) -> BalanceSeen | None:
    """`{"balance": …, "currency": …}`, as small gateways write it, bare or inside `data`."""
    for level in (body, mapping_of(body.get("data"))):
        if seen := _left(first_of(level, "balance", "remaining_balance", "credit_balance")):
            return BalanceSeen(left=seen.left, currency=string_of(level.get("currency")).upper()[:8])
    return None


def _left(value: object) -> BalanceSeen | None:
    amount = _decimal(value)
    return None if amount is None else BalanceSeen(left=_text(amount))


def _decimal(value: object) -> Decimal | None:
    """An amount of money: finite, and short enough to be one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):  # the latter for whole numbers of thousands of digits
        return None
    return amount if amount.is_finite() and abs(amount) < Decimal("1e15") else None


def _text(amount: Decimal) -> str:
    """No exponent, no more digits than money needs."""
    rounded = amount.quantize(Decimal("0.00000001")).normalize()
    return f"{rounded or Decimal(0):f}"


_SHAPES: tuple[Callable[[Document], BalanceSeen | None], ...] = (
    _subscription,
    _deepseek,
    _openrouter,
    _siliconflow,
    _moonshot,
    _plain,
    _usage,
)
