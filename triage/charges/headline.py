"""A charge finding in one line: how many tasks and charges, and the sum that matters."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from triage.charges.finding import ChargeCode, ChargeFinding, Event, EventKind, TaskStory
from triage.charges.money import sums_text
from triage.charges.status import BILLED

UNDECIDED = (ChargeCode.NO_ROWS, ChargeCode.CONFLICT, ChargeCode.CANNOT_TELL)
"""Findings whose rows do not say enough to call one of them too much."""


def headline(finding: ChargeFinding) -> str:
    """Such as "1 task, 2 charges, 0.24 CNY likely too much"; empty where the rows do not decide."""
    stories, _probes = apart(finding.story)
    events = [event for story in stories for event in story.events]
    if not events or finding.code in UNDECIDED:
        return ""
    parts = [_tasks_text(stories), _charges_text(events), _money_text(finding, events)]
    return _(", ").join(part for part in parts if part)


def _tasks_text(stories: Sequence[TaskStory]) -> str:
    tasks = sum(bool(story.task_id) for story in stories)
    if tasks:
        return ngettext("%(n)d task", "%(n)d tasks", tasks) % {"n": tasks}
    requests = len({event.request_id for story in stories for event in story.events} - {""})
    return ngettext("%(n)d request", "%(n)d requests", requests) % {"n": requests} if requests else ""


def _charges_text(events: Sequence[Event]) -> str:
    charges = sum(event.kind in BILLED for event in events)
    holds = sum(event.kind is EventKind.HOLD for event in events)
    told = []
    if charges:
        told.append(ngettext("%(n)d charge", "%(n)d charges", charges) % {"n": charges})
    if holds:
        told.append(ngettext("%(n)d hold", "%(n)d holds", holds) % {"n": holds})
    return _(", ").join(told)


def _money_text(finding: ChargeFinding, events: Sequence[Event]) -> str:
    words, amounts = _what_matters(finding, events)
    return words % {"amount": sums_text(amounts, quota_per_unit=finding.quota_per_unit)} if amounts else ""


def _what_matters(finding: ChargeFinding, events: Sequence[Event]) -> tuple[str, Mapping[str, Decimal]]:
    """The sum that the reader asks for, and the words around it."""
    if excess := {unit: amount for unit, amount in finding.excess.items() if amount}:
        return _("%(amount)s likely too much"), excess
    if finding.over_returned:
        return _("%(amount)s came back too much"), finding.over_returned
    if again := _sums(event for event in events if event.kind is EventKind.RESUBMISSION):
        return _("%(amount)s for what was sent again"), again
    if finding.code is ChargeCode.FAILED_UNREFUNDED:
        return _("%(amount)s not returned"), finding.net
    return _("%(amount)s in all"), finding.net


def _sums(events: Iterable[Event]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for event in events:
        sums[event.currency] = sums.get(event.currency, Decimal(0)) + event.amount
    return sums


def apart(stories: Iterable[TaskStory]) -> tuple[list[TaskStory], list[TaskStory]]:
    """The customer's stories, and those of our own probes."""
    customers: list[TaskStory] = []
    probes: list[TaskStory] = []
    for story in stories:
        own = story.events and all(event.kind is EventKind.OWN_PROBE for event in story.events)
        (probes if own else customers).append(story)
    return customers, probes
