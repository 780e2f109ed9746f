"""Sums behind a verdict in the reader's language: what was worked out, and of which figures."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

SUMS: Mapping[str, Any] = {
    "own_limit": _("The timeout that the ticket names"),
    "client_limit": _("The client's own limit"),
    "client_waits": _("The client's own patience"),
    "hop_limit": _("The limit of a hop on the way"),
    "round_limit": _("A round time"),
    "requests_multiplied": _("Retries multiply the wait"),
    "wire_requests": _("Requests against rows"),
    "block_size": _("Size of the pieces"),
    "clock_apart": _("Clocks apart"),
    "server_clock": _("The server's clock"),
    "known_fault": _("Known of this client"),
    "id_of_another_time": _("The time in the request ID"),
    "id_of_another_zone": _("The time in the ID, and its zone"),
}
"""What each sum is called."""


def sum_text(name: str, value: Any) -> str:
    """The sum in one sentence; a sum of a shape that nobody knows any more shows its figures."""
    if not isinstance(value, Mapping):
        return str(value)
    try:
        return _TEXTS[name](value)
    except (KeyError, TypeError, ValueError):
        return ", ".join(f"{key} {figure}" for key, figure in value.items())


def span_text(seconds: float) -> str:
    """A limit as people say it: "90 s", "10 minutes", "2 hours"."""
    if seconds >= 7200 and seconds % 3600 == 0:
        hours = int(seconds // 3600)
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    if seconds >= 120 and seconds % 60 == 0:
        minutes = int(seconds // 60)
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return _seconds(seconds)


def _seconds(seconds: float) -> str:
    return gettext("%(n)s s") % {"n": f"{seconds:.10g}"}


def _own_limit(value: Mapping[str, Any]) -> str:
    words = gettext("%(seconds)s is the timeout of %(limit)s that the ticket names")
    return words % {"seconds": _seconds(value["seconds"]), "limit": _seconds(value["limit"])}


def _limit(words: Any) -> Callable[[Mapping[str, Any]], str]:
    def text(value: Mapping[str, Any]) -> str:
        return str(words) % {
            "seconds": _seconds(value["seconds"]),
            "limit": _seconds(value["limit"]),
            "whose": ", ".join(value["whose"]),
        }

    return text


def _round_limit(value: Mapping[str, Any]) -> str:
    if value.get("whose"):
        return _limit(_("%(seconds)s is %(limit)s on the dot: the default of %(whose)s"))(value)
    words = gettext("%(seconds)s is %(limit)s on the dot: somebody's limit, not chance")
    return words % {"seconds": _seconds(value["seconds"]), "limit": _seconds(value["limit"])}


def _client_waits(value: Mapping[str, Any]) -> str:
    return gettext("%(client)s sets no time limit by itself: somebody set one, or cut") % value


def _multiplied(value: Mapping[str, Any]) -> str:
    words = gettext("%(requests)s requests of up to %(timeout)s each, one after the other, make %(seconds)s")
    told = words % {
        "requests": value["requests"],
        "timeout": _seconds(value["timeout"]),
        "seconds": _seconds(value["seconds"]),
    }
    if "client" not in value:
        return told
    return gettext("%(sum)s; %(client)s does so by default") % {"sum": told, "client": value["client"]}


def _wire_requests(value: Mapping[str, Any]) -> str:
    if value["at_least"] == value["at_most"]:
        return gettext("%(rows)s rows for %(at_most)s requests on the wire") % value
    return gettext("%(rows)s rows for %(at_least)s to %(at_most)s requests on the wire") % value


def _block_size(value: Mapping[str, Any]) -> str:
    words = gettext("%(pieces)s pieces of %(kb)s KB: a buffer such as that of %(whose)s")
    kilobytes = value["bytes"] // 1024
    return words % {"pieces": value["pieces"], "kb": kilobytes, "whose": ", ".join(value["whose"])}


def _clock_apart(value: Mapping[str, Any]) -> str:
    return gettext("the two times in the error lie %(seconds)s apart") % {
        "seconds": _seconds(value["seconds"])
    }


def _server_clock(value: Mapping[str, Any]) -> str:
    off = abs(value["seconds"])
    if off <= 5:
        return gettext("right to %(seconds)s by the desk's clock") % {"seconds": _seconds(max(off, 1))}
    return gettext("%(seconds)s off by the desk's clock") % {"seconds": _seconds(off)}


def _id_time(words: Any) -> Callable[[Mapping[str, Any]], str]:
    def text(value: Mapping[str, Any]) -> str:
        made, told = (datetime.fromisoformat(value[name]) for name in ("made", "told"))
        shape = "%H:%M" if made.date() == told.date() else "%Y-%m-%d %H:%M"
        return str(words) % {"made": f"{made:{shape}}", "told": f"{told:{shape}}"}

    return text


_TEXTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "own_limit": _own_limit,
    "client_limit": _limit(_("%(seconds)s is what %(whose)s waits by default: %(limit)s")),
    "hop_limit": _limit(_("%(seconds)s is the default limit of %(whose)s on the way: %(limit)s")),
    "round_limit": _round_limit,
    "client_waits": _client_waits,
    "requests_multiplied": _multiplied,
    "wire_requests": _wire_requests,
    "block_size": _block_size,
    "clock_apart": _clock_apart,
    "server_clock": _server_clock,
    "id_of_another_time": _id_time(
        _("the ID is from %(made)s, the ticket says %(told)s: it is another request")
    ),
    "id_of_another_zone": _id_time(
        _("the ID is from %(made)s, the ticket says %(told)s: another request, or another zone")
    ),
}
