#!/usr/bin/env python
"""The desk's doors for programs: `manage.py help` lists them."""

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from probes.redaction.engine import builtin_redactor
from triage import environment
from triage.embedded import ensure_keys, ensure_servers, use_running_servers, var_folder
from triage.management.arguments import ADVICE, credentials_in
from triage.supervision.schema import migrate_if_due
from triage.supervision.servers import CannotStart

# Every other command finds PostgreSQL and Redis running, with the tables made.
WITHOUT_SERVERS = frozenset(
    {
        *("check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "lab"),
        *("makemessages", "makemigrations", "startapp", "test", "testserver", "version"),
    }
)
# These ask a database that runs already, and work without one.
SERVERS_OPTIONAL = frozenset({"redact"})
# What follows these they may store or repeat. `charges` looks accounts up by their keys and masks itself.
READ_BY_THE_DESK = frozenset(
    {"audit", "endpoints", "judge", "lab", "people", "probe", "redact", "triage", "up"}
)
MIGRATES_ITSELF = frozenset({"dbshell", "flush", "migrate", "showmigrations", "up"})


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.settings")
    _refuse_broken_text(sys.argv[1:])
    _refuse_credentials(sys.argv[1:])
    command = _command(sys.argv[1:])
    try:
        if command in SERVERS_OPTIONAL:
            use_running_servers(var_folder())
        elif command:
            _open_desk(command)
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)
    except (CannotStart, ImproperlyConfigured) as error:
        sys.exit(f"manage.py: {' '.join(str(error).split())}")


def _refuse_broken_text(arguments: list[str]) -> None:
    """Bytes that are no UTF-8 arrive as surrogates, which no database and no request can carry."""
    for number, argument in enumerate(arguments, start=1):
        if any("\ud800" <= character <= "\udfff" for character in argument):
            print(f"manage.py: argument {number} is not valid UTF-8", file=sys.stderr)
            sys.exit(2)


def _refuse_credentials(arguments: list[str]) -> None:
    """Whatever reads them next may repeat them: a complaint about usage, a log, a table."""
    if not arguments or arguments[0] not in READ_BY_THE_DESK:
        return
    named = [(f"argument {number}", text) for number, text in enumerate(arguments, start=1)]
    told = list(credentials_in(named, lambda _name: builtin_redactor()))
    if told:
        print(f"manage.py: {'; '.join(told)}, {ADVICE}", file=sys.stderr)
        sys.exit(2)


def _command(arguments: list[str]) -> str:
    """The command that needs servers; empty when none does."""
    asks_for_help = not arguments or arguments[0].startswith("-") or {"-h", "--help"} & set(arguments)
    return "" if asks_for_help or arguments[0] in WITHOUT_SERVERS else arguments[0]


def _open_desk(command: str) -> None:
    """Servers first, then keys, then settings, then tables: each needs the one before."""
    if command == "up":
        os.environ["DESK_DEMO"] = "0" if "--no-demo" in sys.argv else "1"
    demo = environment.switch("DESK_DEMO", default=False)
    var = var_folder()
    os.environ["DESK_VAR"] = str(var)
    servers = ensure_servers(var)
    if servers.embedded or demo:
        os.environ.setdefault("DESK_HTTPS", "0")
    ensure_keys(var, may_make=servers.embedded or demo)
    if command not in MIGRATES_ITSELF:
        django.setup()
        migrate_if_due(empty_only=not servers.embedded)


if __name__ == "__main__":
    main()
