"""Judge labelled tickets against the lab: `python -m tests.bench.score_tickets CASES.jsonl [RESULT.jsonl]`.

A line is {"id", "declared", "endpoint_does", "expected"}; expected is {"class", "owner", "retry_dangerous"}.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from probes.lab.server import Lab
from tests.bench.lab_probe import behaviour_in, probe_facts
from triage.verdicts.case import Case, Resend
from triage.verdicts.classify import classify
from triage.verdicts.intake import read_intake


def judge(ticket: dict[str, Any], lab: Lab) -> dict[str, Any]:
    """The scorer's line of one ticket, with the verdict beside it."""
    now = datetime.now(UTC)
    intake = read_intake(ticket["declared"], now=now)
    behaviour = behaviour_in(ticket["endpoint_does"])
    protocol = "anthropic" if intake.protocol == "anthropic" else "openai_chat"
    attempts = (
        () if not behaviour or _unfit(behaviour, intake.is_media) else probe_facts(lab, behaviour, protocol)
    )
    verdict = classify(Case(intake=intake, attempts=attempts, now=now))
    return {
        "id": ticket["id"],
        "class": verdict.code,
        "owner": str(verdict.owner),
        "advise_retry": verdict.resend is Resend.SAFE,
        "confidence": str(verdict.confidence),
    }


def _unfit(behaviour: str, is_media: bool) -> bool:
    """Media tickets are only ever looked up, and only with a task id."""
    return is_media != behaviour.startswith("task_")


def main(cases: Path, result: Path | None) -> None:
    tickets = [json.loads(line) for line in cases.read_text("utf-8").splitlines() if line.strip()]
    with Lab() as lab, ThreadPoolExecutor(max_workers=12) as pool:
        rows = list(pool.map(lambda ticket: judge(ticket, lab), tickets))
    if result:
        result.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    print_score(tickets, rows)


def print_score(tickets: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    """How many classes and owners are right, how many dangerous retries were advised, and what missed."""
    classes = owners = dangerous = 0
    for ticket, row in zip(tickets, rows, strict=True):
        wanted = ticket["expected"]
        right, own = row["class"] in wanted["class"], row["owner"] in wanted["owner"]
        classes, owners = classes + right, owners + own
        dangerous += wanted["retry_dangerous"] and row["advise_retry"]
        if not (right and own):
            print(
                f"  {ticket['id']}: {row['class']}, {row['owner']}; not {wanted['class']}, {wanted['owner']}"
            )
    total = len(tickets)
    print(f"class {classes}/{total}, owner {owners}/{total}, dangerous retries advised {dangerous}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
