"""`manage.py redact` as a filter."""

import io
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from probes.redaction.samples import expand

KEY = expand("sk-proj-<an48>", random.Random(6))
ROOT = Path(__file__).resolve().parents[3]


def redact(tmp_path: Path, content: bytes, *options: str) -> tuple[str, str]:
    """(stdout, stderr), where a failing command adds its last line to stderr."""
    file = tmp_path / "input"
    file.write_bytes(content)
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("redact", str(file), *options, stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"{error}\n")
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_text_comes_out_as_it_was_but_masked(tmp_path: Path) -> None:
    out, err = redact(
        tmp_path, f"一行\r\nkey={KEY}\n\xff".encode() + b"\xff\nend".replace(b"end", b"no newline")
    )

    assert out == f"一行\r\nkey=sk-proj-…{KEY[-4:]}\n\xff\ufffd\nno newline"
    assert err == ""


@pytest.mark.django_db
def test_json_lines_come_out_with_findings_and_a_bad_line_stops_nothing(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "a", "text": f"密钥 {KEY}"}),
        "not json",
        "[1]",
        '{"id": "c", "text": 3}',
        '{"id": "d", "text": "x\\ud800"}',
    ]

    out, err = redact(tmp_path, "\n".join(lines).encode() + b'\n{"text": "\xff"}\n', "--json")

    first, last = map(json.loads, out.splitlines())
    rule = "openai_project_key"
    assert first == {
        "id": "a",
        "text": f"密钥 sk-proj-…{KEY[-4:]}",
        "findings": [{"kind": rule, "start": 3, "end": 3 + len(KEY), "rule": rule}],
    }
    assert last == {"id": "d", "text": "x\ufffd", "findings": []}
    assert [line.split(":")[0] for line in err.splitlines()[:4]] == ["line 2", "line 3", "line 4", "line 6"]
    assert err.splitlines()[4].startswith("4 of the lines")


@pytest.mark.django_db
def test_a_missing_file_is_one_clear_line() -> None:
    with pytest.raises(CommandError, match="nowhere: No such file"):
        call_command("redact", "nowhere")


def test_it_needs_no_database_and_starts_none(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "redact"],
        input=f"key={KEY}\n".encode(),
        env={"PATH": "/usr/bin", "DESK_VAR": str(tmp_path / "var"), "LANG": "C"},
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert answer.stdout.decode() == f"key=sk-proj-…{KEY[-4:]}\n"
    assert (answer.returncode, answer.stderr) == (0, b"")
    assert not (tmp_path / "var").exists()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_text(tmp_path: Path) -> None:
    """The greatest resident size of `redact` on four megabytes, beside that on one."""
    one, four = (_peak_kilobytes(tmp_path, megabytes) for megabytes in (1, 4))

    assert four < one + 24 * 1024


def _peak_kilobytes(folder: Path, megabytes: int) -> int:
    script = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdin=sys.stdin, stdout=subprocess.DEVNULL, check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script, sys.executable, str(ROOT / "manage.py"), "redact"],
        input=b"an ordinary line without anything in it\n" * (megabytes * 25_000),
        env={"PATH": "/usr/bin", "DESK_VAR": str(folder / "var")},
        capture_output=True,
        timeout=300,
        check=True,
    )
    return int(answer.stdout)
