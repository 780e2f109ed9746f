"""Ids that may be the same, and may be not: other letter case, or rounded by a spreadsheet."""

import re
from decimal import Decimal

from triage.charges.normalise import id_key, is_mangled_id, plain

_NUMBER = re.compile(r"[1-9][0-9]{15,19}")
_KEPT = 15  # digits of a number that a spreadsheet keeps


def other_cases(key: str) -> tuple[str, ...]:
    """The same id all in small and all in capital letters, where that is another spelling."""
    return tuple({key.lower(), key.upper()} - {key}) if key else ()


def differs_in_case(key: str, other: str) -> bool:
    return key != other and key.casefold() == other.casefold()


def is_rounded(task_id: str) -> bool:
    """5.61126E+17: what a spreadsheet makes of a long number."""
    return is_mangled_id(plain(task_id))


def may_be_rounded(rounded: str, full: str) -> bool:
    """Whether a spreadsheet could have made `rounded` of the long number `full`."""
    full = id_key(full)
    if not _NUMBER.fullmatch(full):
        return False
    if is_rounded(rounded):
        number = Decimal(plain(rounded))
        digits = len(number.as_tuple().digits)
        return number == Decimal(f"{Decimal(full):.{digits - 1}E}")
    cut = full[:_KEPT] + "0" * (len(full) - _KEPT)
    return id_key(rounded) == cut != full
