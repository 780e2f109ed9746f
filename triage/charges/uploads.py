"""A ledger on its way in through the browser: sealed before it touches the disk, and of bounded size."""

import tempfile
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

FIELD = "file"  # the only field of the desk that takes one
_HEAD_BYTES = 8  # enough to tell a PDF from a table


class NoFiles(FileUploadHandler):
    """Drops every file: Django's own handlers would write large ones to the disk as they are."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


class SealedUpload(UploadedFile):  # type: ignore[type-arg]
    """An uploaded file that can be read once, piece by piece; `head` is its beginning.

    One that is larger than the limit has its true `size` and no pieces.
    """

    def __init__(self, spool: "_Spool", *, name: str, size: int, head: bytes) -> None:
        super().__init__(file=spool.file, name=name, size=size)
        self.head = head
        self._spool = spool

    def pieces(self) -> Iterator[bytes]:
        return self._spool.pieces()


class SealingHandler(FileUploadHandler):
    """Takes one file of at most `limit` bytes; a larger one is read and dropped, so that the form can say so.

    Each piece is encrypted as it arrives, under a key that only this request knows.
    """

    chunk_size = 1 << 18

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._spool: _Spool | None = None
        self._head = b""

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name != FIELD or self._spool is not None:
            raise SkipFile
        self._spool = _Spool()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._spool is None:
            return
        self._head = self._head or raw_data[:_HEAD_BYTES]
        if start + len(raw_data) > self._limit:
            self._spool.empty()
        else:
            self._spool.add(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload | None:
        if self._spool is None:
            return None
        return SealedUpload(self._spool, name=self.file_name or "", size=file_size, head=self._head)

    def upload_interrupted(self) -> None:
        if self._spool is not None:
            self._spool.file.close()


class _Spool:
    """Ciphertext in a file without a name, gone with the request however that ends."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - Django closes it with the request
        self._cipher = AESGCM(AESGCM.generate_key(bit_length=256))
        self._lengths: list[int] = []

    def add(self, piece: bytes) -> None:
        box = self._cipher.encrypt(_nonce(len(self._lengths)), piece, None)
        self._lengths.append(self.file.write(box))

    def empty(self) -> None:
        self.file.seek(0)
        self.file.truncate()
        self._lengths.clear()

    def pieces(self) -> Iterator[bytes]:
        self.file.seek(0)
        for number, length in enumerate(self._lengths):
            yield self._cipher.decrypt(_nonce(number), self.file.read(length), None)


def _nonce(number: int) -> bytes:
    """A counter is enough under a key that is used for one file."""
    return number.to_bytes(12)
