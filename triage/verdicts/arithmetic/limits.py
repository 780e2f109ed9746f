"""Whose limit a duration is: times that end within a second of a default that somebody ships."""

from dataclasses import dataclass
from functools import cache
from math import isinf
from typing import Final

from triage.verdicts.clients.known import Client, clients, hops_named

NEAR_S: Final = 1.0

ROUND_S: Final = (
    *(10.0, 15.0, 20.0, 29.0, 30.0, 60.0, 90.0, 100.0, 120.0),
    *(180.0, 240.0, 300.0, 600.0, 900.0, 1800.0, 3600.0),
)
"""Limits that people set where they set their own, and the odd one out: API Gateway's 29 s."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that a duration ends at, and who is known to have it; nobody when it is merely round."""

    seconds: float
    whose: tuple[str, ...] = ()  # titles
    is_named: bool = False  # whether the ticket names them


def is_near(seconds: float, limit: float) -> bool:
    return abs(seconds - limit) <= NEAR_S


def limit_hit(seconds: float, *, client: Client | None = None, path: str = "") -> Limit | None:
    """The limit that `seconds` ends at within a second: the client's, a hop's of the `path`, or a round one.

    What the ticket names comes before what is known of hops in general.
    """
    hops = hops_named(path) if any(is_near(seconds, limit) for limit in _limits_of_hops()) else ()
    named = (*([client] if client else []), *hops)
    hits = [(one.title, limit) for one in named for limit in limits_of(one) if is_near(seconds, limit)]
    if hits:
        return Limit(hits[0][1], tuple(dict.fromkeys(title for title, _limit in hits)), is_named=True)
    limit = next((limit for limit in ROUND_S if is_near(seconds, limit)), None)
    return None if limit is None else Limit(limit, shipped_by_hops(limit))


def limits_of(client: Client) -> tuple[float, ...]:
    """Every limit that ends a request of this client, or one through this hop, once it is connected."""
    known = (client.timeout_s, client.idle_s, *client.timeouts_also)
    return tuple(dict.fromkeys(limit for limit in known if limit is not None and not isinf(limit)))


@cache
def shipped_by_hops(limit: float) -> tuple[str, ...]:
    """The titles of hops whose default this is."""
    return tuple(hop.title for hop in _hops() if limit in limits_of(hop))


@cache
def _limits_of_hops() -> frozenset[float]:
    return frozenset(limit for hop in _hops() for limit in limits_of(hop))


def _hops() -> tuple[Client, ...]:
    return tuple(one for one in clients().values() if one.kind == "hop")
