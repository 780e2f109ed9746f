"""What was previewed and confirmed is taken in, as one transaction."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import User

from triage.charges.models import ChargeImport


def commit_import(
    pk: int, *, by: User | None, now: datetime, enqueue: Callable[[int], object]
) -> ChargeImport:
    """PREVIEW becomes COMMITTING, and `enqueue` (tasks.ring_committer) is called with the id.

    Raises WrongState.
    """
    raise NotImplementedError


def take_in(pk: int) -> None:
    """COMMITTING becomes DONE in one transaction. Nothing happens when another worker is at it, or was."""
    raise NotImplementedError
