"""A secret that was typed after a command is neither stored nor printed, whatever else is wrong."""

import io
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from probes.endpoints.models import Endpoint, Route
from probes.redaction.models import RedactionRule
from probes.runs.models import Run
from tests.probes.runs.builders import make_endpoint
from tests.supervision.desk import manage

pytestmark = pytest.mark.django_db
SECRET = "sk-proj-" + "a1B2c3D4" * 6
URL = "https://api.shop.example/v1"
ADD = {"slug": "shop", "base-url": URL, "protocol": "openai_chat", "model": "gpt-4o-mini"}
ROUTE = {"endpoint": "there", "slug": "inner", "base-url": URL, "place": "behind_edge"}
PERSON = {"name": "lin", "role": "admin", "password-env": "NOT_SET_HERE"}


def arguments(given: dict[str, str]) -> list[str]:
    return [part for name, value in given.items() for part in (f"--{name}", value)]


def refused(*words: str) -> str:
    """All that the command says."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError) as complaint:
        call_command(*words, stdout=out, stderr=err)
    assert complaint.value.returncode == 2
    return out.getvalue() + err.getvalue() + str(complaint.value)


def with_secret(given: dict[str, str], option: str, value: str = f"mine is {SECRET}") -> list[str]:
    return arguments(given | {option: value})


COMMANDS = {
    **{
        f"endpoints add --{o}": ("endpoints", "add", *with_secret(ADD, o))
        for o in ("name", "prompt", "model")
    },
    "a login in the address": (
        "endpoints",
        "add",
        *with_secret(ADD, "base-url", f"https://me:{SECRET}@shop.example/v1"),
    ),
    "a key in the address": ("endpoints", "add", *with_secret(ADD, "base-url", f"{URL}?key={SECRET}")),
    "a path": ("endpoints", "add", *with_secret(ADD, "balance-path", f"/balance?key={SECRET}")),
    "a slug": ("endpoints", "check", SECRET),
    "a place": ("endpoints", "add", *with_secret(ADD, "task-field", f"status={SECRET}")),
    "a route": ("endpoints", "route", "add", *with_secret(ROUTE, "base-url", f"{URL}?key={SECRET}")),
    "an address": ("endpoints", "route", "add", *with_secret(ROUTE, "allow-address", f"{SECRET}:443")),
    "a variable": ("endpoints", "add", *with_secret(ADD, "key-env", SECRET)),
    **{
        f"probe --{o}": ("probe", *with_secret({"endpoint": "there"}, o))
        for o in ("model", "steps", "task-id")
    },
    "probe --protocol": ("probe", *with_secret({"endpoint": "there"}, "protocol", SECRET)),
    "probe nowhere": ("probe", "--endpoint", SECRET),
    "people": ("people", "add", *with_secret(PERSON, "name", SECRET)),
    "a password": ("people", "add", *with_secret(PERSON, "password-env", SECRET)),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_credential_is_refused_without_being_repeated(name):
    make_endpoint(slug="there")

    said = refused(*COMMANDS[name])

    assert "holds what looks like a credential" in said
    assert "have it revoked" in said
    assert SECRET[8:] not in said
    assert (Endpoint.objects.count(), Route.objects.count()) == (1, 0)
    assert not Run.objects.exists() and not User.objects.exists()


def test_the_rules_of_the_admins_count_too():
    RedactionRule.objects.create(
        name="staff", kind="staff_token", pattern=r"\bEMP-[a-z]{20}\b", only_in=["name"]
    )
    token = "EMP-" + "abcde" * 4

    said = refused("endpoints", "add", *with_secret(ADD, "name", token))

    assert "staff_token, characters 1 to 24" in said
    assert token not in said


def test_people_keep_their_addresses_and_endpoints_their_names(monkeypatch):
    monkeypatch.setenv("A_PASSWORD", "correct horse " + "battery")
    out = io.StringIO()

    person = PERSON | {"name": "lin@shop.example", "password-env": "A_PASSWORD"}
    call_command("people", "add", *arguments(person), stdout=out)
    call_command(
        "endpoints", "add", *arguments(ADD | {"name": "Shop, request id req_0123456789"}), stdout=out
    )

    assert User.objects.get().username == "lin@shop.example"
    assert Endpoint.objects.get().name == "Shop, request id req_0123456789"


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("endpoints", "add", *arguments(ADD)), "key-env"),
        (("people", "add", *arguments(PERSON)), "password-env"),
    ],
)
def test_a_password_typed_for_the_name_of_its_variable_is_not_repeated(words, option):
    said = ""
    with pytest.raises(CommandError) as complaint:
        call_command(*words, f"--{option}", "tr0ub4dor")
    said = str(complaint.value)

    assert f"named by --{option}, is empty or not set" in said
    assert "tr0ub4dor" not in said


DOORS = [
    ("people", "add", "--name", "x", "--role", SECRET),  # argparse would repeat the choice
    ("endpoints", "add", "--idle-s", SECRET),
    ("probe", f"--no-such-option={SECRET}"),
    ("triage", f"{SECRET}.jsonl"),
    ("redact", f"/tmp/{SECRET}"),
]


@pytest.mark.parametrize("words", DOORS)
def test_the_door_of_all_commands_repeats_it_neither(words: tuple[str, ...], tmp_path: Path):
    done = manage(tmp_path, *words)

    assert done.returncode == 2
    assert "holds what looks like a credential" in done.stderr
    assert SECRET[8:] not in done.stdout + done.stderr
    assert not any(tmp_path.iterdir())  # no server was started for it
