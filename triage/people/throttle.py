"""How often somebody may try a password: ten wrong tries per account and address, then a pause."""

import hashlib
import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import BaseCache, caches
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

TRIES = 10
PAUSE_S = 15 * 60

_Answer = TypeVar("_Answer")


def is_paused(account: str, address: str) -> bool:
    counter = _counter(account, address)
    return _counting(lambda cache: int(cache.get(counter, 0))) >= TRIES


def count_failure(account: str, address: str) -> None:
    """Counts within one window of `PAUSE_S` seconds that starts with the first failure."""
    counter = _counter(account, address)
    _counting(lambda cache: _count(cache, counter))


def forget(account: str, address: str) -> None:
    counter = _counter(account, address)
    _counting(lambda cache: cache.delete(counter))


def count_hit(counter: str, *, window_s: int) -> int:
    """How often `counter` was hit, this time included, in a window that begins with its first hit."""
    key = f"hits:{hashlib.sha256(counter.encode()).hexdigest()}"

    def hit(cache: BaseCache) -> int:
        _count(cache, key, timeout=window_s)
        return int(cache.get(key, 1))

    return _counting(hit)


def _counter(account: str, address: str) -> str:
    digest = hashlib.sha256(f"{account.strip().casefold()}\n{address}".encode()).hexdigest()
    return f"sign-in:{digest}"


def _counting(use: Callable[[BaseCache], _Answer]) -> _Answer:
    """With the counters that all processes share; while Redis is away, with this process' own.

    People must be able to sign in without Redis, and nobody to guess without a limit.
    """
    try:
        return use(caches["default"])
    except RedisError as error:
        log.warning("tries are counted by each process alone: %s", type(error).__name__)
        return use(caches["nearby"])


def _count(cache: BaseCache, counter: str, *, timeout: int = PAUSE_S) -> None:
    if not cache.add(counter, 1, timeout=timeout):
        try:
            cache.incr(counter)
        except ValueError:  # the window closed between the two calls
            cache.set(counter, 1, timeout=timeout)
