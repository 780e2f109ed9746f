"""The lab's behaviours as tickets that a newcomer can file with one click."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from probes.lab.behaviour import Behaviour
from probes.lab.behaviours import SECTIONS

_TITLES: dict[str, Any] = {
    "Healthy, though some clients stumble": _("Healthy, though some clients stumble"),
    "Slow and held back": _("Slow and held back"),
    "Broken streams": _("Broken streams"),
    "Odd 200s and redirects": _("Odd 200s and redirects"),
    "Requests refused": _("Requests refused"),
    "Keys and money": _("Keys and money"),
    "Limits": _("Limits"),
    "Edges and proxies": _("Edges and proxies"),
    "Server faults": _("Server faults"),
    "Only some requests": _("Only some requests"),
    "Not quite HTTP": _("Not quite HTTP"),
    "Free look-ups": _("Free look-ups"),
    "Media tasks, by task id": _("Media tasks, by task ID"),
}


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    does: str
    expect: tuple[str, ...]


def sections(language: str, *, search: str = "") -> Iterator[tuple[str, list[Sample]]]:
    """Samples by what they are about; only those with every word of `search`, and no section without any."""
    words = search.casefold().split()
    for title, behaviours in SECTIONS.items():
        found = [_sample(behaviour, language) for behaviour in behaviours if _speaks_of(behaviour, words)]
        if found:
            yield str(_TITLES.get(title, title)), found


def _speaks_of(behaviour: Behaviour, words: Sequence[str]) -> bool:
    """By its name, what it does in either language, or a right verdict."""
    told = " ".join((behaviour.name, behaviour.english, behaviour.chinese, *behaviour.expect)).casefold()
    return all(word in told for word in words)


def ticket_for(behaviour: Behaviour, *, endpoint: str) -> dict[str, Any]:
    """What a ticket must say so that its probe meets this behaviour."""
    if "media_task" in behaviour.protocols:
        return {"endpoint": endpoint, "workload": "video", "task_id": f"{behaviour.name}_demo"}
    return {"endpoint": endpoint, "workload": "chat", "model": behaviour.name}


def _sample(behaviour: Behaviour, language: str) -> Sample:
    does = behaviour.chinese if language.startswith("zh") else behaviour.english
    return Sample(behaviour.name, does, behaviour.expect)
