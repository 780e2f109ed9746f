"""Reads settings from the environment. A mistyped one stops the start: a guess could turn a guard off."""

import os
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

_Value = TypeVar("_Value")
_SWITCHES = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}


def text(name: str, default: str = "") -> str:
    """The variable as it stands; one that is empty counts as not set."""
    return os.environ.get(name) or default


def switch(name: str, *, default: bool) -> bool:
    return _read(name, str(default), lambda word: _SWITCHES[word.strip().lower()], "1 or 0")


def count(name: str, *, default: int) -> int:
    return _read(name, str(default), _natural, "a whole number from 0 on")


def money(name: str, *, default: str) -> Decimal:
    return _read(name, default, _amount, "an amount such as 20 or 0.5")


def zone(name: str, *, default: str) -> str:
    return _read(name, default, lambda key: ZoneInfo(key).key, "a time zone such as Asia/Shanghai")


def _read(name: str, default: str, read: Callable[[str], _Value], wanted: str) -> _Value:
    given = text(name, default)
    try:
        return read(given)
    except (ArithmeticError, LookupError, OSError, ValueError):
        raise ImproperlyConfigured(f"{name} is {given!r}; {wanted} is needed") from None


def _natural(digits: str) -> int:
    if not digits.isdecimal():
        raise ValueError
    return int(digits)


def _amount(digits: str) -> Decimal:
    amount = Decimal(digits)
    if not amount.is_finite() or amount < 0:
        raise ValueError
    return amount
