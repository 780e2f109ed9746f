"""Whether it was charged, in the words of who says so."""

import re
from typing import Final

from triage.tickets.paste.found import Finds, Sighting, Weight

_NOT_CHARGED: Final = re.compile(
    r"(?:没有?|未|并未|没被)(?:被)?扣(?:费|款|钱)?|不扣费"
    r"|not (?:been )?(?:charged|billed)|no charge"
    r"|weren't charged"
    r"|wasn't charged",
    re.IGNORECASE,
)
_CHARGED: Final = re.compile(
    r"(?:被|还是|照样|都|也|又)?(?:重复|多)?扣了? ?(?:费|款|钱|两|三|2|3|好几|多|\d)[^，。,;；\n]{0,24}"
    r"|计费了"
    r"|[^，。,;；\n]{0,10}(?:两笔|双倍)扣费|(?:was|were|been|got|still|also|being) (?:charged"
    r"|billed)[^.,;\n]{0,40}|(?:charged|billed) (?:twice|double|two|three|again|for)[^.,;\n]{0,40}"
    r"|double[- ](?:charged|billed)",
    re.IGNORECASE,
)


def read_charges(line: str, number: int) -> Finds:
    if _NOT_CHARGED.search(line):
        yield Sighting("charged", "no", number, Weight.HINT + 5)
    elif match := _CHARGED.search(line):
        yield Sighting("charged", "yes", number, Weight.HINT + 5)
        yield Sighting("charged_text", match.group().strip(), number, Weight.HINT + 5)
