"""An uploaded file until it is taken in: sealed pieces in the database, and whole only while it is read."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import BinaryIO

from probes.endpoints.actions import settings_vault
from probes.endpoints.vault import Sealed, VaultError
from triage.charges.models import ChargeImport, SealedChunk

CHUNK_BYTES = 1 << 20
_HASH_BYTES = 16


def seal_file(record: ChargeImport, pieces: Iterable[bytes]) -> None:
    """Store the pieces sealed, and note the file's size and hash. Call inside a transaction."""
    vault, digest, size = settings_vault(), blake2b(digest_size=_HASH_BYTES), 0
    for number, chunk in enumerate(_of_one_size(pieces)):
        sealed = vault.seal_bytes(chunk, row=_row(record.pk, number))
        SealedChunk.objects.create(
            batch=record, number=number, ciphertext=sealed.ciphertext, kek_id=sealed.kek_id
        )
        digest.update(chunk)
        size += len(chunk)
    record.bytes_total, record.file_hash = size, digest.hexdigest()
    record.save(update_fields=["bytes_total", "file_hash"])


@contextmanager
def unsealed(record: ChargeImport) -> Iterator[BinaryIO]:
    """The whole file, in one that has no name and is gone with this process.

    Raises VaultError when a piece is missing, was changed, or was sealed under another key.
    """
    vault, digest = settings_vault(), blake2b(digest_size=_HASH_BYTES)
    with tempfile.TemporaryFile() as file:
        for number in range(record.chunks.count()):
            chunk = record.chunks.get(number=number)
            sealed = Sealed(bytes(chunk.ciphertext), chunk.kek_id)
            content = vault.open_bytes(sealed, row=_row(record.pk, number))
            digest.update(content)
            file.write(content)
        if digest.hexdigest() != record.file_hash:
            raise VaultError("pieces of the sealed file are missing")
        file.seek(0)
        yield file


def file_hash(file: BinaryIO) -> str:
    """What `seal_file` would note of a file that was never uploaded; the file is at its beginning again."""
    digest = blake2b(digest_size=_HASH_BYTES)
    while piece := file.read(CHUNK_BYTES):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def _of_one_size(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Chunks of CHUNK_BYTES, the last one shorter."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= CHUNK_BYTES:
            yield bytes(held[:CHUNK_BYTES])
            del held[:CHUNK_BYTES]
    if held:
        yield bytes(held)


def _row(pk: int, number: int) -> str:
    return f"import:{pk}:{number}"
