"""The opening handshake of a WebSocket, RFC 6455: nothing is ever sent over the connection it opens."""

import base64
import hashlib
import secrets
from collections.abc import Iterable

KEY_HEADER = "sec-websocket-key"
_ACCEPT_HEADER = "sec-websocket-accept"
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
_SWITCHING_PROTOCOLS = 101


def new_key() -> str:
    """16 random bytes in base64, section 4.1."""
    return base64.b64encode(secrets.token_bytes(16)).decode()


def accept_of(key: str) -> str:
    """What a server that understood the handshake answers to `key`, section 4.2.2."""
    # SHA-1 is the RFC's choice: it proves understanding, not identity.
    digest = hashlib.sha1((key + _GUID).encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def is_accepted(key: str, *, status: int, fields: Iterable[tuple[str, str]]) -> bool:
    """101 with the value that belongs to `key`: any other 101 comes from somebody who did not understand."""
    answers = [value.strip() for name, value in fields if name.lower() == _ACCEPT_HEADER]
    return status == _SWITCHING_PROTOCOLS and answers == [accept_of(key)]
