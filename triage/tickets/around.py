"""What was known around a ticket when it was judged: its endpoint's health, tickets alike, an incident."""

from collections.abc import Mapping
from dataclasses import dataclass

from triage.tickets.models import Investigation
from triage.verdicts.case import Health, KnownIncident, Similar, Usual
from triage.verdicts.playbooks import Playbooks, title_of
from triage.verdicts.surroundings import surroundings_from_dict


@dataclass(frozen=True, slots=True)
class Counted:
    """A class with how many runs or tickets were of it; `accounts` are the customers among them."""

    code: str
    title: str
    count: int
    accounts: int = 0


@dataclass(frozen=True, slots=True)
class Around:
    health: Health | None
    met: list[Counted]  # what the endpoint's own runs met
    similar: Similar | None
    alike: list[Counted]  # the other tickets, by class
    incident: KnownIncident | None
    usual: Usual | None

    def __bool__(self) -> bool:
        return bool(self.health or self.similar or self.incident or self.usual)


def around_of(investigation: Investigation, *, language: str, playbooks: Playbooks) -> Around:
    """Empty where nothing was known, or nobody had looked."""
    known = surroundings_from_dict(investigation.surroundings)
    health, similar = known.health, known.similar
    accounts = similar.accounts if similar else {}

    def counted(by_code: Mapping[str, int]) -> list[Counted]:
        in_order = sorted(by_code.items(), key=lambda pair: (-pair[1], pair[0]))
        return [
            Counted(code, title_of(code, language, playbooks=playbooks), count, accounts.get(code, 0))
            for code, count in in_order
        ]

    return Around(
        health=health,
        met=counted(health.codes) if health else [],
        similar=similar,
        alike=counted(similar.tickets) if similar else [],
        incident=known.incident,
        usual=known.usual,
    )
