"""`manage.py up`: the whole desk in one process tree, until Ctrl-C."""

import argparse
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from triage.demo import DemoPerson, load_demo
from triage.embedded import writable
from triage.supervision.console import Console
from triage.supervision.locks import FileLock
from triage.supervision.ports import claim_port, free_port
from triage.supervision.programs import desk_programs
from triage.supervision.schema import migrate_if_due
from triage.supervision.servers import CannotStart
from triage.supervision.supervisor import GaveUp, Program, Supervisor, follow_parent

LAB_PORT = 8100


class Command(BaseCommand):
    help = "Run the whole desk: servers, tables, demo data, web, workers, beat and the lab."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=_port, default=8000, help="of the pages on 127.0.0.1; 8000 by default"
        )
        parser.add_argument(
            "--no-demo", action="store_true", help="without demo people, lab endpoint and ledger"
        )

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        """Servers and keys stand already: manage.py sees to them before the settings are read."""
        _end_with_make()
        try:
            with _alone_in_this_folder(port):
                _run_desk(claim_port(port), free_port(LAB_PORT))
        except (CannotStart, GaveUp) as error:
            raise CommandError(str(error)) from error


def _end_with_make() -> None:
    """Stop when a `make run` that started us is killed; a shell that ends leaves us running."""
    if "MAKELEVEL" in os.environ and (follow := follow_parent(signal.SIGTERM, parent=os.getppid())):
        follow()


def _run_desk(port: int, lab_port: int) -> None:
    migrate_if_due(empty_only=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    people = _demo_people(lab_port) if settings.DEMO else ()
    connections.close_all()
    programs = desk_programs(
        root=settings.ROOT,
        var=settings.VAR,
        port=port,
        lab_port=lab_port,
        probes=settings.PROBE_CONCURRENCY,
    )
    _supervise(programs, welcome=_welcome(port, lab_port, people))


def _demo_people(lab_port: int) -> tuple[DemoPerson, ...]:
    lab_url = f"http://127.0.0.1:{lab_port}"
    return load_demo(timezone.now(), lab_url=lab_url, passwords=settings.VAR / "keys")


def _supervise(programs: Sequence[Program], *, welcome: str) -> None:
    """Run the programs until a signal asks to stop, or nobody reads our output any more."""
    asked: list[int] = []  # not an Event: two signals at once would meet at its lock, in one thread
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: asked.append(number))
    console = Console()
    supervisor = Supervisor(programs, say=console.say)

    def is_over() -> bool:
        return bool(asked) or console.reader_left

    try:
        supervisor.run_until(lambda: is_over() or supervisor.all_ready)
        if not is_over():
            console.tell(welcome)
        supervisor.run_until(is_over)
        console.tell("Stopping.")
    finally:
        supervisor.stop()


@contextmanager
def _alone_in_this_folder(port: int) -> Iterator[None]:
    """One desk runs per folder; the lock's note tells the second one where the first is."""
    lock = FileLock(writable(settings.VAR) / "desk.lock")
    if not lock.try_take():
        raise CannotStart(f"the desk of this folder already runs ({lock.read()}); stop that one first")
    lock.write(f"process {os.getpid()}, http://127.0.0.1:{port}/")
    yield
    lock.close()


def _welcome(port: int, lab_port: int, people: tuple[DemoPerson, ...]) -> str:
    lines = ["", f"The desk is ready:  http://127.0.0.1:{port}/"]
    if people:
        lines += ["Demo people (demo mode only):", *(_sign_in(person) for person in people)]
    lines += [
        f"The lab, an endpoint to practise on:  http://127.0.0.1:{lab_port}/",
        "Ctrl-C stops everything.",
        "",
    ]
    return "\n".join(lines)


def _sign_in(person: DemoPerson) -> str:
    return f"  {person.role.value:<10} user {person.username:<10} password {person.password}"


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port between 1 and 65535")
    return int(text)
