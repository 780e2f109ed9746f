"""What a body turns out to be, whatever its content type says, and the excerpt of it that may be kept."""

import codecs
import hashlib
import re

from probes.wire.clipping import cut_after_token, cut_before_token
from probes.wire.documents import Document, mapping_of, parsed
from probes.wire.facts import BodyKind

_STREAM_HEAD = 4096  # of an event stream no more is kept: its events are read as they come
_TAIL = 4096
_EXCERPT = 1024
_BLANKS = b"\xef\xbb\xbf \t\r\n"
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|title|center|script|meta)\b", re.IGNORECASE)
_FRAMED = re.compile(rb"(?:data|event|id|retry)?:")
_CHARSETS = re.compile(r"utf-|gb|big5|hz\Z|ascii|iso|cp\d|euc|shift_jis|koi8")  # as codecs name them


class Body:
    """Holds at most `cap` bytes of a body; of a stream its head and tail alone."""

    def __init__(self, *, charset: str = "", cap: int = 2 << 20) -> None:
        self.size = 0
        self._charset = _codec(charset)
        self._keep = cap
        self._is_stream = False
        self._head = bytearray()
        self._tail = b""
        self._hash = hashlib.sha256()

    def add(self, data: bytes) -> None:
        self.size += len(data)
        self._hash.update(data)
        self._head += data[: max(0, self._keep - len(self._head))]
        self._tail = (self._tail + data[-_TAIL:])[-_TAIL:]

    def be_stream(self) -> None:
        """Events were seen: forget what only a whole document would need."""
        if not self._is_stream and not self._start.startswith((b"{", b"[", b"<")):
            self._keep = _STREAM_HEAD
            del self._head[_STREAM_HEAD:]
        self._is_stream = True

    def document(self) -> tuple[bool, object]:
        """Whether the whole body is one JSON document, and the document."""
        if not self._start.startswith((b"{", b"[", b'"')) or self.size > len(self._head):
            return False, None
        found, document = parsed(bytes(self._start))
        return (found, document) if found else parsed(self._text(self._start))  # not UTF-8

    def kind(self, *, has_events: bool) -> BodyKind:
        """Called when the body is no JSON document."""
        start = self._start
        if not start:
            return BodyKind.EMPTY
        if start.startswith(b"<"):
            return BodyKind.HTML if _HTML.search(start[:_STREAM_HEAD]) else BodyKind.OTHER
        if has_events or _FRAMED.match(start):
            return BodyKind.EVENTS
        return BodyKind.NDJSON if len(self._first_documents()) > 1 else BodyKind.OTHER

    def excerpt(self) -> str:
        """Head and tail, cut only where a token ends."""
        if self.size <= 2 * _EXCERPT:
            return self._text(self._head)
        head, tail = self._text(self._head[:_EXCERPT]), self._text(self._tail[-_EXCERPT:])
        return f"{cut_after_token(head)} […] {cut_before_token(tail)}"

    def text(self) -> str:
        """The first few KiB as text, cut only where a token ends."""
        head = self._text(self._head[:_STREAM_HEAD])
        return head if self.size <= _STREAM_HEAD else cut_after_token(head)

    def sha256(self) -> str:
        return self._hash.hexdigest()

    @property
    def _start(self) -> bytearray:
        return self._head.lstrip(_BLANKS)

    def _first_documents(self) -> list[Document]:
        lines = bytes(self._start[:_STREAM_HEAD]).split(b"\n")[:8]
        documents = (parsed(line) for line in lines if line.strip())
        return [mapping_of(document) for found, document in documents if found and mapping_of(document)]

    def _text(self, data: bytes | bytearray) -> str:
        return data.decode(self._charset, errors="replace").lstrip("\ufeff")


def _codec(charset: str) -> str:
    """The codec of a charset that the web knows. Python's others raise (idna) or take for ever (punycode)."""
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return "utf-8"
    return name if _CHARSETS.match(name) else "utf-8"
