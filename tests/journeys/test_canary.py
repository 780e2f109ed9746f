"""500 secrets of all kinds, through every door: no table, queue, log, page or export holds a piece of one."""

import csv
import json
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import redis
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from probes.endpoints.actions import seal_probe_key
from probes.endpoints.models import Endpoint
from probes.lab.server import Lab
from probes.redaction.models import Catch
from probes.runs.models import Run
from tests.journeys import ledger_doors
from tests.journeys.answers import command, page
from tests.journeys.canaries import Canary, Search, canaries
from tests.journeys.desk import concluded, lab_endpoint
from tests.journeys.echo import EchoServer
from tests.supervision.worker import Worker
from tests.triage.charges.connectors.systems import TOKEN
from tests.triage.people.builders import client_of
from triage.charges.connectors.actions.tokens import make_token
from triage.charges.models import LedgerSource
from triage.incidents.models import Incident
from triage.people.roles import Role
from triage.tickets.models import Investigation, Ticket

pytestmark = pytest.mark.slow

SECRETS = 500
PROBE_KEY = "sk-lab-" + "c4n4ryZ9" * 5
LONG = ("error_text", "notes")
SHORT = (
    *("model", "base_url", "request_ids", "control_text", "task_id", "charged_text"),
    *("account_ref", "key_hint", "client", "client_version", "via_proxy_text"),
)
SHOWN_OF_A_TOKEN = len("sk-led-") + 4
MOST_PAGES = 120  # that one person opens


@contextmanager
def everything_said_to(redis_url: str) -> Iterator[list[str]]:
    """Every command that Redis gets meanwhile, arguments included: messages, cache, all of it."""
    said: list[str] = []
    with closing(redis.Redis.from_url(redis_url)) as client, client.monitor() as monitor:
        listening = threading.Thread(target=_listen, args=(monitor, said), daemon=True)
        listening.start()
        try:
            yield said
        finally:
            client.echo("that is all")
            listening.join(timeout=10)


def _listen(monitor: "redis.client.Monitor", said: list[str]) -> None:
    for heard in monitor.listen():
        said.append(heard["command"])
        if "that is all" in heard["command"]:
            return


def every_row() -> dict[str, str]:
    with connection.cursor() as cursor:
        dumps = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT string_agg(t::text, E'\\n') FROM \"{table}\" t")
            dumps[f"table {table}"] = cursor.fetchone()[0] or ""
    return dumps


def every_key(redis_url: str) -> dict[str, str]:
    with closing(redis.Redis.from_url(redis_url)) as client:
        return {f"redis {key!r}": str(client.dump(key)) for key in client.scan_iter()}


# --- the doors: each takes some secrets and returns what it answered


def by_form(client: Client, secrets: Sequence[Canary]) -> dict[str, str]:
    """The long fields take ten texts each, the short ones one; every third form comes back with a mistake."""
    answers = {}
    for number, batch in enumerate(_batches(secrets, 20 + len(SHORT))):
        texts = [canary.text for canary in batch]
        typed = {name: "\n\n".join(texts[at : at + 10]) for at, name in zip((0, 10), LONG, strict=True)}
        typed |= dict(zip(SHORT, texts[20:], strict=False))
        typed |= {"symptom": "timeout"} | ({"status_code": "many"} if number % 3 == 2 else {})
        for path in ("/tickets/new/details/", "/tickets/new/"):
            answers[f"page form {number} {path}"] = page(client.post(path, typed, follow=True))
        typed.pop("status_code", None)
        answers[f"page form {number} redrawn"] = page(
            client.post("/tickets/new/", typed | {"redraw_in": "en"})
        )
    return answers


def by_file(folder: Path, secrets: Sequence[Canary]) -> dict[str, str]:
    """Values, a nested value, the name of a field, and the id that comes back."""
    lines = []
    for one, two, three, four in zip(*[iter(secrets)] * 4, strict=False):
        nested = {"headers": [{"name": "x-api-key", "value": two.text}], "deep": {"deeper": [one.text]}}
        lines.append(
            {
                "id": three.text,
                "error_text": one.text,
                "raw": nested,
                four.text: "1",
                "request_ids": [two.text],
            }
        )
    file = folder / "tickets.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return {"output triage": command("triage", str(file), "--json", "--parallel", "4")}


def by_import(folder: Path, secrets: Sequence[Canary]) -> dict[str, str]:
    """Cells, a heading, rejected rows, and the name of the file."""
    texts = [canary.text for canary in secrets]
    heading, name, *cells = [text for text in texts if "\n" not in text and len(text) < 120]
    file, rejected = folder / f"export {name.replace('/', '_')[:80]}.csv", folder / "rejected.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["charge_id", "task_id", "account", "key", "amount", "currency", "created_at", heading])
        for number, cell in enumerate(cells):
            place = number % 5  # of the row's cells; the amount makes a rejected row
            row = [f"c{number}", f"t{number}", "u1", "sk-…a1b2", "1.5", "USD", "2026-01-05T08:00:00Z", "x"]
            rows.writerow([*row[:place], cell, *row[place + 1 :]])
    said = command("charges", "import", str(file), "--source", "shop", "--rejected", str(rejected))
    return {"output import": said, "file rejected rows": rejected.read_text(encoding="utf-8-sig")}


