"""Numbers that name a person: check digits of the mainland ID card and of bank cards."""

import re
from datetime import date

from probes.redaction.wordlist import words

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_PROVINCES = words(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81",
    "82 83",
)
_SEPARATORS = str.maketrans("", "", " -")
# Issuer ranges and lengths of ISO/IEC 7812 that circulate in China.
_ISSUERS = re.compile(
    r"62\d{14,17}|4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|3[47]\d{13}|35(?:2[89]|[3-8]\d)\d{12}|9558\d{15}|4367\d{15}|60138\d{14}|6011\d{12}"
)


def is_id_card(number: str) -> bool:
    """GB 11643: known province, a real birthday, and the ISO 7064 check character."""
    digits = number.translate(_SEPARATORS).upper()
    if digits[:2] not in _PROVINCES or not _is_birthday(digits[6:14]):
        return False
    total = sum(int(d) * w for d, w in zip(digits[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11] == digits[17]


def is_bank_card(number: str) -> bool:
    """A known issuer range with its length, and the Luhn check digit."""
    digits = number.translate(_SEPARATORS)
    return _ISSUERS.fullmatch(digits) is not None and len(set(digits)) > 3 and luhn_holds(digits)


def luhn_holds(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    doubled = (sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _is_birthday(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= date.today().year
    except ValueError:
        return False
