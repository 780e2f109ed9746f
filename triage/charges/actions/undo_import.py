"""An import is taken back: its rows go, what it completed is empty again, and coverage is counted anew."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User

from triage.charges.models import ChargeImport


class CannotUndo(Exception):
    """Later imports had rows of this one; `later` are these imports, and they must be undone first."""

    code = "import.overlapped"

    def __init__(self, later: Sequence[ChargeImport]) -> None:
        self.later = tuple(later)
        super().__init__(", ".join(str(record.pk) for record in later))


def undo_import(pk: int, *, by: User | None, now: datetime) -> ChargeImport:
    """DONE becomes UNDONE in one transaction. Raises WrongState, or CannotUndo while later ones overlap."""
    raise NotImplementedError
