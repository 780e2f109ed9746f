"""The desk's own keys: made once, kept closed, never made where production must bring its own."""

import base64
import os

import pytest

from triage.supervision.keys import MAKERS, export_keys


@pytest.fixture(autouse=True)
def no_keys_in_the_environment(monkeypatch):
    for name in MAKERS:
        monkeypatch.setenv(name, "")


def exported() -> dict[str, str]:
    return {name: os.environ[name] for name in MAKERS}


def test_keys_are_made_once_and_stay(tmp_path, monkeypatch):
    export_keys(tmp_path / "keys", may_make=True)
    first = exported()
    for name in MAKERS:
        monkeypatch.setenv(name, "")
    export_keys(tmp_path / "keys", may_make=False)

    assert exported() == first
    assert len(base64.b64decode(first["PROBE_KEY_KEK"])) == 32


def test_only_the_owner_reads_them(tmp_path):
    export_keys(tmp_path / "keys", may_make=True)

    modes = {file.stat().st_mode & 0o777 for file in (tmp_path / "keys").iterdir()}
    assert modes == {0o600}


def test_a_key_of_the_environment_wins_and_is_not_written_down(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "from the environment")

    export_keys(tmp_path / "keys", may_make=True)

    assert os.environ["SECRET_KEY"] == "from the environment"
    assert not (tmp_path / "keys" / "secret_key").exists()


def test_none_is_made_where_that_is_not_allowed(tmp_path):
    export_keys(tmp_path / "keys", may_make=False)

    assert exported() == dict.fromkeys(MAKERS, "")
    assert not (tmp_path / "keys").exists()
