"""How often a client may retry: a setting, told apart from how often it did."""

import re
from typing import Final

from triage.tickets.paste.found import Finds, Mark, Role, Sighting, Weight, Why
from triage.tickets.paste.lines import Text
from triage.verdicts.intake import read_count

_NUMBER: Final = r"(\d{1,6}(?!\d)|[一二两三四五六七八九十]|one|two|three|five)"
_ALLOWED: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:max(?:imum)?[_ ]?(?:retry|retries)(?:[_ ]?attempts|[_ ]?count)?|num_retries"
    rf"|retry[_ ]limit)\b[\"']?\s?(?:[:=：]|of|is|to)?\s?{_NUMBER}"
    r"|\b(?:max(?:imum)?(?: of)?|at most|up to|defaults? (?:of|to|is)|set (?:to|at|for)|allows?|allowing"
    rf"|configured (?:for|with|to)) {_NUMBER} (?:automatic )?retr(?:y|ies)\b"
    r"|(?:最大|最多|至多|允许|默认|设置?(?:了|为|成)?|配置(?:了|为)?)的?(?:自动)?重试(?:次数|上限)?"
    rf"\s?(?:设?[为成是]|[:=：])?\s?{_NUMBER}"
    rf"|重试(?:次数)?(?:设置?[为成]|设成|上限(?:是|为)?|配置[为成])\s?[:=：]?\s?{_NUMBER}",
    re.IGNORECASE,
)
_SPENT: Final = re.compile(
    r"exceeded|exhausted|reached|used up|gave up|giving up|达到|耗尽|用完|用尽|超过", re.IGNORECASE
)


def find_allowances(text: Text) -> Finds:
    """Told as left out, since the form asks how often it was retried.

    Where none may be, none was; and where they are used up, it was that many.
    """
    for number, line in enumerate(text.lines, start=1):
        low = line.lower()
        if ("retr" in low or "重试" in low) and number not in text.documents:
            yield from _in_line(line, number)


def _in_line(line: str, number: int) -> Finds:
    is_spent = bool(_SPENT.search(line))
    for match in _ALLOWED.finditer(line):
        count = read_count(next(part for part in match.groups() if part))
        if not is_spent:
            yield Mark(number, number, Role.ASIDE, Why.ALLOWANCE)
        if count == 0 or (is_spent and count):
            yield Sighting("retry_count", str(count), number, Weight.HINT - 5)
            yield Sighting("retried", "yes" if count else "no", number, Weight.HINT)


def without_allowance(line: str) -> str:
    """The line as it reads without such settings."""
    return _ALLOWED.sub(" ", line)
