"""What a text file is encoded in, and lines that are encoded in something else."""

import codecs
import re
from collections import Counter
from typing import BinaryIO

CHINESE = "gb18030"
_BLOCK = 1 << 20
_ENOUGH_VOTES = 1000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
_FIRST_OF_THREE_BYTES = "\u0800"


def encoding_of(head: bytes, rest: BinaryIO) -> str:
    """A byte order mark, the zeros of UTF-16, or what most of the lines beyond ASCII are written in.

    `head` is the beginning of the file, and `rest` stands behind it.
    """
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    zeros = head[:4096:2].count(0), head[1:4096:2].count(0)
    if max(zeros) * 4 > len(head[:4096]):
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    votes: Counter[bool] = Counter()
    while head and votes.total() < _ENOUGH_VOTES:
        block = head + rest.readline(_BLOCK)
        if not block.isascii():
            votes.update(_is_utf8(line) for line in block.splitlines() if not line.isascii())
        head = rest.read(_BLOCK)
    return CHINESE if votes[False] > votes[True] else "utf-8"


def mended(line: str) -> str:
    """A line read as GB18030, with U+FFFD for what was UTF-8: it would pass as other characters.

    Chinese takes three bytes in UTF-8. Text that is GB18030 hardly ever reads as such, and never as a whole.
    """
    if line.isascii():
        return line
    try:
        meant = line.encode(CHINESE).decode("utf-8")
    except UnicodeError:
        return line
    beyond = "".join(_BEYOND_ASCII.findall(meant))
    return _BEYOND_ASCII.sub("\ufffd", line) if min(beyond) >= _FIRST_OF_THREE_BYTES else line


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
