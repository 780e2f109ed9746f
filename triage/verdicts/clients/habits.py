"""What a client is known to do by itself, as codes with values; pages and cards put them into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isinf

from triage.verdicts.clients.known import Client, client_named


@dataclass(frozen=True, slots=True)
class Habit:
    """One sentence's worth: its code, and the values that the sentence names (seconds, requests, version)."""

    code: str
    params: Mapping[str, float | int | str] = field(default_factory=dict)


def known_habits(client: str, version: str = "", *, timeout_s: float | None = None) -> tuple[Habit, ...]:
    """What is known of the client that support typed; empty for one that nobody described.

    `timeout_s` is the limit that was set in the place of the client's own.
    """
    known = client_named(client, version)
    if known is None:
        return ()
    if timeout_s:
        known = replace(known, timeout_s=timeout_s)
    found = (_sends_and_waits(known), _pauses(known), *_misreads(known))
    return tuple(habit for habit in found if habit)


def _sends_and_waits(client: Client) -> Habit | None:
    """How many requests one call may be, and how long each may take."""
    code = "_".join(filter(None, (_sends(client.retries), _waits(client.timeout_s))))
    if not code:
        return None
    known = {"requests": client.retries and client.retries + 1, "seconds": _finite(client.timeout_s)}
    return Habit(code, {"client": client.title, **{name: value for name, value in known.items() if value}})


def _sends(retries: int | None) -> str:
    if retries is None:
        return ""
    return "repeats" if retries else "sends_once"


def _waits(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return "waits_for_ever" if isinf(seconds) else "waits"


def _finite(seconds: float | None) -> float | None:
    return None if seconds is None or isinf(seconds) else seconds


def _pauses(client: Client) -> Habit | None:
    """The silence inside a stream that it does not bear."""
    if client.idle_s is None or isinf(client.idle_s):
        return None
    return Habit("gives_up_on_silence", {"client": client.title, "seconds": client.idle_s})


def _misreads(client: Client) -> tuple[Habit, ...]:
    return tuple(
        Habit(f"misreads_{fault.about}", {"client": client.title, "version": fault.mended_in})
        for fault in client.parser_faults
        if fault.concerns(client.version_told)
    )
