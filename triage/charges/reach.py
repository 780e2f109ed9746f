"""How far ledgers reach, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from triage.charges.finding import ChargeFinding
from triage.people.clock import clock_text


@dataclass(frozen=True, slots=True)
class Reach:
    """From when to when a ledger is complete, and when something was last taken in."""

    source: str
    covered_from: datetime | None
    covered_until: datetime | None
    imported_at: datetime | None


def coverage_in_words(finding: ChargeFinding, reaches: Sequence[Reach], *, named: bool = True) -> list[str]:
    """Not `named`: for readers outside, whom a ledger's name does not concern."""
    gaps = [
        _("There are no records from %(start)s to %(end)s.")
        % {"start": clock_text(start), "end": clock_text(end)}
        for start, end in finding.gaps
    ]
    return [_reach_in_words(reach, named=named) for reach in reaches] + gaps


def _reach_in_words(reach: Reach, *, named: bool) -> str:
    name = reach.source if named else _("the ledger")
    if reach.covered_from is None or reach.covered_until is None:
        return _("It is not known how far the records of %(name)s reach.") % {"name": name}
    told = _("The records of %(name)s reach from %(start)s to %(end)s.") % {
        "name": name,
        "start": clock_text(reach.covered_from),
        "end": clock_text(reach.covered_until),
    }
    if reach.imported_at is None or not named:
        return told
    return f"{told} " + _("Last import: %(at)s.") % {"at": clock_text(reach.imported_at)}
