"""How often somebody may try a password: ten wrong tries per account and address, then a pause."""

import hashlib

from django.core.cache import cache

TRIES = 10
PAUSE_S = 15 * 60


def _counter(account: str, address: str) -> str:
    digest = hashlib.sha256(f"{account.strip().casefold()}\n{address}".encode()).hexdigest()
    return f"sign-in:{digest}"


def is_paused(account: str, address: str) -> bool:
    return int(cache.get(_counter(account, address), 0)) >= TRIES


def count_failure(account: str, address: str) -> None:
    """Counts within one window of `PAUSE_S` seconds that starts with the first failure."""
    counter = _counter(account, address)
    if not cache.add(counter, 1, timeout=PAUSE_S):
        try:
            cache.incr(counter)
        except ValueError:  # the window closed between the two calls
            cache.set(counter, 1, timeout=PAUSE_S)


def forget(account: str, address: str) -> None:
    cache.delete(_counter(account, address))
