"""The labelled cases of this folder, with facts of their own or those that the lab showed for them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from probes.wire.facts import Facts
from tests.bench.lab_probe import behaviour_in
from triage.verdicts.case import Case, Intake
from triage.verdicts.intake import read_intake
from triage.verdicts.judging import read_case

FOLDER = Path(__file__).parent
FACTS_FILE = FOLDER / "facts.json"
NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


def labelled_cases() -> Iterator[dict[str, Any]]:
    """{"id", "declared", "endpoint_does" or "attempts", "expected": {"class", "owner", …}, "file", …}.

    Some have `charges`, what the ledger says, and `nearly`, a class that one fact keeps them from.
    """
    for file in sorted(FOLDER.glob("*.jsonl")):
        yield from (json.loads(line) | {"file": file.stem} for line in file.read_text("utf-8").splitlines())


def behaviour_and_protocol(labelled: dict[str, Any]) -> tuple[str, str] | None:
    """What a run would ask the lab for; None where nothing may be probed."""
    intake = intake_of(labelled)
    behaviour = behaviour_in(labelled["endpoint_does"])
    if not behaviour or intake.is_media != behaviour.startswith("task_"):
        return None
    return behaviour, "anthropic" if intake.protocol == "anthropic" else "openai_chat"


def case_of(labelled: dict[str, Any]) -> Case:
    """The case with its own facts, or those recorded for what its endpoint does: no network."""
    asked = behaviour_and_protocol(labelled)
    recorded = _recorded()[f"{asked[0]} {asked[1]}"] if asked else []
    attempts = labelled.get("attempts", recorded)
    return Case(
        intake=intake_of(labelled),
        attempts=tuple(map(Facts.from_dict, attempts)),
        charges=read_case(labelled, now=NOW).charges,
        now=NOW,
    )


def intake_of(labelled: dict[str, Any]) -> Intake:
    return read_intake(labelled["declared"], now=NOW)


@cache
def _recorded() -> dict[str, list[dict[str, Any]]]:
    return json.loads(FACTS_FILE.read_text("utf-8"))
