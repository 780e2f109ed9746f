"""Seals probe keys: AES-256-GCM, bound to the row that holds them."""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_CHANGED = "the sealed key was changed or belongs to another row"
_NONCE_BYTES = 12  # the size GCM is specified for, NIST SP 800-38D section 5.2.1.1


class VaultError(Exception):
    """A sealed key cannot be opened; the message names the reason, never the key."""


@dataclass(frozen=True, slots=True)
class Sealed:
    ciphertext: bytes
    kek_id: str


class Vault:
    """Seals and opens with one key-encryption key, given as 32 bytes in base64.

    Raises VaultError when the key-encryption key has another shape.
    """

    def __init__(self, kek: str) -> None:
        try:
            raw = base64.urlsafe_b64decode(kek.replace("+", "-").replace("/", "_"))
        except (binascii.Error, ValueError) as error:
            raise VaultError("PROBE_KEY_KEK is not base64") from error
        if len(raw) != 32:
            raise VaultError(f"PROBE_KEY_KEK holds {len(raw)} bytes; AES-256 needs 32")
        self._cipher = AESGCM(raw)
        self.kek_id = hashlib.sha256(b"kek-id:" + raw).hexdigest()[:12]

    def seal(self, secret: str, *, row: str) -> Sealed:
        return self.seal_bytes(secret.encode(), row=row)

    def open(self, sealed: Sealed, *, row: str) -> str:
        """Raises VaultError for another key-encryption key, another row or changed bytes."""
        try:
            return self.open_bytes(sealed, row=row).decode()
        except UnicodeDecodeError:
            raise VaultError(_CHANGED) from None

    def seal_bytes(self, content: bytes, *, row: str) -> Sealed:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return Sealed(nonce + self._cipher.encrypt(nonce, content, _bound_to(row)), self.kek_id)

    def open_bytes(self, sealed: Sealed, *, row: str) -> bytes:
        """Raises VaultError as `open` does."""
        if sealed.kek_id != self.kek_id:
            raise VaultError(
                f"sealed under key-encryption key {sealed.kek_id}, this process has {self.kek_id}"
            )
        nonce, box = sealed.ciphertext[:_NONCE_BYTES], sealed.ciphertext[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, box, _bound_to(row))
        except (InvalidTag, ValueError) as error:
            raise VaultError(_CHANGED) from error


def new_kek() -> str:
    """A fresh key-encryption key in the form that the setting takes."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _bound_to(row: str) -> bytes:
    return f"probekey:{row}".encode()
