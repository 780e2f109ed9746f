"""`manage.py seed`: a desk full of made-up tickets, to try its pages at the size of a busy year."""

from argparse import ArgumentTypeError
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.utils import timezone

from triage.history.actions.seed_history import seed_history
from triage.tickets.models import Ticket

_BAD_USAGE = 2
_TELL_EVERY_S = 10.0


class Command(BaseCommand):
    help = "Write made-up tickets with their runs and attempts, spread over the past year."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickets", type=_count, default=1000, metavar="N", help="1000 by default")
        parser.add_argument(
            "--attempts", type=_count, metavar="N", help="of all tickets; five for each by default"
        )
        parser.add_argument(
            "--among-others", action="store_true", help="also in a desk that holds tickets already"
        )

    @no_translations  # programs read what it prints
    def handle(
        self, *args: Any, tickets: int, attempts: int | None, among_others: bool, **options: Any
    ) -> None:
        attempts = tickets * 5 if attempts is None else attempts
        if attempts < tickets * 2:
            raise CommandError("a ticket takes two attempts at least", returncode=_BAD_USAGE)
        if not among_others and Ticket.objects.exists():
            raise CommandError(
                "this desk holds tickets already; made-up ones can hardly be told from them afterwards. "
                "Seed an empty desk (DESK_VAR=/another/folder), or say --among-others"
            )
        seed_history(tickets=tickets, attempts=attempts, now=timezone.now(), tell=self._teller())
        self.stdout.write(f"{tickets} tickets with {attempts} attempts")

    def _teller(self) -> Any:
        begun = told_at = monotonic()

        def tell(written: int, of: int) -> None:
            nonlocal told_at
            if monotonic() - told_at > _TELL_EVERY_S:
                told_at = monotonic()
                self.stderr.write(f"{written} of {of} tickets after {told_at - begun:.0f} s")

        return tell


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) < 10**8:
        return int(text)
    raise ArgumentTypeError(f'a whole number from 1, not "{text}"')
