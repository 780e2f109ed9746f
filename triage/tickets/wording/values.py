"""The value of a fact as a person would say it: durations, times, yes and no, codes in words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext

from probes.wire.dialects.base import STREAMED
from probes.wire.facts import EndMode
from triage.charges.money import sums_text
from triage.people.clock import clock_text
from triage.tickets.relevance import SYMPTOM_WORDS
from triage.tickets.wording.charges import AGREEMENTS, CHARGES
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.habits import fault_text
from triage.tickets.wording.outcomes import BODY_KINDS, DOUBLINGS, ENDS, FAILURES, TASK_STATUSES
from triage.tickets.wording.refusals import NOT_PROBED, SKIPS
from triage.tickets.wording.steps import ROUTE_PLACES
from triage.tickets.wording.sums import SUMS, sum_text


def fact_text(name: str, value: Any, *, step: str = "stream") -> str:
    """What a fact says; its step decides how nothing is said, and whether an end is a finding."""
    if name == "end_mode" and step not in STREAMED and value in (EndMode.DONE, EndMode.CLEAN_EOF):
        return gettext("answer complete")  # only streams have an end marker
    if value in (None, "", (), []):
        return _nothing_text(name, value, step)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name.endswith("_ms") and isinstance(value, int | float):
        return seconds_text(value)
    return _TELLERS.get(name, _plain_text)(value)


def seconds_text(ms: float | None) -> str:
    """A duration at the precision that a reader can use: "12 ms", "0.42 s", "61 s"."""
    if ms is None:
        return ""
    if ms < 100:
        return f"{ms:.0f}\N{NO-BREAK SPACE}ms"
    return f"{ms / 1000:.{2 if ms < 10_000 else 1}f}\N{NO-BREAK SPACE}s"


def moment_text(told: Any) -> str:
    """A time as a fact keeps it, in the desk's zone; as it was told when it names none."""
    at = _time(told)
    return clock_text(at) if at else _plain_text(told)


def _nothing_text(name: str, value: Any, step: str) -> str:
    """Where nothing failed and where the ledger has no row, that is an answer; elsewhere nobody knows."""
    answers = step == "ledger" or (name == "failure" and value is None)
    return gettext("none") if answers else gettext("not seen")


def _plain_text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _coded_text(table: Mapping[str, Any], value: Any) -> str:
    return in_words(table, str(value))


def _excess_text(amounts: Mapping[str, Any]) -> str:
    return sums_text({unit: Decimal(amount) for unit, amount in amounts.items()})


def _beside_usual_text(told: Mapping[str, Any]) -> str:
    return gettext("%(seen)s; this endpoint's P90 is %(p90)s (%(n)s measurements)") % {
        "seen": seconds_text(told["seen_ms"]),
        "p90": seconds_text(told["p90_ms"]),
        "n": told["runs"],
    }


def _counts_text(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} \N{MULTIPLICATION SIGN}{count}" for kind, count in counts.items())


def _bursts_text(bursts: list[tuple[float, int]]) -> str:
    return ", ".join(f"{seconds_text(at)}: {size} B" for at, size in bursts)


def _quoted(said: Any) -> str:
    """Somebody's words, or the words of the symptom that stands for them."""
    words = str(said)
    return in_words(SYMPTOM_WORDS, words) if words in SYMPTOM_WORDS else f"“{words}”"


def _chain_text(hops: list[tuple[str, str, str]]) -> str:
    return ", ".join(_hop_text(*hop) for hop in hops)


def _hop_text(place: str, request_id: str, made_at: str) -> str:
    """One hop's ID: where it stood and, where the ID tells it, when it was made."""
    told = f"{place}: {request_id}"
    if not made_at:
        return told
    at = _time(made_at)
    time = clock_text(at) if at else gettext("%(time)s, in a zone that is not known") % {"time": made_at}
    return gettext("%(id)s, made at %(time)s") % {"id": told, "time": time}


def _time(value: Any) -> datetime | None:
    """A fact's time, which rows keep as ISO 8601; None for what a vendor wrote in another way."""
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at if at.tzinfo else None


_CODED: Mapping[str, Mapping[str, Any]] = {
    "failure": FAILURES,
    "end_mode": ENDS,
    "skipped": SKIPS,
    "body_kind": BODY_KINDS,
    "task_status": TASK_STATUSES,
    "task_inner_status": TASK_STATUSES,
    "doubled": DOUBLINGS,
    "route_place": ROUTE_PLACES,
    "symptom": SYMPTOM_WORDS,
    "not_probed": NOT_PROBED,
    "finding": CHARGES,
    "agreement": AGREEMENTS,
}
_TIMES = (
    *("covered_until", "occurred_at", "retry_at", "task_submitted_at", "task_expires_at"),
    *("last_well_at", "opened_at"),
)
_TELLERS: Mapping[str, Callable[[Any], str]] = {
    **{name: partial(sum_text, name) for name in SUMS},
    **{name: partial(_coded_text, table) for name, table in _CODED.items()},
    **dict.fromkeys(_TIMES, moment_text),
    "known_fault": fault_text,
    **dict.fromkeys(("first_content_beside_usual", "first_byte_beside_usual"), _beside_usual_text),
    "excess": _excess_text,
    "failed_as": _counts_text,
    "words": _quoted,
    "bursts": _bursts_text,
    "id_chain": _chain_text,
}
