"""Database connections of threads that wait on the network most of the time."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

_PATIENCE_S = 10.0
_RETRY_EVERY_S = 0.2

T = TypeVar("T")


def let_go() -> None:
    """Close this thread's connection; the next query opens another.

    Hundreds of threads wait at once, and PostgreSQL grants about a hundred connections. An open
    transaction keeps its connection: what called us will end it.
    """
    if not connection.in_atomic_block:
        connection.close()


def patiently(write: Callable[[], T], *, for_s: float = _PATIENCE_S) -> T:
    """What `write` returns, asked again while the database is away: what an exchange saw is not seen twice.

    For statements that do no harm the second time, since the first may have been carried out unheard.
    """
    deadline = time.monotonic() + for_s
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise
        connection.close()
        time.sleep(_RETRY_EVERY_S)
