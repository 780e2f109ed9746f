"""What a client is known to do by itself, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from triage.tickets.wording.sums import span_text
from triage.verdicts.clients.habits import Habit, known_habits

HABITS: Mapping[str, Any] = {
    "repeats_waits": gettext_lazy(
        "%(client)s: one call may be %(requests)s requests, and each waits up to %(time)s."
    ),
    "repeats_waits_for_ever": gettext_lazy(
        "%(client)s: one call may be %(requests)s requests, and none has a time limit."
    ),
    "repeats": gettext_lazy("%(client)s: one call may be %(requests)s requests."),
    "sends_once_waits": gettext_lazy("%(client)s sends once and waits up to %(time)s."),
    "sends_once_waits_for_ever": gettext_lazy("%(client)s sends once and sets no time limit by itself."),
    "sends_once": gettext_lazy("%(client)s sends once: it repeats nothing by itself."),
    "waits": gettext_lazy("%(client)s waits up to %(time)s for one request."),
    "waits_for_ever": gettext_lazy("%(client)s sets no time limit by itself."),
    "gives_up_on_silence": gettext_lazy("It gives up on a stream that is silent for %(time)s."),
    "misreads_heartbeats": gettext_lazy("It takes heartbeats for broken data."),
    "misreads_heartbeat_after_id": gettext_lazy(
        "It fails on a heartbeat that comes after an event with an ID."
    ),
    "misreads_many_heartbeats": gettext_lazy("It gives up after hundreds of heartbeats in a row."),
    "misreads_heartbeats_do_not_count": gettext_lazy("Heartbeats do not keep it waiting; only data does."),
    "misreads_latin1_without_charset": gettext_lazy(
        "Where the answer names no charset it reads Latin-1, and Chinese comes out garbled."
    ),
    "misreads_unicode_line_ends": gettext_lazy(
        "It takes rare Unicode line ends inside a text for the end of an event's line."
    ),
}
"""One sentence for each habit."""


def habits_of(client: str, version: str = "", *, timeout_s: float | None = None) -> list[str]:
    """What the client that support typed does by itself, a sentence each; empty for an unknown one.

    A time limit that the ticket gives holds in the place of the client's own.
    """
    return [habit_text(habit) for habit in known_habits(client, version, timeout_s=timeout_s)]


def habit_text(habit: Habit) -> str:
    values = dict(habit.params)
    if "seconds" in values:
        values["time"] = span_text(float(values["seconds"]))
    told = str(HABITS[habit.code]) % values
    if not values.get("version"):
        return told
    return _("%(habit)s Mended in %(version)s.") % {"habit": told, "version": values["version"]}


def fault_text(fault: Any) -> str:
    """A fault that the client is known for, as evidence: its name, and the version that mended it."""
    told = fault if isinstance(fault, Mapping) else {"about": str(fault)}
    known = Habit(f"misreads_{told.get('about')}", {"version": told.get("mended_in", "")})
    return (
        f"{told.get('client', '')}: {habit_text(known)}" if known.code in HABITS else str(told.get("about"))
    )
