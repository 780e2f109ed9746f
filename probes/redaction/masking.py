"""What is shown instead of a secret, and how two mentions of one secret are matched without it."""

import hashlib
import hmac
import re

_TAIL = 4
_TAIL_FROM = 20  # characters after the prefix: with fewer, four of them would help to guess
_PREFIX_AT_MOST = 11
_LAST_PART = re.compile(r"[A-Za-z0-9$]+$")
_ENDING = re.compile(r"[^A-Za-z0-9]+$")


def mask_key(secret: str, prefix: str, kind: str) -> str:
    """`sk-…a1b2`: vendor prefix and last four of a long secret, `[kind]` for a short one without a prefix."""
    body = _ENDING.sub("", secret[len(prefix) :])
    shown = prefix if len(prefix) <= _PREFIX_AT_MOST else _LAST_PART.sub("", prefix[:_PREFIX_AT_MOST])
    if len(body) >= _TAIL_FROM:
        return f"{shown}…{body[-_TAIL:]}"
    return f"{shown}…" if shown else label(kind)


def label(kind: str) -> str:
    """`[email]`: the name of the kind where nothing of the value may show."""
    return f"[{kind}]"


def key_fingerprint(secret: str, *, pepper: bytes) -> str:
    """Sixteen hex digits, equal for equal secrets, that say nothing without the pepper (HMAC-SHA256)."""
    return hmac.new(pepper, secret.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16]
