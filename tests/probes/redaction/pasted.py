"""Texts as people paste them, written by hand in pasted/*.txt; what is secret in them is made anew each time.

«…» is a secret and ‹…› something to keep; %% ends a text, the first one of a file says what the file holds.
Slots are those of samples.py, and <pw> (a password), <jwt>, <l4> (small letters). A secret may begin with
the name of a spelling (`«b64:user:¦<an20>¦»`): then what stands between two ¦ is what nobody may read.
"""

import base64
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from probes.redaction.samples import expand
from tests.cases.secret_cases import Dice, jwt, password

FOLDER = Path(__file__).parent / "pasted"
_MARKED = re.compile(r"«(?P<secret>[^»]*)»|‹(?P<keep>[^›]*)›", re.DOTALL)
_SPELLED = re.compile(r"(?P<how>[a-z0-9]{2,6}):(?=.)", re.DOTALL)
_OWN_SLOT = re.compile(r"<(?:(pw)|(jwt)|l(\d+))>")
_RUN = re.compile(r"[^\s\"'`“”;^\\|&,/]+")
_LONG = 12


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text, and what must not, or must, be left of it."""

    name: str
    text: str
    secrets: tuple[str, ...]
    keep: tuple[str, ...]

    def lost(self, masked: str) -> list[str]:
        """What should have stayed and stands less often in the masked text."""
        return [item for item in self.keep if _count(item, masked) < _count(item, self.text)]


def _count(item: str, text: str) -> int:
    """How often something stands in a text, not as a part of a longer word."""
    return len(re.findall(rf"(?<![A-Za-z0-9]){re.escape(item)}(?![A-Za-z0-9])", text))


def pasted(seed: int) -> Iterator[Pasted]:
    """Every text of every file, filled anew from a seed; a text that is added changes no other."""
    for path in sorted(FOLDER.glob("*.txt")):
        for number, template in enumerate(path.read_text("utf-8").split("%%\n")[1:], 1):
            name = f"{path.stem}.{number}"
            yield _filled(name, template.removesuffix("\n"), Dice(f"{seed} {name}"))


def _filled(name: str, template: str, dice: Dice) -> Pasted:
    parts, secrets, keep, position = list[str](), list[str](), list[str](), 0
    for found in _MARKED.finditer(template):
        parts.append(_expanded(template[position : found.start()], dice))
        position = found.end()
        if found["keep"] is not None:
            keep.append(_expanded(found["keep"], dice))
            parts.append(keep[-1])
        else:
            shown, cores = _secret(found["secret"], dice)
            parts.append(shown)
            secrets += cores
    parts.append(_expanded(template[position:], dice))
    return Pasted(name, "".join(parts), tuple(secrets), tuple(keep))


def _expanded(template: str, dice: Dice) -> str:
    def own(slot: re.Match[str]) -> str:
        if slot[2]:
            return jwt(dice)
        return dice.fill(f"{{L{slot[3]}}}") if slot[3] else password(dice, signs="!@#$*?").value

    return expand(_OWN_SLOT.sub(own, template), dice)


def _secret(template: str, dice: Dice) -> tuple[str, list[str]]:
    """How a secret is written, and what of it nobody may read."""
    spelled = _SPELLED.match(template)
    how = _SPELLINGS.get(spelled["how"]) if spelled else None
    if how is None or spelled is None:
        text = _expanded(template, dice)
        return text, _cores(text)
    text = _expanded(template[spelled.end() :].replace("\\n", "\n"), dice)
    cores = text.split("¦")[1::2] or [text]
    shown = how(text.replace("¦", ""), dice)
    return shown, [*cores, shown] if "b64" in spelled["how"] else cores


def _cores(text: str) -> list[str]:
    """The text itself where it is one word; of pieces the long ones, and all of them put together."""
    runs = _RUN.findall(text)
    return [text] if len(runs) < 2 else [*(run for run in runs if len(run) >= _LONG), "".join(runs)]


def _some(text: str, dice: random.Random, one: Callable[[str], str]) -> str:
    return "".join(one(c) if dice.random() < 0.4 or at == len(text) // 2 else c for at, c in enumerate(text))


def _every(text: str, width: int, between: str) -> str:
    return between.join(text[at : at + width] for at in range(0, len(text), width))


def _mathematical(c: str) -> str:
    return chr((0x1D5BA - 97 if c.islower() else 0x1D5A0 - 65) + ord(c)) if c.isalpha() else c


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


_SPELLINGS: dict[str, Callable[[str, Dice], str]] = {
    "b64": lambda text, dice: _base64(text),
    "b64u": lambda text, dice: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "b64b64": lambda text, dice: _base64(_base64(text)),
    "hex": lambda text, dice: text.encode().hex(),
    "url": lambda text, dice: quote(text, safe=""),
    "xsome": lambda text, dice: _some(text, dice, lambda c: f"\\x{ord(c):02x}"),
    "usome": lambda text, dice: _some(text, dice, lambda c: f"\\u{ord(c):04x}"),
    "ubrace": lambda text, dice: _some(text, dice, lambda c: f"\\u{{{ord(c):x}}}"),
    "oct": lambda text, dice: _some(text, dice, lambda c: f"\\{ord(c):03o}"),
    "psome": lambda text, dice: _some(text, dice, lambda c: f"%{ord(c):02X}"),
    "esome": lambda text, dice: _some(text, dice, lambda c: f"&#{ord(c)};"),
    "qp": lambda text, dice: _every(text, 18, "=\n"),
    "wide": lambda text, dice: "".join(chr(ord(c) + 0xFEE0) for c in text),
    "zero": lambda text, dice: _every(text, 3, "\u200b"),
    "math": lambda text, dice: "".join(map(_mathematical, text)),
    "hyph": lambda text, dice: _every(text, 7, "\u00ad"),
    "sp1": lambda text, dice: " ".join(text),
    "g4": lambda text, dice: _every(text, 4, " "),
    "g6": lambda text, dice: _every(text, 6, " "),
    "d4": lambda text, dice: _every(text, 4, "-"),
    "dot": lambda text, dice: _every(text, 8, "·"),
    "rev": lambda text, dice: text[::-1],
}
