"""Tickets from a file: each line gets its answer or its own complaint, whatever the others hold."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from triage.tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)
PASTED_KEY = "sk-" + "a1B2c3D4" * 6


def triage(folder: Path, *lines: str, parallel: str = "2") -> tuple[list[dict], str]:
    """The answers by JSON, and what was said on stderr, the summary included."""
    file = folder / "tickets.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    out, errors = io.StringIO(), io.StringIO()
    try:
        call_command("triage", str(file), "--json", "--parallel", parallel, stdout=out, stderr=errors)
    except CommandError as error:
        errors.write(str(error))
    return [json.loads(line) for line in out.getvalue().splitlines()], errors.getvalue()


def ticket(**fields) -> str:
    return json.dumps(fields)


def test_every_ticket_is_answered_with_its_own_id(tmp_path):
    answers, errors = triage(
        tmp_path, ticket(id="a", error_text="HTTP 402 Insufficient Balance"), ticket(id=2)
    )

    assert {answer["id"] for answer in answers} == {"a", 2}
    assert errors == ""


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("not json", "line 1: not JSON"),
        ("[1, 2]", "line 1: expected an object, found list"),
        (ticket(endpoint="nowhere"), 'line 1: endpoint: there is no endpoint "nowhere"'),
        ('{"model": "\\ud800"}', "line 1: not JSON"),
    ],
)
def test_a_wrong_line_is_named_and_the_others_are_answered(tmp_path, line, complaint):
    answers, errors = triage(tmp_path, line, ticket(id="good"))

    assert [answer["id"] for answer in answers] == ["good"]
    assert complaint in errors
    assert "1 of 2 lines" in errors


def test_what_nests_too_deep_to_be_checked_is_withheld_and_the_ticket_answered(tmp_path):
    answers, errors = triage(tmp_path, '{"id": "deep", "notes": ' + "[" * 900 + "]" * 900 + "}")

    assert [answer["id"] for answer in answers] == ["deep"]
    assert errors == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"error_text": "a\x00b", "request_ids": ["a\x00b"], "task_id": "t\x00"},
        {"model": "m" * 1000, "account_ref": "z" * 5000, "request_ids": ["r" * 5000] * 100},
        {"model": ["a", "b"], "error_text": {"a": [1]}, "client": 7, "request_ids": {"a": 1}, "stream": []},
        {"elapsed_s": 1e308, "retry_count": -3, "concurrency": 10**18, "status_code": -1},
        {"occurred_at": "9999-12-31 23:59 -12:00"},
        {"occurred_at": "0001-01-01 00:30 UTC+8"},
        {"protocol": "grpc", "workload": "quantum", "symptom": "???", "stream": "perhaps"},
    ],
)
def test_odd_values_are_read_as_far_as_they_go(tmp_path, fields):
    answers, errors = triage(tmp_path, ticket(id="odd", **fields))

    assert [answer["id"] for answer in answers] == ["odd"]
    assert errors == ""


def test_a_key_in_the_name_of_a_field_is_not_stored(tmp_path):
    answers, _ = triage(tmp_path, ticket(**{f"my key {PASTED_KEY}": f"again {PASTED_KEY}"}))

    assert PASTED_KEY not in str(Ticket.objects.values().get())
    assert PASTED_KEY not in str(answers)


def test_a_paste_fills_what_the_line_leaves_out_and_is_not_kept(tmp_path):
    pasted = f"模型：gpt-4o\n状态码：429\n密钥：{PASTED_KEY}\n时间：2026-03-28 14:05"

    answers, errors = triage(tmp_path, ticket(model="glm-4", zone="UTC", paste=pasted))

    stored = Ticket.objects.get()
    assert (stored.model, stored.status_code, stored.zone) == ("glm-4", 429, "UTC")
    assert stored.occurred_at.isoformat() == "2026-03-28T14:05:00+00:00"
    assert PASTED_KEY not in json.dumps([answers, errors])
    assert answers[0]["masked"][0]["field"] == "paste"


@pytest.mark.parametrize("parallel", ["0", "-1", "many", "101"])
def test_a_wrong_number_of_tickets_at_a_time_is_bad_usage(tmp_path, parallel):
    _, errors = triage(tmp_path, ticket(), parallel=parallel)

    assert "from 1 to 100" in errors


def test_a_missing_file_is_one_clear_line():
    with pytest.raises(CommandError, match="No such file"):
        call_command("triage", "nowhere.jsonl")
