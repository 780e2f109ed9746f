"""Imports that lost their worker are rung for again; uploads that nobody confirmed are discarded."""

from collections.abc import Callable
from datetime import datetime


def sweep_imports(
    now: datetime, *, enqueue_read: Callable[[int], object], enqueue_commit: Callable[[int], object]
) -> None:
    """Ring for imports whose worker is gone, and discard uploads that nobody confirmed within 24 hours."""
    return
