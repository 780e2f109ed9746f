"""An upload that nobody wants: its sealed pieces go, and that it was there is remembered."""

from datetime import datetime

from django.contrib.auth.models import User

from triage.charges.models import ChargeImport


def discard_import(pk: int, *, by: User | None, now: datetime) -> ChargeImport:
    """READING or PREVIEW becomes DISCARDED; whoever is reading it stops. Raises WrongState."""
    raise NotImplementedError
