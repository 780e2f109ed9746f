"""Secrets of every common kind, pasted into every field: no table, log, queue or page ever holds one."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
import redis
from django.db import connection

from probes.endpoints.actions import seal_probe_key
from probes.lab.server import Lab
from probes.redaction.engine import builtin_redactor
from tests.journeys.desk import concluded, lab_endpoint
from tests.supervision.worker import Worker
from tests.triage.people.builders import client_of
from triage.tickets.models import Investigation

pytestmark = pytest.mark.slow

CANARY = "c4n4ryZ9"
PROBE_KEY = "sk-lab-" + CANARY * 5
PASTED = {
    "error_text": f"Incorrect API key provided: sk-proj-{CANARY * 6}T3BlbkFJ{CANARY * 3}",
    "notes": f"客户的密钥是sk-{CANARY * 6}，Cookie: session={CANARY * 4}; 密码：{CANARY}{CANARY}",
    "client": f"curl -H 'Authorization: Bearer {CANARY * 5}'",
    "base_url": f"https://user:{CANARY * 2}@api.shop.example/v1?api_key={CANARY * 4}",
    "key_hint": f"gsk_{CANARY * 6}abcd",
    "request_ids": f"req_0123456789abcdef, sk-{CANARY * 6}",
}


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
    for command in monitor.listen():
        said.append(command["command"])
        if "that is all" in command["command"]:
            return


def every_row() -> str:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        dumps = []
        for table in tables:
            cursor.execute(f"SELECT string_agg(t::text, E'\\n') FROM \"{table}\" t")
            dumps.append(cursor.fetchone()[0] or "")
    return "\n".join(dumps)


def test_a_pasted_key_reaches_no_table_log_queue_or_page(
    worker: Worker, lab: Lab, redis_url: str, caplog: pytest.LogCaptureFixture
):
    endpoint = lab_endpoint(lab)
    seal_probe_key(endpoint, PROBE_KEY)
    client = client_of()

    with everything_said_to(redis_url) as said, caplog.at_level("DEBUG"):
        sent = client.post("/tickets/new/", {"endpoint": "lab", "model": "echo_key"} | PASTED, follow=True)
        assert sent.status_code == 200
        investigation = concluded(Investigation.objects.get())
        page = client.get(f"/tickets/{investigation.ticket_id}/").content.decode()

    rows = every_row()
    assert "req_0123456789abcdef" in rows
    assert any("triage.investigate" in command for command in said)
    places = {
        "rows": rows,
        "queue and cache": "\n".join(said),
        "worker log": worker.log.read_text(),
        "web log": caplog.text,
        "first page": sent.content.decode(),
        "last page": page,
    }
    assert [place for place, text in places.items() if CANARY in text] == []


def test_a_rejected_form_does_not_echo_or_keep_a_key(worker: Worker, lab: Lab):
    lab_endpoint(lab)

    again = client_of().post("/tickets/new/", {"endpoint": "lab", "status_code": "many"} | PASTED)

    assert again.status_code == 422
    assert CANARY not in again.content.decode()
    assert CANARY not in every_row()


def test_what_the_redactor_shows_of_a_key_is_no_help_to_guess_it():
    masked = builtin_redactor().redact(PASTED["error_text"]).text

    assert masked.startswith("Incorrect API key provided: sk-proj-")
    assert CANARY not in masked
