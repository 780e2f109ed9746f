"""What every door does before its command: servers, keys, tables, or one line that says why not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.supervision.desk import a_var_folder, all_gone, manage, processes_of

COUNT_PEOPLE = (
    "shell",
    "-v",
    "0",
    "-c",
    "from django.contrib.auth.models import User; print(User.objects.count())",
)
PRODUCTION = {
    "SECRET_KEY": "made-up-for-this-test-" + "aB3-" * 10,
    "PROBE_KEY_KEK": "bWFkZSB1cCBmb3IgdGhpcyB0ZXN0LCAzMiBieXRlcyE=",
    "REDACTION_PEPPER": "made-up",
}


@pytest.fixture
def var() -> Iterator[Path]:
    with a_var_folder() as folder:
        yield folder


def test_a_door_on_an_empty_folder_makes_its_tables_and_leaves_no_process(var):
    door = manage(var, *COUNT_PEOPLE)

    assert (door.stdout, door.stderr) == ("0\n", "")
    assert all_gone(var)


def test_doors_opened_at_once_share_their_servers(var):
    with ThreadPoolExecutor() as doors:
        answers = list(doors.map(lambda _: manage(var, *COUNT_PEOPLE), range(3)))

    assert [(answer.stdout, answer.stderr) for answer in answers] == [("0\n", "")] * 3
    assert all_gone(var)


def test_a_door_that_needs_no_rows_starts_no_server(var):
    door = manage(var, "help")

    assert door.returncode == 0
    assert not var.exists()


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/x"}, "manage.py: DATABASE_URL does not work: "),
        (
            {"DATABASE_URL": "mysql://u:hunter2@h/x"},
            "manage.py: DATABASE_URL is not of the form postgresql://",
        ),
        ({"REDIS_URL": "redis://:hunter2@127.0.0.1:1/"}, "manage.py: REDIS_URL does not work: "),
        ({"REDIS_URL": "hunter2"}, "manage.py: REDIS_URL is not of the form redis://"),
        ({"REDIS_URL": "redis://:hunter2#hunter2@h:1"}, "manage.py: REDIS_URL is not of the form redis://"),
    ],
)
def test_a_wrong_address_is_one_line_without_the_password(var, environment, line):
    door = manage(var, "up", **environment)

    assert door.returncode == 1
    assert door.stderr.startswith(line)
    assert door.stderr.count("\n") == 1
    assert "hunter2" not in door.stderr
    assert processes_of(var) == {}


def test_a_var_that_cannot_be_written_is_one_line(var):
    var.write_text("a file where a folder should be")

    door = manage(var, "up")

    assert door.returncode == 1
    assert door.stderr == f"manage.py: cannot write to {var}: File exists; set DESK_VAR to another folder\n"


def test_production_names_the_missing_key(var):
    door = manage(var, "check", DATABASE_URL="postgresql://nobody@127.0.0.1:1/x")

    assert door.returncode == 1
    assert door.stderr == "manage.py: SECRET_KEY is not set; docs/running.md says how to make one\n"


@pytest.mark.parametrize(
    ("mistyped", "line"),
    [
        ({"PROBES_STOPPED": "maybe"}, "manage.py: PROBES_STOPPED is 'maybe'; 1 or 0 is needed\n"),
        (
            {"PROBE_KEY_KEK": "bm9uc2Vuc2U="},
            "manage.py: PROBE_KEY_KEK holds 8 bytes; AES-256 needs 32; ",
        ),
    ],
)
def test_production_names_a_mistyped_setting(var, mistyped, line):
    environment = PRODUCTION | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"} | mistyped

    door = manage(var, "check", **environment)

    assert door.returncode == 1
    assert door.stderr.startswith(line)
    assert door.stderr.count("\n") == 1


def test_a_production_deployment_passes_djangos_own_review(var):
    addresses = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1/"}

    review = manage(var, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, **addresses)

    assert review.returncode == 0, review.stderr


def test_bad_usage_is_told_apart_from_failure(var):
    assert manage(var, "up", "--port", "99999").returncode == 2
