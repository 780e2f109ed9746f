"""`manage.py endpoints add | list | check`: the registry without a browser."""

import os
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.db import transaction

from probes.endpoints.actions import seal_probe_key
from probes.endpoints.check import check_endpoint
from probes.endpoints.models import Endpoint, Protocol
from probes.endpoints.vault import VaultError
from triage.management.jsonl import to_line

_NUMBERS = {
    "connect_s": float,
    "first_byte_s": float,
    "idle_s": float,
    "total_s": float,
    "output_tokens": int,
    "price_in_per_1k": Decimal,
    "price_out_per_1k": Decimal,
    "daily_budget": Decimal,
}


class Command(BaseCommand):
    help = "Register, list and check the endpoints that probes may reach."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        self._add_arguments_of_add(
            actions.add_parser("add", help="register an endpoint, or change the one of that slug")
        )
        listing = actions.add_parser("list", help="show the registered endpoints")
        listing.add_argument("--json", action="store_true")
        check = actions.add_parser(
            "check", help="resolve, connect and ask for the model list, which costs nothing"
        )
        check.add_argument("slug")
        check.add_argument("--json", action="store_true")

    def _add_arguments_of_add(self, add: Any) -> None:
        add.add_argument("--slug", required=True)
        add.add_argument("--base-url", required=True)
        add.add_argument("--protocol", required=True, choices=Protocol.values)
        add.add_argument("--also-protocol", action="append", default=[], choices=Protocol.values)
        add.add_argument("--model", required=True, help="default probe model")
        add.add_argument("--name")
        add.add_argument("--key-env", metavar="VAR", help="environment variable that holds the probe key")
        add.add_argument("--allow-address", action="append", default=[], metavar="HOST:PORT")
        add.add_argument("--prompt")
        add.add_argument("--task-path", help="path of a task's status under the base URL, with {task_id}")
        add.add_argument("--currency")
        for name, kind in _NUMBERS.items():
            add.add_argument(f"--{name.replace('_', '-')}", type=_number(kind), dest=name)
        add.add_argument("--json", action="store_true")

    @no_translations  # programs read what it prints
    def handle(self, *args: Any, action: str, **options: Any) -> None:
        {"add": self._add, "list": self._list, "check": self._check}[action](**options)

    def _add(self, **options: Any) -> None:
        secret = _secret(options["key_env"])
        endpoint = Endpoint.objects.filter(slug=options["slug"]).first() or Endpoint(slug=options["slug"])
        for column, value in _columns(options).items():
            setattr(endpoint, column, value)
        for name in ("connect_s", "first_byte_s", "idle_s"):
            if options[name] is None:  # nobody chose it, so a short total shortens it too
                setattr(endpoint, name, min(getattr(endpoint, name), endpoint.total_s))
        try:
            endpoint.full_clean()
            with transaction.atomic():
                endpoint.save()
                if secret:
                    seal_probe_key(endpoint, secret)
        except ValidationError as error:
            raise CommandError(_one_line(error)) from error
        except (ValueError, VaultError) as error:
            raise CommandError(f"the probe key cannot be kept: {error}") from error
        for warning in endpoint.warnings():
            self.stderr.write(warning)
        self._say(endpoint, as_json=options["json"])

    def _list(self, **options: Any) -> None:
        for endpoint in Endpoint.objects.select_related("probe_key"):
            self._say(endpoint, as_json=options["json"])

    def _check(self, **options: Any) -> None:
        endpoint = Endpoint.objects.filter(slug=options["slug"]).first()
        if endpoint is None:
            raise CommandError(
                f'there is no endpoint "{options["slug"]}"; `manage.py endpoints list` shows those registered'
            )
        try:
            result = check_endpoint(endpoint)
        except VaultError as error:
            raise CommandError(f"the probe key of {endpoint.slug} cannot be opened: {error}") from error
        self.stdout.write(
            to_line(result) if options["json"] else " ".join(f"{k}={v}" for k, v in result.items())
        )
        if not result["reachable"]:
            raise CommandError(f"{endpoint.slug} cannot be reached: {result['failure']}")

    def _say(self, endpoint: Endpoint, *, as_json: bool) -> None:
        row = _row(endpoint)
        self.stdout.write(to_line(row) if as_json else "  ".join(str(value) for value in row.values()))


def _number(kind: Any) -> Any:
    def parse(text: str) -> Any:
        try:
            return kind(text)
        except InvalidOperation as error:
            raise ValueError(text) from error

    parse.__name__ = "number"
    return parse


def _secret(variable: str | None) -> str:
    if variable is None:
        return ""
    secret = os.environ.get(variable, "")
    if not secret:
        raise CommandError(f"the environment variable {variable}, named by --key-env, is empty or not set")
    return secret


def _columns(options: dict[str, Any]) -> dict[str, Any]:
    """What was given; what was not keeps its value or default, but for exceptions and further protocols."""
    given = {
        "base_url": options["base_url"],
        "protocol": options["protocol"],
        "extra_protocols": options["also_protocol"],
        "probe_model": options["model"],
        "allow_addresses": options["allow_address"],
    }
    optional = ("name", "prompt", "task_path", "currency", *_NUMBERS)
    return given | {name: options[name] for name in optional if options[name] is not None}


def _one_line(error: ValidationError) -> str:
    return "; ".join(f"{field}: {' '.join(messages)}" for field, messages in error.message_dict.items())


def _row(endpoint: Endpoint) -> dict[str, Any]:
    key = getattr(endpoint, "probe_key", None)
    return {
        "slug": endpoint.slug,
        "base_url": endpoint.base_url,
        "protocol": endpoint.protocol,
        "model": endpoint.probe_model,
        "key": key.hint if key else "",
        "paused": endpoint.paused,
    }
