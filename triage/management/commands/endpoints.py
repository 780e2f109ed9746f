"""`manage.py endpoints add | list | check | route`: the registry without a browser."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.db import transaction

from probes.endpoints.actions import forget_key_of_route, forget_moved_key, seal_probe_key
from probes.endpoints.check import check_endpoint
from probes.endpoints.models import Endpoint, Protocol, Route
from probes.endpoints.validators import parse_task_fields
from probes.endpoints.vault import VaultError
from probes.runs.halts import ProbesStopped, refuse_if_stopped
from triage.management.jsonl import to_line
from triage.management.typed import refuse_credentials
from triage.management.variables import from_variable

_NUMBERS = {
    "connect_s": float,
    "first_byte_s": float,
    "idle_s": float,
    "total_s": float,
    "output_tokens": int,
    "price_in_per_1k": Decimal,
    "price_out_per_1k": Decimal,
    "daily_budget": Decimal,
    "requests_per_minute": int,
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
        self._add_arguments_of_route(
            actions.add_parser("route", help="second routes of an endpoint, behind the edge or through it")
        )

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
        add.add_argument(
            "--task-field",
            action="append",
            metavar="NAME=PLACE",
            help="where a task's answer keeps its status, error, submitted or result: status=data.state",
        )
        add.add_argument("--balance-path", help="path of the account's balance under the base URL")
        add.add_argument("--websocket-path", help="path that takes WebSockets under the base URL")
        add.add_argument("--currency")
        for name, kind in _NUMBERS.items():
            add.add_argument(f"--{name.replace('_', '-')}", type=_number(kind), dest=name)
        add.add_argument("--json", action="store_true")

    def _add_arguments_of_route(self, route: Any) -> None:
        actions = route.add_subparsers(dest="route_action", required=True)
        add = actions.add_parser("add", help="register a route, or change the one of that short name")
        remove = actions.add_parser("remove", help="forget a route")
        for action in (add, remove):
            action.add_argument("--endpoint", required=True, metavar="SLUG")
            action.add_argument("--slug", required=True, help="short name of the route")
            action.add_argument("--json", action="store_true")
        add.add_argument("--base-url", required=True)
        add.add_argument("--place", required=True, choices=Route.Side.values)
        add.add_argument("--allow-address", action="append", default=[], metavar="HOST:PORT")
        add.add_argument("--key-env", metavar="VAR", help="the probe key again, for a route to another host")

    @no_translations  # programs read what it prints
    def handle(self, *args: Any, action: str, **options: Any) -> None:
        refuse_credentials(options)
        {"add": self._add, "list": self._list, "check": self._check, "route": self._route}[action](**options)

    def _add(self, **options: Any) -> None:
        secret = _secret(options["key_env"])
        endpoint = Endpoint.objects.filter(slug=options["slug"]).first() or Endpoint(slug=options["slug"])
        was = endpoint.base_url
        _change(endpoint, options)
        moved = _keep(endpoint, secret, was=was)
        if moved and not secret:
            self._tell_of_dropped_key(endpoint)
        for warning in endpoint.warnings():
            self.stderr.write(warning)
        self._say(endpoint, as_json=options["json"])

    def _list(self, **options: Any) -> None:
        for endpoint in Endpoint.objects.select_related("probe_key").prefetch_related("routes"):
            self._say(endpoint, as_json=options["json"])

    def _route(self, **options: Any) -> None:
        endpoint = _registered(options["endpoint"])
        found = endpoint.routes.filter(slug=options["slug"]).first()
        if options["route_action"] == "remove":
            if found is None:
                raise CommandError(f'{endpoint.slug} has no route "{options["slug"]}"')
            found.delete()
        else:
            self._keep_route(found or Route(endpoint=endpoint, slug=options["slug"]), options)
        self._say(endpoint, as_json=options["json"])

    def _keep_route(self, route: Route, options: dict[str, Any]) -> None:
        secret, was = _secret(options["key_env"]), route.base_url
        route.base_url, route.place = options["base_url"], options["place"]
        route.allow_addresses = options["allow_address"]
        try:
            route.full_clean()
            with transaction.atomic():
                route.save()
                moved = forget_key_of_route(route, was=was)
                if secret:
                    seal_probe_key(route.endpoint, secret)
        except ValidationError as error:
            raise CommandError(_one_line(error)) from error
        except (ValueError, VaultError) as error:
            raise CommandError(f"the probe key cannot be kept: {error}") from error
        if moved and not secret:
            self._tell_of_dropped_key(route.endpoint)

    def _check(self, **options: Any) -> None:
        endpoint = _registered(options["slug"])
        try:
            refuse_if_stopped()
            result = check_endpoint(endpoint)
        except ProbesStopped as stopped:
            raise CommandError("all probes of this desk are stopped, so nothing was sent") from stopped
        except VaultError as error:
            raise CommandError(f"the probe key of {endpoint.slug} cannot be opened: {error}") from error
        self.stdout.write(to_line(result) if options["json"] else _checked_in_words(endpoint.slug, result))
        if not result["reachable"]:
            raise CommandError(f"{endpoint.slug} cannot be reached: {result['failure']}")

    def _tell_of_dropped_key(self, endpoint: Endpoint) -> None:
        self.stderr.write(f"{endpoint.slug} leads elsewhere now: its probe key was dropped, see --key-env")

    def _say(self, endpoint: Endpoint, *, as_json: bool) -> None:
        row = _row(endpoint)
        self.stdout.write(to_line(row) if as_json else _in_words(row))


def _registered(slug: str) -> Endpoint:
    endpoint = Endpoint.objects.filter(slug=slug).first()
    if endpoint is None:
        raise CommandError(
            f'there is no endpoint "{slug}"; `manage.py endpoints list` shows those registered'
        )
    return endpoint


def _number(kind: Any) -> Any:
    def parse(text: str) -> Any:
        try:
            return kind(text)
        except InvalidOperation as error:
            raise ValueError(text) from error

    parse.__name__ = "number"
    return parse


def _secret(variable: str | None) -> str:
    return "" if variable is None else from_variable(variable, option="--key-env")


def _change(endpoint: Endpoint, options: dict[str, Any]) -> None:
    """Set what the options say; a deadline that nobody chose is shortened by a short total."""
    try:
        columns = _columns(options)
    except ValidationError as error:
        raise CommandError(f"--task-field: {' '.join(error.messages)}") from error
    for column, value in columns.items():
        setattr(endpoint, column, value)
    for name in ("connect_s", "first_byte_s", "idle_s"):
        if options[name] is None:
            setattr(endpoint, name, min(getattr(endpoint, name), endpoint.total_s))


def _keep(endpoint: Endpoint, secret: str, *, was: str) -> bool:
    """Store it with its key, or nothing; True when its old key fell away, since the key's host is another."""
    try:
        endpoint.full_clean()
        with transaction.atomic():
            endpoint.save()
            moved = forget_moved_key(endpoint, was=was)
            if secret:
                seal_probe_key(endpoint, secret)
    except ValidationError as error:
        raise CommandError(_one_line(error)) from error
    except (ValueError, VaultError) as error:
        raise CommandError(f"the probe key cannot be kept: {error}") from error
    return moved


