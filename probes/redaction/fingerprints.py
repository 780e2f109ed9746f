"""By which fingerprints two mentions of one key are matched, however each of them was spelled."""

import re
from collections.abc import Sequence

from probes.redaction.masking import key_fingerprint
from probes.redaction.normalise import fold, unescape
from probes.redaction.rule import Rank
from probes.redaction.search import Hit

SHORTEST = 20  # characters: whoever learns the pepper could guess shorter secrets one by one
_SEAMS = re.compile(r"""[\s"'`\\]+(?:[+.&,][\s"'`\\]+)?""")  # between the pieces of a split key


def fingerprints_of(hit: Hit, value: str, *, peppers: Sequence[bytes]) -> tuple[str, ...]:
    """One per pepper, the present one first; none for what is too short or says who somebody is."""
    if not peppers or hit.rank == Rank.PERSONAL.value:
        return ()
    spelled = spelled_out(value)
    if len(spelled) < SHORTEST:
        return ()
    return tuple(key_fingerprint(spelled, pepper=pepper) for pepper in peppers)


def spelled_out(value: str) -> str:
    """The key as its owner would type it: without disguise and without seams."""
    folded = fold(value)
    return _SEAMS.sub("", (unescape(folded) or folded).text)
