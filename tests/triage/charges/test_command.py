"""The doors of the ledger, as a program uses them."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db

HEADER = "charge_id,task_id,account,model,kind,amount,currency,created_at,fingerprint,ref_charge_id\n"


def run(capsys: Any, *arguments: str) -> list[dict[str, Any]]:
    call_command("charges", *arguments, "--json")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def ledger(folder: Path, *rows: str) -> str:
    path = folder / "ledger.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return str(path)


def test_same_file_twice_changes_nothing(tmp_path: Path, capsys: Any) -> None:
    path = ledger(tmp_path, "c1,t1,u1,m,charge,0.9,USD,2026-01-05T08:00:00Z,,", "c2,t1,u1,m,charge,0.9,USD,2026-01-05T09:00:00Z,,")
    (first,) = run(capsys, "import", path, "--source", "s")
    (second,) = run(capsys, "import", path, "--source", "s")
    assert (first["read"], first["new"]) == (2, 2)
    assert (second["new"], second["changed"], second["unchanged"]) == (0, 0, 2)
