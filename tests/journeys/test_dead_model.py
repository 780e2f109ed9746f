"""Many tickets about one dead model get the same answer from a handful of probes."""

import io
import json
import socket

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localtime

from probes.endpoints.models import Endpoint
from probes.lab.server import Lab
from probes.runs.models import Run
from tests.journeys.desk import lab_endpoint
from tests.triage.people.builders import client_of
from triage.people.roles import Role
from triage.tickets.actions.rejudge_stored import rejudge_stored
from triage.tickets.models import Investigation

pytestmark = pytest.mark.django_db(transaction=True)
TICKETS = 12
OPENS_AT = 5


@pytest.fixture
def counted(lab: Lab) -> Lab:
    lab.counters.reset()
    return lab


def triage(tmp_path, *, parallel: int, **fields) -> list[dict]:
    file = tmp_path / "tickets.jsonl"
    tickets = [{"id": n, "model": f"m{n}"} | fields | {"endpoint": "lab"} for n in range(TICKETS)]
    file.write_text("\n".join(map(json.dumps, tickets)))
    out = io.StringIO()
    call_command("triage", str(file), "--json", "--parallel", str(parallel), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def free_port() -> int:
    """Nobody listens there any more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.mark.parametrize(
    ("model", "deadlines", "code", "posts_a_run"),
    [
        ("overloaded_503", {}, "upstream.overloaded", 1),
        ("never_answers", {"first_byte_s": 0.3}, "timeout.upstream", 1),
        ("stall_mid", {"idle_s": 0.3}, "stream.stalled", 2),
    ],
)
@pytest.mark.parametrize("parallel", [4, 16])
def test_twelve_tickets_get_one_answer(counted, tmp_path, model, deadlines, code, posts_a_run, parallel):
    """Of the requests under way at once, those after the fifth failure are all that can be too many."""
    lab_endpoint(counted, **deadlines)

    answers = triage(tmp_path, parallel=parallel, model=model)

    assert [answer["verdict"]["code"] for answer in answers] == [code] * TICKETS
    assert all(answer["attempts"] for answer in answers)
    assert {bool(answer["borrowed"]) for answer in answers if answer["not_probed"]} <= {True}
    most = min(OPENS_AT + parallel - 1, TICKETS)
    assert OPENS_AT * posts_a_run <= counted.counters.posts() <= most * posts_a_run
    assert list(rejudge_stored()) == []


def test_one_after_another_five_probes_answer_twelve_tickets(counted, tmp_path):
    lab_endpoint(counted)

    triage(tmp_path, parallel=1, model="overloaded_503")

    assert counted.counters.posts() == OPENS_AT
    assert Run.objects.filter(refusal="breaker_open").count() == TICKETS - OPENS_AT
    lenders = set(Investigation.objects.exclude(borrowed=None).values_list("borrowed__state", flat=True))
    assert lenders == {Run.State.FINISHED}


def test_an_endpoint_that_cannot_be_reached_is_so_for_every_model(tmp_path, free_port):
    address = f"127.0.0.1:{free_port}"
    endpoint = {"base_url": f"http://{address}/v1", "allow_addresses": [address]}
    Endpoint.objects.create(slug="lab", protocol="openai_chat", probe_model="m", **endpoint)

    answers = triage(tmp_path, parallel=2)

    assert {answer["verdict"]["code"] for answer in answers} == {"reach.connect"}
    assert {answer["not_probed"] for answer in answers} == {"", "breaker_open_reach"}


def test_the_page_says_why_and_whose_probe_it_is_judged_by(counted, tmp_path):
    lab_endpoint(counted)
    triage(tmp_path, parallel=1, model="overloaded_503")
    held_back = Investigation.objects.exclude(borrowed=None).earliest("pk")
    lender = held_back.borrowed.investigation.ticket

    page = client_of(Role.SUPPORT, language="en").get(held_back.ticket.get_absolute_url()).content.decode()

    assert "The breaker of this model is open after five failures" in page
    assert f"{localtime(held_back.run.refused_until):%Y-%m-%d %H:%M:%S}" in page
    assert "for another ticket, less than a minute earlier" in page
    assert f'<a href="{lender.get_absolute_url()}">{lender.ref}</a>' in page


def test_the_history_and_the_command_line_say_it_too(counted, tmp_path):
    lab_endpoint(counted)
    triage(tmp_path, parallel=1, model="overloaded_503")
    run = Run.objects.filter(refusal="breaker_open").earliest("pk")

    page = client_of(Role.ENGINEER, language="en").get(f"/history/{run.pk}/").content.decode()
    with pytest.raises(CommandError, match=r"not probed: breaker_open: .* It may be tried again from 20"):
        call_command("probe", "--endpoint", "lab", "--model", "overloaded_503")

    assert "The breaker of this model is open" in page
    assert f"{localtime(run.refused_since):%Y-%m-%d %H:%M:%S}" in page
