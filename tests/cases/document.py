"""Write docs/verdicts.md: `python -m tests.cases.document`. The table comes from the codes and the cases."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.cases.labelled import case_of, labelled_cases
from triage.verdicts.case import Verdict
from triage.verdicts.classify import classify
from triage.verdicts.codes import FACT_SUPPLIERS, ISSUES, RULES_VERSION

PAGE = Path(__file__).parents[2] / "docs" / "verdicts.md"

Judged = tuple[dict[str, Any], Verdict]


def page() -> str:
    judged = [(row, classify(case_of(row))) for row in labelled_cases()]
    lines = [_row(code, judged) for code in ISSUES]
    head = PAGE.read_text("utf-8").partition(_MARK)[0]
    return (
        f"{head}{_MARK}\n\nRules {RULES_VERSION}, {len(judged)} cases.\n\n{_HEADER}\n"
        + "\n".join(lines)
        + "\n"
    )


_MARK = "<!-- generated below: python -m tests.cases.document -->"
_HEADER = (
    "| Class | Usual owner | Resend | Rests on | Overturned by | A case that reaches it | A near miss |\n"
    "|---|---|---|---|---|---|---|"
)


def _row(code: str, judged: list[Judged]) -> str:
    issue = ISSUES[code]
    reaching = [pair for pair in judged if pair[1].code == code]
    reaching = reaching or [pair for pair in judged if code in pair[1].findings]
    missing = [pair for pair in judged if pair[1].code != code]
    nearly = [pair for pair in missing if pair[0].get("nearly") == code]
    nearly = nearly or [pair for pair in missing if code in pair[1].alternatives]
    fact = f"{issue.overturned_by} ({FACT_SUPPLIERS[issue.overturned_by]})"
    cells = (f"`{code}`", issue.owner, issue.resend, _facts(reaching), fact, _case(reaching), _miss(nearly))
    return "| " + " | ".join(cells) + " |"


def _facts(reaching: list[Judged]) -> str:
    """The facts that verdicts of this class cite most."""
    cited: dict[str, int] = defaultdict(int)
    for _, verdict in reaching:
        for item in verdict.evidence:
            cited[f"{'declared ' if item.where == 'declared' else ''}{item.fact}"] += 1
    return ", ".join(sorted(cited, key=lambda name: (-cited[name], name))[:5])


def _case(reaching: list[Judged]) -> str:
    row, _ = min(reaching, key=lambda pair: len(_told(pair[0])))
    return f"{row['id']}: {_told(row)}"


def _miss(nearly: list[Judged]) -> str:
    row, verdict = min(nearly, key=lambda pair: len(_told(pair[0])))
    return f"{row['id']}: {_told(row)} → `{verdict.code}`"


def _told(row: dict[str, Any]) -> str:
    declared = row["declared"]
    words = [str(declared[name]) for name in ("status_code", "error_text", "notes") if declared.get(name)]
    does = _steps(row) or _ledger(row) or (row["endpoint_does"] or "nothing probed").split(":")[0]
    text = f"[{does}] {'; '.join(words)}".strip()
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")[:160]


def _ledger(row: dict[str, Any]) -> str:
    return f"the ledger says {row['charges']['code']}" if row.get("charges") else ""


def _steps(row: dict[str, Any]) -> str:
    """The steps of a case that brings its own facts, equal ones once."""
    return ", ".join(dict.fromkeys(facts["step"] for facts in row.get("attempts", ())))


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
