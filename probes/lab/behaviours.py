"""Every behaviour of the lab, section by section, and how a model name asks for one."""

from collections.abc import Mapping

from probes.lab.behaviour import Behaviour
from probes.lab.sections import (
    conditional,
    edges,
    healthy,
    keys_and_money,
    limits,
    look_ups,
    odd_answers,
    refusals,
    servers,
    slow,
    streams,
    tasks,
    wrecks,
)

SECTIONS: Mapping[str, tuple[Behaviour, ...]] = {
    "Healthy, though some clients stumble": healthy.BEHAVIOURS,
    "Slow and held back": slow.BEHAVIOURS,
    "Broken streams": streams.BEHAVIOURS,
    "Odd 200s and redirects": odd_answers.BEHAVIOURS,
    "Requests refused": refusals.BEHAVIOURS,
    "Keys and money": keys_and_money.BEHAVIOURS,
    "Limits": limits.BEHAVIOURS,
    "Edges and proxies": edges.BEHAVIOURS,
    "Server faults": servers.BEHAVIOURS,
    "Only some requests": conditional.BEHAVIOURS,
    "Not quite HTTP": wrecks.BEHAVIOURS,
    "Free look-ups": look_ups.BEHAVIOURS,
    "Media tasks, by task id": tasks.BEHAVIOURS,
}

BEHAVIOURS: Mapping[str, Behaviour] = {row.name: row for rows in SECTIONS.values() for row in rows}


def parse_model(model: str) -> tuple[Behaviour, float] | None:
    """The behaviour and argument that a model name asks for; None for a model that the lab does not have."""
    name, _, arg = model.partition(":")
    behaviour = BEHAVIOURS.get(name)
    if behaviour is None:
        return None
    try:
        return behaviour, float(arg) if arg else behaviour.default
    except ValueError:
        return None
