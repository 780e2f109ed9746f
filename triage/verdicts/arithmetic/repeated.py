"""Retries that nobody counts: how long they make one call take, and how many requests one call may be."""

from dataclasses import dataclass
from math import inf, isinf
from typing import Final

from triage.verdicts.clients.known import Client

UNKNOWN_CLIENTS_RETRIES: Final = 2
"""What the SDKs of OpenAI and Anthropic do unasked, for both Python and TypeScript."""

_SOONER_S = 1.0  # timers and people round
_LATER_S = 2.0  # connecting and giving up take a moment each
_GROWING = 32  # times that a pause grows: it is longer than a century then
_ANY_PAUSE_S = 8.0  # the longest between retries, of a client whose pauses nobody knows


@dataclass(frozen=True, slots=True)
class Multiplied:
    """(retries + 1) x timeout, with the pauses between: what one call is made of."""

    requests: int
    timeout_s: float
    pauses_s: float  # at most
    by_default: bool  # whether a default of the client takes the place of what the ticket leaves open

    @property
    def least_s(self) -> float:
        return self.requests * self.timeout_s - _SOONER_S

    @property
    def most_s(self) -> float:
        return self.requests * self.timeout_s + self.pauses_s + _LATER_S


def multiplied(
    elapsed_s: float, *, timeout_s: float | None, retries: int | None, client: Client | None = None
) -> Multiplied | None:
    """How `elapsed_s` is made of several requests; None when it is not, or one request fills it.

    What the ticket leaves open is taken from the client's defaults. Without a timeout there is nothing to
    multiply; retries of an unknown client are taken for two.
    """
    timeout = timeout_s or (client.timeout_s if client else None)
    if timeout is None or isinf(timeout) or timeout <= 0:
        return None
    known = retries if retries is not None else _usual_retries(client)
    requests = known + 1
    by_default = timeout_s is None or retries is None
    found = Multiplied(requests, timeout, pauses_s(client, known, is_told=retries is not None), by_default)
    return found if requests > 1 and found.least_s <= elapsed_s <= found.most_s else None


def _usual_retries(client: Client | None) -> int:
    return client.retries if client and client.retries is not None else UNKNOWN_CLIENTS_RETRIES


def pauses_s(client: Client | None, retries: int, *, is_told: bool = False) -> float:
    """The longest that a client pauses before its retries, all together.

    Retries that somebody counted (`is_told`) may be a program's own, with pauses of its own.
    """
    if client is None or client.first_pause_s is None:
        return _ANY_PAUSE_S * retries if is_told else 0.0
    longest = inf if client.longest_pause_s is None else client.longest_pause_s
    steps = (client.first_pause_s * client.pause_factor ** min(nth, _GROWING) for nth in range(retries))
    known = sum(min(step, longest) for step in steps)
    return max(known, _ANY_PAUSE_S * retries) if is_told else known


def requests_on_the_wire(calls: int, *, retries: int | None, client: Client | None) -> tuple[int, int | None]:
    """(at least, at most) how many requests `calls` calls were; at most is None where nobody knows.

    Retries that the ticket names may be the client's own or the caller's on top of them.
    """
    least = calls * (1 + (retries or 0))
    hidden = client.retries if client else None
    return least, (None if hidden is None else least * (1 + hidden))
