"""The doors of the ledger, as a program uses them."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.bench.ledger_result import result_of
from tests.triage.charges.generator import OUR_KEY, Ledger, write_csv
from triage.charges.demo import load_demo_ledger
from triage.charges.models import LedgerSource

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_VAR", str(tmp_path / "var"))


@pytest.fixture
def run(capsys: Any) -> Any:
    """`manage.py charges … --json`, and what it prints line by line."""

    def run(*arguments: str) -> list[dict[str, Any]]:
        call_command("charges", *arguments, "--json")
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def test_a_ledger_from_file_to_findings(run: Any, tmp_path: Path) -> None:
    ledger = Ledger(8).fill(500)
    path = write_csv([*ledger.rows, ledger.rows[0]], tmp_path / "ledger.csv")
    LedgerSource.objects.create(slug="scored", probe_payers=[OUR_KEY])
    result = result_of(str(path), run=run)
    assert len(result["duplicates"]) == len(ledger.truth.duplicates)
    assert {frozenset(found["task_ids"]) for found in result["repeat_submissions"]} == ledger.truth.repeats
    assert result["reexports"] == [ledger.rows[0]["charge_id"]]
    assert result["totals"].keys() == ledger.truth.totals.keys()


def test_one_task(run: Any) -> None:
    load_demo_ledger(timezone.now())
    (finding,) = run("check", "task_demo_duplicate", "--account", "demo-account")
    assert finding["finding"] == "charge.duplicate"
    assert finding["task_id"] == "task_demo_duplicate"
    assert finding["charge_ids"] == ["demo_2", "demo_3"]
    assert finding["excess"] == {"USD": "0.9"}
    assert finding["net"] == {"USD": "1.8"}


def test_an_account_that_the_ledger_keeps_masked(run: Any, tmp_path: Path) -> None:
    ledger = Ledger(9)
    ledger.duplicate()
    person = "wei.zhang@example.com"
    run(
        "import",
        str(write_csv([row | {"account": person} for row in ledger.rows], tmp_path / "l")),
        "--source",
        "s",
    )
    task_id = ledger.rows[0]["task_id"]
    for account in (person, "[email]"):
        (finding,) = run("check", task_id, "--account", account)
        assert finding["finding"] == "charge.duplicate"
    assert person not in json.dumps(finding)


def test_findings_of_every_ledger_in_words(capsys: Any) -> None:
    load_demo_ledger(timezone.now())
    call_command("charges", "duplicates")
    out = capsys.readouterr().out
    assert "charge.duplicate: task_id task_demo_duplicate" in out
    assert "ledger.totals: source demo" in out


def test_a_mapping_may_be_inline_or_a_file(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("no,who,sum,when\n1,u1,0.5,2026-01-05T08:00:00Z\nx,u1,,2026-01-05T08:00:00Z\n")
    mapping = {
        "charge_id": "no",
        "account": "who",
        "amount": "sum",
        "currency": "=USD",
        "occurred_at": "when",
    }
    file = tmp_path / "mapping.json"
    file.write_text(json.dumps(mapping))
    for given in (json.dumps(mapping), str(file)):
        (report,) = run("import", str(path), "--source", "s", "--mapping", given)
    assert (report["unchanged"], report["rejected"]) == (1, 1)
    assert report["rejected_rows"][0]["reason"] == "empty, but needed"
    assert Path(report["rejected_file"]).is_file()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("import", "absent.csv", "--source", "s"), "absent.csv"),
        (("import", "{file}", "--source", "s"), "currency"),
        (("import", "{file}", "--source", "s", "--zone", "Mars"), "Mars"),
        (("duplicates", "--source", "nowhere"), "nowhere"),
    ],
)
def test_what_fails_says_why_in_one_line(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("id,account,amount,time\n")
    with pytest.raises(CommandError, match=says) as failed:
        call_command("charges", *(argument.format(file=path) for argument in arguments))
    assert failed.value.returncode == 1
    assert "\n" not in str(failed.value)
    assert not LedgerSource.objects.exists()


def test_a_key_is_no_name_for_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="looks like a secret"):
        call_command("charges", "import", str(tmp_path / "a.csv"), "--source", "sk-" + "9f8e7d6c5b4a3928" * 2)
    assert not LedgerSource.objects.exists()


def test_a_place_for_rejected_rows_that_cannot_be_written_takes_nothing_in(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    ledger.write_text(
        "charge_id,account,kind,amount,currency,time\nc1,u1,charge,much,USD,2026-01-05 08:00:00\n"
    )

    with pytest.raises(CommandError, match="Is a directory"):
        call_command("charges", "import", str(ledger), "--source", "s", "--rejected", str(tmp_path))

    assert not LedgerSource.objects.exists()


@pytest.mark.parametrize(
    "mapping", ["{", "[]", "nowhere.json", '{"amount": 1}', '{"model": "=\\u0000"}', '{"a":' * 5000]
)
def test_a_mapping_that_is_none(mapping: str) -> None:
    with pytest.raises(CommandError, match="--mapping"):
        call_command("charges", "import", "x.csv", "--source", "s", "--mapping", mapping)


ROWS = "charge_id,account,task_id,amount,currency,time\nc1,u1,{task},0.5,USD,2026-01-05T08:00:00Z\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.csv"
    path.write_text(ROWS.format(task="t1"))
    return path


def test_a_preview_knows_the_very_same_file(run: Any, ledger: Path, capsys: Any) -> None:
    (first,) = run("import", str(ledger), "--source", "s")
    (preview,) = run("import", str(ledger), "--source", "s", "--preview")

    assert (preview["import"], preview["unchanged"]) == (None, 1)
    assert preview["same_file"]["import"] == first["import"]
    call_command("charges", "import", str(ledger), "--source", "s", "--preview")
    out = capsys.readouterr().out
    assert f"as import {first['import']}\n" in out
    assert "a preview: nothing was kept" in out
    assert len(run("imports")) == 1


def test_imports_are_listed_and_undone(run: Any, ledger: Path) -> None:
    (first,) = run("import", str(ledger), "--source", "s", "--covered-until", "2026-01-06T00:00:00+08:00")
    run("import", str(ledger), "--source", "s")
    listed = run("imports", "--source", "s")
    assert [(line["state"], line["new"], line["unchanged"]) for line in listed] == [
        ("done", 0, 1),
        ("done", 1, 0),
    ]
    assert listed[1]["covered_until"] == "2026-01-05T16:00:00+00:00"

    with pytest.raises(CommandError, match=f"undo first: {listed[0]['import']}"):
        run("undo", str(first["import"]))
    for line in listed:
        (undone,) = run("undo", str(line["import"]))
        assert undone["state"] == "undone"
    with pytest.raises(CommandError, match="its state is undone"):
        run("undo", str(first["import"]))
    with pytest.raises(CommandError, match="There is no import 0"):
        run("undo", "0")


def test_a_task_id_that_is_a_key_finds_its_rows_and_is_not_shown(run: Any, ledger: Path) -> None:
    key = "sk-proj-" + "a1B2c3D4e5" * 5
    ledger.write_text(ROWS.format(task=key))
    run("import", str(ledger), "--source", "s")

    (found,) = run("check", key, "--account", "u1")
    (missing,) = run("check", key.swapcase(), "--request-id", key)

    assert found["finding"] == "charge.single"
    assert missing["finding"] == "charge.no_rows"
    assert key[8:30] not in json.dumps([found, missing])
