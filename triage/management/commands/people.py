"""`manage.py people add | list`: the first admin of a desk, and who is here, without a browser."""

from getpass import getpass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.utils import timezone

from triage.management.jsonl import to_line
from triage.management.typed import refuse_credentials
from triage.management.variables import from_variable
from triage.people.access import role_of
from triage.people.actions import add_person
from triage.people.roles import Role


class Command(BaseCommand):
    help = "Add people and list them; the pages under Administration do the rest."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="add a person; the password is asked for, twice")
        add.add_argument("--name", required=True)
        add.add_argument("--role", required=True, choices=[role.value for role in Role])
        add.add_argument("--password-env", metavar="VAR", help="environment variable that holds the password")
        listing = actions.add_parser("list", help="show everybody with role and state")
        for action in (add, listing):
            action.add_argument("--json", action="store_true")

    @no_translations  # programs read what it prints
    def handle(self, *args: Any, action: str, **options: Any) -> None:
        refuse_credentials(options)
        {"add": self._add, "list": self._list}[action](**options)

    def _add(self, *, name: str, role: str, password_env: str | None, **options: Any) -> None:
        password = from_variable(password_env, option="--password-env") if password_env else _asked()
        try:
            user = add_person(
                name=name, role=Role(role), password=password, door="manage.py people", now=timezone.now()
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self._say(user, as_json=options["json"])

    def _list(self, **options: Any) -> None:
        for user in User.objects.select_related("member").order_by("username"):
            self._say(user, as_json=options["json"])

    def _say(self, user: User, *, as_json: bool) -> None:
        row = {"name": user.username, "role": role_of(user) or "none", "active": user.is_active}
        state = "" if user.is_active else "  disabled"
        self.stdout.write(to_line(row) if as_json else f"{row['name']}  {row['role']}{state}")


def _asked() -> str:
    try:
        password, again = getpass("Password: "), getpass("Again: ")
    except (EOFError, KeyboardInterrupt) as error:
        raise CommandError("no password was given; without a terminal, use --password-env VAR") from error
    if password != again:
        raise CommandError("the two passwords differ; nobody was added")
    return password