def by_endpoint(client: Client, secrets: Sequence[Canary]) -> dict[str, str]:
    """An endpoint sends them back; the worker sees them."""
    with EchoServer([canary.text for canary in secrets]) as server:
        port = server.server_address[1]
        endpoint = Endpoint.objects.create(
            slug="echo",
            base_url=f"http://127.0.0.1:{port}/v1",
            protocol="openai_chat",
            probe_model="m",
            allow_addresses=[f"127.0.0.1:{port}"],
        )
        seal_probe_key(endpoint, PROBE_KEY)
        for number in range(len(secrets) // 10):
            client.post("/tickets/new/", {"endpoint": "echo", "model": f"m{number}", "symptom": "timeout"})
        waiting = list(Investigation.objects.filter(ticket__endpoint=endpoint))
        for investigation in waiting:
            concluded(investigation)
    assert waiting
    return {}


def by_admin(client: Client, endpoint: Endpoint, secrets: Sequence[Canary]) -> dict[str, str]:
    """Fields of the administration, and the boxes of the sign-in."""
    answers = {}
    address = f"/admin/probes/endpoint/{endpoint.pk}/change/"
    form = re.findall(r'name="([a-z_0-9-]+)"', page(client.get(address)))
    for number, canary in enumerate(secrets):
        name = ("name", "prompt", "probe_model", "base_url", "task_path", "allow_addresses")[number % 6]
        assert name in form
        typed = {"slug": "lab", "name": "Lab", "prompt": "Hi"} | {name: canary.text}
        answers[f"page admin {number}"] = page(client.post(address, typed))
        if canary.is_personal:  # people may be called by their e-mail address
            continue
        answers[f"page person {number}"] = page(
            client.post("/admin/auth/user/add/", {"username": canary.text, "first_name": canary.text})
        )
        anonymous = Client(headers={"accept-language": "en"})
        answers[f"page sign-in {number}"] = page(
            anonymous.post("/sign-in/", {"username": canary.text, "password": "x", "next": "/"})
        )
    return answers


def by_address(client: Client, secrets: Sequence[Canary]) -> dict[str, str]:
    """Personal data may stand in an address: people are looked up by it. It is not stored."""
    secrets = [canary for canary in secrets if not canary.is_personal]
    paths = ("/", "/history/", "/sign-in/", "/admin/probes/endpoint/", "/tickets/new/")
    names = ("q", "model", "next", "q", "task_id")
    return {
        f"page search {number}": page(
            client.get(paths[number % 5], {names[number % 5]: canary.text}, follow=True)
        )
        for number, canary in enumerate(secrets)
    }


def by_workshop(client: Client, secrets: Sequence[Canary]) -> dict[str, str]:
    return {
        f"page bench {number}": page(client.post("/rules/bench/", {"text": canary.text}))
        for number, canary in enumerate(secrets)
    }


def by_incident(client: Client, secrets: Sequence[Canary]) -> dict[str, str]:
    """A note, a model's name and a filter; every second form comes back with a mistake."""
    answers = {}
    for number, canary in enumerate(secrets):
        code = ("edge.blocked", "")[number % 2]
        typed = {"endpoint": "lab", "verdict_code": code, "model": canary.text, "note": canary.text}
        opened = client.post("/incidents/new/", typed, follow=True)
        answers[f"page incident {number}"] = page(opened)
        answers[f"page incident filter {number}"] = page(client.get("/incidents/", {"class": canary.text}))
    latest = Incident.objects.open().latest("pk").get_absolute_url()
    for number, canary in enumerate(secrets):
        noted = client.post(f"{latest}note/", {"note": canary.text}, follow=True)
        answers[f"page incident note {number}"] = page(noted)
    return answers


def by_ledger(
    support: Client, engineer: Client, admin: Client, secrets: Sequence[Canary], push_token: str
) -> dict[str, str]:
    """All of them in files; a share of them by each of the other doors."""
    shares = [secrets[part::5] for part in range(5)]
    texts = ledger_doors.by_upload(engineer, secrets)
    texts |= ledger_doors.by_push(shares[0], push_token)
    texts |= ledger_doors.by_connector(admin, shares[1])
    texts |= ledger_doors.by_settings(admin, shares[2])
    texts |= ledger_doors.by_view(support, shares[3][:40])
    texts |= ledger_doors.by_search(support, shares[4][:60])
    texts |= ledger_doors.by_guard(support, shares[0])
    texts |= ledger_doors.by_size(admin, shares[1])
    texts |= ledger_doors.by_evidence(support, shares[2][:10])
    texts |= ledger_doors.exports(engineer)
    assert ledger_doors.is_sealed()
    return texts


def _batches(secrets: Sequence[Canary], size: int) -> list[Sequence[Canary]]:
    return [secrets[at : at + size] for at in range(0, len(secrets), size)]


# --- the places


def everypage(client: Client, who: str) -> dict[str, str]:
    """What a person reaches by links from the first page, archives included."""
    waiting, pages = ["/", "/admin/", "/insights/pastes/?days=90"], dict[str, str]()
    while waiting and len(pages) < MOST_PAGES:
        path = waiting.pop(0)
        if f"page {who} {path}" in pages or "logout" in path or "sign-out" in path:
            continue
        text = page(client.get(path))
        pages[f"page {who} {path}"] = text
        waiting += [
            found for found in re.findall(r'href="(/[^"#]*)"', text) if not found.startswith("/static/")
        ]
    return pages


def every_log(folder: Path) -> dict[str, str]:
    """Of the worker, of PostgreSQL and of Redis."""
    return {f"log {file.name}": file.read_text("utf-8", "replace") for file in folder.rglob("*.log")}


def every_archive(client: Client) -> dict[str, str]:
    runs = Run.objects.values_list("pk", flat=True)
    return {f"archive {pk}": page(client.get(f"/history/{pk}/har/")) for pk in runs}


def test_500_secrets_leave_no_piece_anywhere(
    worker: Worker,
    lab: Lab,
    redis_url: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    secrets = canaries(SECRETS, seed=7)
    endpoint = lab_endpoint(lab)
    support, engineer, admin = client_of(Role.SUPPORT), client_of(Role.ENGINEER), client_of(Role.ADMIN)
    push_token = make_token(
        LedgerSource.objects.create(slug="pushed"), name="shop", by=User.objects.all()[0], now=timezone.now()
    )
    form, file, imported, echoed, typed, searched, tried = (secrets[part::7] for part in range(7))

    texts: dict[str, str] = {}
    with everything_said_to(redis_url) as said, caplog.at_level("INFO"):
        texts |= by_form(support, [*form, *file, *echoed])
        texts |= by_file(tmp_path, [*file, *form])
        texts |= by_import(tmp_path, [*imported, *searched])
        texts |= by_endpoint(support, [*echoed, *imported])
        texts |= by_admin(admin, endpoint, typed)
        texts |= by_address(engineer, [*searched, *tried])
        texts |= by_workshop(admin, [*tried, *typed])
        texts |= by_incident(engineer, typed[:10])
        texts |= by_ledger(support, engineer, admin, secrets, push_token)
        for client, who in (
            (Client(), "anonymous"),
            (support, "support"),
            (engineer, "engineer"),
            (admin, "admin"),
        ):
            texts |= everypage(client, who)
        texts |= every_archive(engineer)

    texts |= every_row() | every_key(redis_url)
    texts |= {
        "queue and cache": "\n".join(said),
        "log of the web": caplog.text,
    }
    texts |= every_log(worker.log.parent)
    texts["log on the console"] = "".join(capfd.readouterr())
    own = [
        Canary("connector_token", TOKEN, (TOKEN,)),
        Canary("push_token", push_token, (push_token[SHOWN_OF_A_TOKEN:],)),
    ]
    search = Search([*secrets, *own])
    leaks = search.leaks_everywhere(texts)

    assert Ticket.objects.count() > 20
    assert Run.objects.filter(state=Run.State.FINISHED).exists()
    assert {"form", "file", "import", "endpoint", "admin", "address"} <= set(
        Catch.objects.values_list("channel", flat=True)
    )
    print(
        f"\n{len(secrets)} secrets of {len({canary.kind for canary in secrets})} kinds,"
        f" {search.pieces} pieces searched for in {len(texts)} places"
        f" ({', '.join(f'{count} {sort}' for sort, count in search.places.items())}),"
        f" {search.bytes_read / 1e6:.1f} MB: {len(leaks)} hits"
    )
    assert not leaks, "\n".join(leaks[:100])


def test_a_probe_key_that_is_echoed_is_kept_nowhere(worker: Worker, lab: Lab, redis_url: str):
    endpoint = lab_endpoint(lab)
    seal_probe_key(endpoint, PROBE_KEY)
    client, search = client_of(), Search([Canary("probe_key", PROBE_KEY, (PROBE_KEY,))])

    with everything_said_to(redis_url) as said:
        sent = client.post("/tickets/new/", {"endpoint": "lab", "model": "echo_key"}, follow=True)
        investigation = concluded(Investigation.objects.get())
        last = client.get(f"/tickets/{investigation.ticket_id}/")

    texts = every_row() | {"first page": page(sent), "last page": page(last), "queue": "\n".join(said)}
    assert any("triage.investigate" in command for command in said)
    assert search.leaks_everywhere(texts | {"log": worker.log.read_text()}) == []
