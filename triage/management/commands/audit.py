"""`manage.py audit verify`: whether the audit trail is as it was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from triage.people.audit import verify


class Command(BaseCommand):
    help = "Check the seals of the audit trail."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser(
            "verify", help="read the whole trail; exit 1 and name the first entry that was changed"
        )

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        found = verify()
        if found.bad is not None:
            raise CommandError(
                f"entry {found.bad} of the audit trail does not fit the {found.entries} before it"
            )
        self.stdout.write(f"{found.entries} entries fit together; head {found.head or 'none yet'}")
