"""Where else a key was pasted that was masked in a ticket: known by its fingerprints, never by the key."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from triage.charges.models import Charge
from triage.tickets.models import Ticket

AMONG_NEWEST = 2000  # tickets: no index finds a fingerprint
_MOST_KEYS = 10
_MOST_TICKETS = 10  # of one key
_MOST_CHARGES = 1000


@dataclass(frozen=True, slots=True)
class KeySeen:
    """A key of one ticket that others know too."""

    shown: str  # masked
    tickets: list[Ticket]  # others, newest first
    charges: int  # rows of the ledger under this key as account, counted up to a thousand


def keys_seen(ticket: Ticket) -> list[KeySeen]:
    """The keys of the ticket that another one of the newest, or a ledger, has too."""
    keys = _keys_of(ticket)
    if not keys:
        return []
    others = _others(ticket, frozenset().union(*(prints for _shown, prints in keys)))
    seen = [KeySeen(shown, _with(others, prints), _charges(shown, prints)) for shown, prints in keys]
    return [key for key in seen if key.tickets or key.charges]


def _keys_of(ticket: Ticket) -> list[tuple[str, frozenset[str]]]:
    """(what is shown, fingerprints) of each key once, however often it was pasted."""
    spots = (spot for spot in ticket.masked if spot.get("fingerprints"))
    keys = {spot["fingerprints"][0]: (spot["shown"], frozenset(spot["fingerprints"])) for spot in spots}
    return list(keys.values())[:_MOST_KEYS]


def _others(ticket: Ticket, prints: Collection[str]) -> list[Ticket]:
    wanted = Q()
    for fingerprint in sorted(prints):
        wanted |= Q(masked__contains=[{"fingerprints": [fingerprint]}])
    newest = Ticket.objects.order_by("-pk").values("pk")[:AMONG_NEWEST]
    return list(Ticket.objects.filter(wanted, pk__in=newest).exclude(pk=ticket.pk).order_by("-pk"))


def _with(others: Collection[Ticket], prints: frozenset[str]) -> list[Ticket]:
    found = (t for t in others if any(prints.intersection(spot.get("fingerprints", ())) for spot in t.masked))
    return list(found)[:_MOST_TICKETS]


def _charges(shown: str, prints: frozenset[str]) -> int:
    """An import keeps an account that is a key as its mask and its fingerprint."""
    accounts = [f"{shown}#{fingerprint}" for fingerprint in prints]
    return Charge.objects.filter(account__in=accounts)[:_MOST_CHARGES].count()
