"""Money as it stands in ledgers, read exactly: never through a float; only the noise of one is dropped."""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

from triage.charges.alike import Alike
from triage.charges.normalise import currency_of, plain
from triage.charges.refusals import Refusal, Refused

DECIMALS = 10
WHOLE_DIGITS = 14

_DOUBLE = Context(prec=15, rounding=ROUND_HALF_EVEN)

_SIMPLE = re.compile(r"-?\d{1,14}(?:\.\d{1,10})?", re.A)
# What programs write of small floats, too: no more than ten decimals.
_EXPONENT = r"\d{1,14}+[eE]-0?\d|\d{1,14}+[eE]-10|\d\.\d{1,4}+[eE]-0?[1-6]|\d\.\d{1,2}+[eE]-0?[78]"
PLAIN_AMOUNTS = Alike(rf"-?(?:\d{{1,14}}+(?:\.\d{{1,10}}+)?|{_EXPONENT})")  # read by anybody as they are
_SIGNS = re.compile(r"(?:US|HK|CN)?[$¥€£]|元|美元|人民币|[A-Za-z]{3,4}(?![A-Za-z\d])")
_NUMBER = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.A)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|[1-9]\d?(?:,\d{2})*,\d{3}(?:\.\d+)?", re.A)
_GROUPED_BY_DOTS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+,\d+", re.A)
_DECIMAL_COMMA = re.compile(r"\d+,\d+", re.A)


def read_amount(text: str) -> Decimal:
    """The exact amount; negative in parentheses or with a minus on either side.

    Raises Refused when it is no number, could be read in two ways, or has more digits than a row keeps.
    """
    if _SIMPLE.fullmatch(text):
        return Decimal(text)
    bare = plain(text).replace("−", "-").replace("－", "-")
    if not bare:
        raise Refused(Refusal.EMPTY, "amount")
    negative, bare = _sign(_without_currency(bare))
    return _fit(_number(_without_grouping(bare)), negative)


def currency_in(text: str) -> str:
    """The currency that an amount carries with it, as in "$1.20" or "3元"; "" when it carries none."""
    found = _SIGNS.search(plain(text))
    return currency_of(found[0]) if found else ""


def _without_currency(text: str) -> str:
    return _SIGNS.sub(lambda found: "" if currency_of(found[0]) else found[0], text).strip()


def _sign(text: str) -> tuple[bool, str]:
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1].strip()
    if text.endswith("-"):
        return True, text[:-1].strip()
    if text.startswith(("-", "+")):
        return text[0] == "-", text[1:].strip()
    return False, text


def _without_grouping(text: str) -> str:
    """Only what can mean one thing: "0,123" may be a decimal comma or a slip, so it is asked back."""
    text = re.sub(r"(?<=\d)[ '\u202f](?=\d{3})", "", text)
    if "," not in text:
        return text
    if _GROUPED.fullmatch(text):
        return text.replace(",", "")
    if _GROUPED_BY_DOTS.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    if _DECIMAL_COMMA.fullmatch(text) and len(text.partition(",")[2]) != 3:
        return text.replace(",", ".")
    raise Refused(Refusal.AMBIGUOUS_AMOUNT, "amount")


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise Refused(Refusal.NO_AMOUNT, "amount")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Refused(Refusal.NO_AMOUNT, "amount") from None


def _fit(amount: Decimal, negative: bool) -> Decimal:
    if amount.adjusted() >= WHOLE_DIGITS and amount:
        raise Refused(Refusal.AMOUNT_TOO_LARGE, "amount")
    if not _is_kept_whole(amount):
        amount = _as_meant(amount)
    if not _is_kept_whole(amount):
        raise Refused(Refusal.AMOUNT_TOO_PRECISE, "amount")
    return -amount if negative else amount


def _is_kept_whole(amount: Decimal) -> bool:
    exponent = amount.normalize().as_tuple().exponent if amount else 0
    return isinstance(exponent, int) and exponent >= -DECIMALS


def _as_meant(amount: Decimal) -> Decimal:
    """A double that a program wrote in full, 1.3500000000000001e-05, is the decimal it stands for.

    Every decimal of 15 digits survives a double (IEEE 754, DBL_DIG); what stands behind them is its rounding.
    """
    return _DOUBLE.plus(amount) if len(amount.as_tuple().digits) > _DOUBLE.prec else amount
