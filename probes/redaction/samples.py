"""Sample templates: `sk-<an48>` is a fresh made-up key each time, and no scanner trips over it here."""

import random
import re
import string
import uuid
from dataclasses import dataclass

ALPHABETS = {
    "an": string.ascii_letters + string.digits,
    "AN": string.ascii_uppercase + string.digits,
    "lo": string.ascii_lowercase + string.digits,
    "al": string.ascii_letters,
    "AL": string.ascii_uppercase,
    "d": string.digits,
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "b64": string.ascii_letters + string.digits + "+/",
    "u64": string.ascii_letters + string.digits + "-_",
}
_SLOT = re.compile(r"<(uuid|an|AN|lo|al|AL|d|hex|HEX|b64|u64):?(\d*)>")


@dataclass(frozen=True, slots=True)
class Sample:
    """A text and where in it the secret stands."""

    text: str
    start: int
    end: int

    @property
    def secret(self) -> str:
        return self.text[self.start : self.end]


def expand(template: str, rng: random.Random) -> str:
    """Fill every slot: `<an48>` is 48 letters and digits, `<uuid>` a UUID."""
    return _SLOT.sub(lambda slot: _fill(slot[1], slot[2], rng), template)


def sample(template: str, rng: random.Random) -> Sample:
    """A filled template; the secret is what stands between « and », or everything."""
    text = expand(template, rng)
    if "«" not in text:
        return Sample(text, 0, len(text))
    before, _, rest = text.partition("«")
    secret, _, after = rest.partition("»")
    return Sample(before + secret + after, len(before), len(before) + len(secret))


def _fill(alphabet: str, length: str, rng: random.Random) -> str:
    if alphabet == "uuid":
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))
    return _mixed(ALPHABETS[alphabet], int(length), rng)


def _mixed(letters: str, length: int, rng: random.Random) -> str:
    """Never ends in punctuation, and is never so one-sided that a person would not call it random."""
    ends = [c for c in letters if c.isalnum()]
    body = [rng.choice(letters) for _ in range(max(0, length - 2))]
    return "".join([rng.choice(ends), *body, rng.choice(ends)][:length])
