"""A ledger's findings in the shape that a scorer of labelled ledgers reads.

    python -m tests.bench.ledger_result FILE > result.json

takes FILE into a new ledger, on throw-away servers, through the commands that anybody would use.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., list[dict[str, Any]]]


def result_of(path: str, *, run: Run) -> dict[str, Any]:
    """`run` takes the arguments of `manage.py charges` and returns what it prints, line by line."""
    (report,) = run("import", path, "--source", "scored")
    found: dict[str, list[dict[str, Any]]] = {}
    for line in run("duplicates", "--source", "scored"):
        found.setdefault(line["finding"], []).append(line)
    return {
        "duplicates": found.get("charge.duplicate", []),
        "repeat_submissions": found.get("charge.double_submit", []),
        "reexports": [charge for line in found.get("charge.reexport", []) for charge in line["charge_ids"]],
        "rejected_rows": [row["row"] for row in report["rejected_rows"]],
        "totals": found["ledger.totals"][0]["totals"],
    }


def main(path: str) -> None:
    with tempfile.TemporaryDirectory(prefix="desk-score-") as folder:
        Path(folder).chmod(0o755)
        environ = {**os.environ, "DESK_VAR": folder}

        def run(*arguments: str) -> list[dict[str, Any]]:
            command = [sys.executable, str(ROOT / "manage.py"), "charges", *arguments, "--json"]
            done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True)
            return [json.loads(line) for line in done.stdout.splitlines()]

        print(json.dumps(result_of(path, run=run), ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1])
