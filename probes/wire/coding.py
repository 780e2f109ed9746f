"""Undoes a content coding that the endpoint used although none was asked for, bit by bit and bounded."""

import zlib

DECODED_CAP = 2 << 20
_IDENTITY = ("", "identity")
_WBITS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
_ZLIB_METHOD = 8  # the low half of a zlib stream's first byte


class ContentDecoder:
    """`problem` says why nothing more comes out: "unsupported", "corrupt", "cap", or "" while all is well."""

    def __init__(self, coding: str, *, cap: int = DECODED_CAP) -> None:
        self.problem = ""
        self._coding = coding.strip().lower()
        self._room = cap
        self._inflater: zlib._Decompress | None = None
        if self._coding not in (*_IDENTITY, *_WBITS):
            self.problem = "unsupported"

    def feed(self, data: bytes) -> bytes:
        """What these bytes decode to."""
        if self.problem or not data:
            return b""
        if self._coding in _IDENTITY:
            return data
        try:
            return self._inflated(data)
        except zlib.error:
            self.problem = "corrupt"
            return b""

    def _inflated(self, data: bytes) -> bytes:
        decoded = bytearray()
        while data:
            self._inflater = self._inflater or self._new_inflater(data)
            piece = self._inflater.decompress(data, self._room)
            decoded += piece
            self._room -= len(piece)
            if not self._room:
                self.problem = "cap"
                break
            data = self._inflater.unused_data
            if self._inflater.eof:
                self._inflater = None  # gzip bodies may have several members
        return bytes(decoded)

    def _new_inflater(self, data: bytes) -> "zlib._Decompress":
        """Some servers mean raw deflate by "deflate", some the zlib format that the RFC means."""
        is_raw = self._coding == "deflate" and data[0] & 0x0F != _ZLIB_METHOD
        return zlib.decompressobj(-zlib.MAX_WBITS if is_raw else _WBITS[self._coding])
