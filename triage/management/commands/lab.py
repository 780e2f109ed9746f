"""`manage.py lab`: serve the lab until the process is told to stop."""

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from probes.lab.server import Lab


class Command(BaseCommand):
    """Prints one line once connections are accepted; SIGTERM and SIGINT end it with exit code 0."""

    help = "Serve the lab: an API endpoint on loopback whose models misbehave on request."
    requires_system_checks: list[str] = []  # noqa: RUF012 - the lab needs neither database nor settings

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
        parser.add_argument("--port", type=int, default=0, help="port to listen on (default: any free one)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        told_to_stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: told_to_stop.set())
        try:
            lab = Lab(port=port, host=host).start()
        except (OSError, OverflowError) as error:
            raise CommandError(f"The lab cannot listen on {host}:{port}: {error}") from error
        self.stdout.write(f"Lab ready on {lab.base_url}")
        self.stdout.flush()
        told_to_stop.wait()
        lab.stop()
