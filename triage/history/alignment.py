"""The requests of several runs beside each other: each with its like in the others."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from triage.history.record import Record
from triage.tickets.steps import Request

Key = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Aligned:
    """One request of the plans and how it went in each run; None where a run has no such request."""

    title: str
    requests: tuple[Request | None, ...]

    @property
    def is_common(self) -> bool:
        """Whether at least two runs sent it."""
        return sum(request is not None and not request.facts.skipped for request in self.requests) > 1


def aligned(records: Sequence[Record]) -> list[Aligned]:
    """In the order of sending; what only later runs asked comes after."""
    keyed = [dict(_keyed(record)) for record in records]
    keys = list(dict.fromkeys(key for requests in keyed for key in requests))
    return [_row(key, [requests.get(key) for requests in keyed]) for key in keys]


def _keyed(record: Record) -> Iterator[tuple[Key, Request]]:
    """By kind, route and place among its kind; the model tells apart only those that ask another one."""
    so_far = Counter[tuple[str, str, str]]()
    for request in record.begun:
        step = request.step
        kind = (step.kind, step.route, step.model if step.kind == "model" else "")
        so_far[kind] += 1
        yield (*kind, so_far[kind]), request


def _row(key: Key, requests: list[Request | None]) -> Aligned:
    """Named as the run names it that has most of this kind, so that numbers stay."""
    names = [request.name for request in requests if request]
    name = max(names, key=lambda name: len(name.title))
    is_noted = key[0] in ("route", "model") and name.note
    return Aligned(f"{name.title} ({name.note})" if is_noted else name.title, tuple(requests))
