"""`manage.py redact --check`: for git hooks and CI."""

import io
import json
import random
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from probes.redaction.samples import expand

KEY = expand("sk-proj-<an48>", random.Random(6))
pytestmark = pytest.mark.django_db


def check(*arguments: str | Path) -> tuple[int, str, str]:
    """(exit status, stdout, stderr)."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("redact", "--check", *map(str, arguments), stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), f"{err.getvalue()}{error}\n"
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    file = tmp_path / "notes.txt"
    file.write_text(f"第一行\n  密钥 {KEY} and li@corp-x.cn\n", encoding="utf-8")
    return file


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    file = tmp_path / "clean.txt"
    file.write_text("request_id=req_0123456789abcdef status=502\n", encoding="utf-8")
    return file


def test_places_are_named_and_never_the_value(notes: Path) -> None:
    status, out, err = check(notes)

    assert status == 1
    assert out.splitlines() == [f"{notes}:2:6 openai_project_key", f"{notes}:2:{6 + len(KEY) + 5} email"]
    assert KEY[8:20] not in out + err
    assert err.startswith("2 found")


def test_nothing_found_is_status_0_and_silence(clean: Path) -> None:
    assert check(clean) == (0, "", "")


def test_every_file_of_several_is_checked(notes: Path, clean: Path) -> None:
    status, out, _ = check(clean, notes, clean)

    assert status == 1
    assert len(out.splitlines()) == 2


def test_objects_for_programs(notes: Path) -> None:
    status, out, _ = check(notes, "--json")

    assert status == 1
    assert json.loads(out.splitlines()[0]) == {
        "file": str(notes),
        "line": 2,
        "column": 6,
        "kind": "openai_project_key",
    }


def test_binary_files_are_skipped_with_a_word(tmp_path: Path, clean: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\0\0" + KEY.encode())

    assert check(picture, clean) == (0, "", f"{picture}: skipped, it is no text\n")


def test_a_file_that_cannot_be_read_is_bad_usage_and_not_a_finding(tmp_path: Path) -> None:
    status, out, err = check(tmp_path / "nowhere")

    assert (status, out) == (2, "")
    assert "nowhere: No such file" in err


def test_places_count_on_over_the_pieces_of_a_long_text(tmp_path: Path) -> None:
    file = tmp_path / "long.log"
    file.write_text("an ordinary line of a log\n" * 60_000 + f"x {KEY}\n", encoding="utf-8")

    assert check(file)[:2] == (1, f"{file}:60001:3 openai_project_key\n")
