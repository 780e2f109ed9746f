"""What a draft would make of the last verdicts of its class: how their texts read now and then."""

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field, fields
from typing import Any, cast

from triage.playbooks.checks import FOR_HELP
from triage.playbooks.differences import Part, sides
from triage.playbooks.listing import issue_of
from triage.playbooks.standing import Playbook
from triage.playbooks.wording import TEXTS
from triage.tickets.models import Investigation
from triage.verdicts.case import Confidence, Evidence, Verdict
from triage.verdicts.codec import verdict_from_dict
from triage.verdicts.playbooks import (
    HELD_BACK_WORDS,
    LANGUAGES,
    PARAMETERS,
    Words,
    left_out,
    parameters_of,
    values_for,
    words_code,
    words_for,
)

LAST = 100  # verdicts that are looked at
MOST_SHOWN = 12  # different outcomes


@dataclass(frozen=True, slots=True)
class Reading:
    """One text of one language, filled: as it reads now and as it would, and what would be left out of it."""

    language: str
    name: str
    before: tuple[Part, ...]
    after: tuple[Part, ...]
    dropped: tuple[str, ...]

    @property
    def label(self) -> Any:
        return TEXTS[self.name]

    @property
    def is_changed(self) -> bool:
        return any(part.kind != "same" for part in (*self.before, *self.after))


@dataclass(slots=True)
class Outcome:
    """Verdicts whose texts come out alike; `made_up` for none that was stored."""

    readings: tuple[Reading, ...]
    values: Mapping[str, Any]
    made_up: str = ""  # "all" or "none" of the parameters known
    investigations: list[Investigation] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return any(reading.is_changed for reading in self.readings)


@dataclass(frozen=True, slots=True)
class Preview:
    looked_at: int
    changed: int
    outcomes: tuple[Outcome, ...]
    unshown: int


def preview(code: str, now: Playbook, then: Playbook) -> Preview:
    """The last concluded investigations under both, alike ones together, and two that are made up."""
    found: dict[Any, Outcome] = {}
    stored = list(_last_of(code))
    for investigation, verdict in stored:
        read = _Read.of(code, verdict, now, then)
        if read not in found:
            found[read] = _outcome(read, verdict, now, then)
        found[read].investigations.append(investigation)
    outcomes = sorted(found.values(), key=lambda outcome: not outcome.is_changed)
    return Preview(
        looked_at=len(stored),
        changed=sum(len(outcome.investigations) for outcome in outcomes if outcome.is_changed),
        outcomes=(*outcomes[:MOST_SHOWN], *_made_up(code, now, then)),
        unshown=max(0, len(outcomes) - MOST_SHOWN),
    )


def _last_of(code: str) -> Iterator[tuple[Investigation, Verdict]]:
    rows = Investigation.objects.filter(verdict_code=issue_of(code).code, concluded_at__isnull=False)
    for row in rows.select_related("ticket").order_by("-concluded_at")[:LAST]:
        verdict = verdict_from_dict(cast(dict[str, Any], row.verdict))
        if words_code(verdict) == code:
            yield row, verdict


@dataclass(frozen=True, slots=True)
class _Read:
    """What a verdict reads like under both: cheap to make and to compare, since differences are neither."""

    before: tuple[Words, ...]  # by language, as in LANGUAGES
    after: tuple[Words, ...]
    dropped: tuple[tuple[str, ...], ...]  # of each text in turn

    @classmethod
    def of(cls, code: str, verdict: Verdict, now: Playbook, then: Playbook) -> "_Read":
        return cls(
            tuple(words_for(verdict, language, playbooks={code: now}) for language in LANGUAGES),
            tuple(words_for(verdict, language, playbooks={code: then}) for language in LANGUAGES),
            tuple(_dropped(verdict, name, language, then) for language, name in _SHOWN),
        )


_SHOWN = tuple((language, f.name) for language in LANGUAGES for f in fields(Words) if f.name not in FOR_HELP)


def _dropped(verdict: Verdict, name: str, language: str, then: Playbook) -> tuple[str, ...]:
    return tuple(left_out(getattr(then[language], name), values_for(verdict, name, language)))


def _outcome(read: _Read, verdict: Verdict, now: Playbook, then: Playbook) -> Outcome:
    readings = []
    for (language, name), dropped in zip(_SHOWN, read.dropped, strict=True):
        side = LANGUAGES.index(language)
        before, after = getattr(read.before[side], name), getattr(read.after[side], name)
        readings.append(Reading(language, name, *sides(before, after), dropped))
    return Outcome(tuple(readings), _values_used(verdict, now, then))


def _values_used(verdict: Verdict, *playbooks: Playbook) -> Mapping[str, Any]:
    """Of the verdict's parameters those that some text names."""
    texts = (text for playbook in playbooks for words in playbook.values() for text in astuple(words))
    named = {name for text in texts for name in parameters_of(text)}
    return {name: value for name, value in verdict.params.items() if name in named}


def _made_up(code: str, now: Playbook, then: Playbook) -> Iterator[Outcome]:
    """One verdict that knows every parameter and one that knows none."""
    for name, values in (("all", PARAMETERS), ("none", {})):
        verdict = _verdict_of(code, values)
        outcome = _outcome(_Read.of(code, verdict, now, then), verdict, now, then)
        outcome.made_up = name
        yield outcome


def _verdict_of(code: str, values: Mapping[str, str]) -> Verdict:
    known = issue_of(code)
    held_back = Evidence("desk", "not_probed", "kill_switch") if code == HELD_BACK_WORDS else None
    measured = Evidence("stream", "status", 200)
    return Verdict(
        code=known.code,
        confidence=Confidence.LIKELY,
        owner=known.owner,
        evidence=(held_back or measured,),
        resend=known.resend,
        params={name: value for name, value in values.items() if name != "again"},
    )