def _columns(options: dict[str, Any]) -> dict[str, Any]:
    """What was given; what was not keeps its value or default, but for exceptions and further protocols.

    Raises ValidationError for a task field that cannot be read.
    """
    given = {
        "base_url": options["base_url"],
        "protocol": options["protocol"],
        "extra_protocols": options["also_protocol"],
        "probe_model": options["model"],
        "allow_addresses": options["allow_address"],
    }
    if options["task_field"] is not None:
        given["task_fields"] = parse_task_fields(filter(None, options["task_field"]))
    optional = ("name", "prompt", "task_path", "balance_path", "websocket_path", "currency", *_NUMBERS)
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
        "routes": [
            {"slug": route.slug, "place": route.place, "base_url": route.base_url}
            for route in endpoint.routes.all()
        ],
    }


def _checked_in_words(slug: str, result: dict[str, Any]) -> str:
    """A line for the endpoint and one for each route."""
    routes = result.get("routes", ())
    lines = [f"{slug}: {_place_in_words(result)}"]
    lines += [f"route {route['slug']} ({route['place']}): {_place_in_words(route)}" for route in routes]
    return "\n".join(lines)


def _place_in_words(found: dict[str, Any]) -> str:
    if not found["reachable"]:
        return f"cannot be reached, {found['failure']}"
    parts = [f"status {found['status']} from {found['address']}"]
    others = [address for address in found["resolved"] if address != found["address"]]
    if others:
        parts.append(f"the name also leads to {', '.join(others)}")
    if found["models"] is None:
        parts.append("no list of models")
    else:
        listed = "among them" if found["probe_model_listed"] else "not among them"
        parts.append(f"{found['models']} models, the probe model {listed}")
    return "; ".join(parts)


def _in_words(row: dict[str, Any]) -> str:
    routes = [" ".join(route.values()) for route in row.pop("routes")]
    return "  ".join([*map(str, row.values()), *(f"[route {route}]" for route in routes)])
