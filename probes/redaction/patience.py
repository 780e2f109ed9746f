"""How long a text may be read: a text made to be slow is withheld instead of holding everybody up."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_until: ContextVar[float] = ContextVar("until", default=math.inf)  # by this thread's own processor time


class TookTooLong(RuntimeError):
    """The text is not known to be clean, and reading on would take longer than anybody waits."""


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Within it `keep_going` raises TookTooLong once this thread has worked for so long."""
    token = _until.set(time.thread_time() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def keep_going() -> None:
    """Called before each piece of work; raises TookTooLong."""
    if time.thread_time() > _until.get():
        raise TookTooLong
