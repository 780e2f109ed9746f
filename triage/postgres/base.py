"""PostgreSQL as Django speaks it, with a bound on the connections that one process opens."""

import threading
import weakref
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from psycopg import OperationalError

_PATIENCE_S = 30.0


@cache
def _seats() -> threading.Semaphore:
    return threading.Semaphore(settings.DATABASE_CONNECTIONS)


class DatabaseWrapper(base.DatabaseWrapper):
    """Threads without a connection queue for a seat.

    When hundreds of streams end in the same moment, as they do when a gateway restarts, each of their
    threads has something to write; a server without a place for it would turn it away, and it would be lost.
    """

    _leave: Callable[[], object] = staticmethod(lambda: None)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not _seats().acquire(timeout=_PATIENCE_S):
            raise OperationalError("every connection of this process is in use")
        try:
            connection = super().get_new_connection(conn_params)
        except BaseException:
            _seats().release()
            raise
        # Once: when it is closed, or when a thread that never closed it is gone.
        self._leave = weakref.finalize(connection, _seats().release)
        return connection

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # the stubs leave out what backends override
        finally:
            self._leave()
