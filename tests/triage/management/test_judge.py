"""Verdicts from files, and stored cases under today's rules."""

import io
import json
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from probes.endpoints.models import Endpoint
from probes.redaction.actions import current_redactor
from probes.runs.models import Attempt, Run
from tests.probes.runs.builders import NOW, make_endpoint, make_run
from tests.triage.tickets.builders import make_verdict
from triage.tickets.actions.run_investigation import run_investigation
from triage.tickets.actions.submit_ticket import submit_ticket
from triage.tickets.models import Investigation, Ticket, VerdictCorrection
from triage.verdicts.codec import verdict_as_dict

REFUSED = {"status": 402, "body_kind": "json_error", "error_message": "Insufficient Balance"}


def judge(*arguments: str) -> list[dict]:
    out = io.StringIO()
    call_command("judge", *arguments, "--json", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def write(tmp_path, *lines: object) -> str:
    file = tmp_path / "cases.jsonl"
    file.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return str(file)


def test_facts_of_a_file_get_a_verdict(tmp_path):
    case = {"id": "a", "declared": {"status_code": 402}, "attempts": {"control": REFUSED}}

    (judged,) = judge(write(tmp_path, case))

    assert (judged["id"], judged["verdict"]["code"]) == ("a", "balance.empty")


def test_a_paste_fills_what_the_line_does_not_declare(tmp_path):
    pasted = "openai.APIStatusError: Error code: 402 - {'error': {'message': 'Insufficient Balance'}}"

    in_it, beside = judge(
        write(tmp_path, {"id": "a", "declared": {"paste": pasted}}, {"id": "b", "paste": pasted})
    )

    assert (in_it["verdict"]["code"], beside["verdict"]["code"]) == ("balance.empty", "balance.empty")


def test_a_key_in_a_paste_is_in_no_verdict(tmp_path):
    key = "sk-" + "a1B2" * 12

    judged = judge(write(tmp_path, {"declared": {"paste": f"Incorrect API key provided: {key}"}}))

    assert key not in json.dumps(judged)


def test_a_bad_line_is_named_and_the_others_are_judged(tmp_path, capsys):
    file = write(tmp_path, {"id": "a"}, "{broken", [1], {"id": "d", "attempts": "none"}, {"id": "e"})
    out, err = io.StringIO(), io.StringIO()

    with pytest.raises(CommandError, match="3 of 5"):
        call_command("judge", file, "--json", stdout=out, stderr=err)

    assert [json.loads(line)["id"] for line in out.getvalue().splitlines()] == ["a", "e"]
    for number in (2, 3, 4):
        assert f"line {number}:" in err.getvalue()


def test_a_missing_file_is_one_clear_line(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.jsonl"):
        judge(str(tmp_path / "nowhere.jsonl"))


@pytest.mark.django_db
def test_stored_cases_are_judged_again_and_only_changes_are_told():
    ticket = submit_ticket(
        fields_typed={"error_text": "402 Insufficient Balance"},
        author=None,
        now=NOW,
        redactor=current_redactor(),
        enqueue=lambda _: None,
    )
    run_investigation(ticket.investigations.get().pk, clock=lambda: NOW)
    assert judge() == []

    stored = Investigation.objects.get()
    stored.verdict["code"] = "upstream.error"
    stored.save()

    (change,) = judge()
    assert (change["ref"], change["was"]["code"]) == (ticket.ref, "upstream.error")
    assert change["now"]["code"].startswith("balance.")
    assert (change["person"], change["agrees"]) == (None, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "agrees"), [("balance.empty", True), ("stream.cut", False), ("upstream.error", False)]
)
def test_a_change_is_held_against_what_an_engineer_said(said, agrees):
    investigation = Investigation.objects.create(
        ticket=Ticket.objects.create(error_text="402 Insufficient Balance", created_at=NOW),
        verdict=verdict_as_dict(make_verdict(code="upstream.error")),
        verdict_code="upstream.error",
        owner="upstream",
        created_at=NOW,
        concluded_at=NOW,
    )
    VerdictCorrection.objects.create(
        investigation=investigation, code=said, owner="customer", reason="-", corrected_at=NOW
    )

    (change,) = judge()

    assert change["person"] == {"code": said, "owner": "customer"}
    assert change["agrees"] is agrees
    out = io.StringIO()
    call_command("judge", stdout=out)
    words = "which agrees" if agrees else "which does not agree"
    assert out.getvalue().endswith(f"an engineer had said {said} (customer), {words}\n")


def _stored(code: str, *, count: int = 1, at: datetime = NOW) -> None:
    for _ in range(count):
        Investigation.objects.create(
            ticket=Ticket.objects.create(error_text="402 Insufficient Balance", created_at=at),
            verdict=verdict_as_dict(make_verdict(code=code)),
            verdict_code=code,
            owner="upstream",
            created_at=at,
            concluded_at=at,
        )


@pytest.mark.django_db
def test_changes_are_counted_by_pair_of_classes():
    _stored("upstream.error", count=2)
    _stored("stream.cut")
    err = io.StringIO()

    call_command("judge", stdout=io.StringIO(), stderr=err)

    first, *pairs = err.getvalue().splitlines()
    assert first == "3 judged, 3 would change"
    assert [pair.split() for pair in pairs] == [
        ["2", "upstream.error", "->", "balance.empty"],
        ["1", "stream.cut", "->", "balance.empty"],
    ]


@pytest.mark.django_db
def test_only_the_newest_or_the_latest_are_judged():
    _stored("upstream.error", at=NOW - timedelta(days=2))
    _stored("stream.cut")

    assert [change["was"]["code"] for change in judge("--limit", "1")] == ["stream.cut"]
    assert [change["was"]["code"] for change in judge("--since", NOW.isoformat())] == ["stream.cut"]
    assert len(judge()) == 2


@pytest.mark.django_db
def test_as_a_gate_it_ends_with_1_when_a_verdict_would_change():
    assert judge("--check") == []
    _stored("upstream.error")

    with pytest.raises(CommandError, match="1 of 1 verdicts would change") as refused:
        judge("--check")

    assert refused.value.returncode == 1


@pytest.mark.django_db
def test_a_row_that_cannot_be_read_stops_no_other():
    _stored("upstream.error")
    Investigation.objects.update(verdict={"codes": "?"})
    _stored("stream.cut")
    out, err = io.StringIO(), io.StringIO()

    with pytest.raises(CommandError, match="1 stored cases could not be judged"):
        call_command("judge", stdout=out, stderr=err)

    assert "stream.cut" in out.getvalue()
    assert "cannot be judged (KeyError)" in err.getvalue()


def _run(**facts: object) -> Run:
    """A finished run whose attempts showed these facts."""
    run = make_run(Endpoint.objects.first() or make_endpoint())
    Attempt.objects.filter(run=run).update(state=Attempt.State.DONE, facts=facts)
    run.state = Run.State.FINISHED
    run.finished_at = NOW
    run.save()
    return run


def _probed_again(*, count: int) -> None:
    """Tickets without a word: a first run met a fault, what was sent after it met nothing."""
    for _ in range(count):
        ticket = Ticket.objects.create(created_at=NOW)
        known = {
            "ticket": ticket,
            "verdict": verdict_as_dict(make_verdict(code="stream.cut")),
            "created_at": NOW,
        }
        known |= {"verdict_code": "stream.cut", "concluded_at": NOW}
        first = Investigation.objects.create(run=_run(**REFUSED), borrowed=_run(), **known)
        Investigation.objects.create(run=_run(), borrowed=_run(), builds_on=first, **known)


@pytest.mark.django_db
def test_a_further_step_is_judged_again_by_what_was_seen_before_as_well():
    _probed_again(count=1)

    assert [change["now"]["code"] for change in judge()] == ["balance.empty", "balance.empty"]


@pytest.mark.django_db
def test_many_stored_cases_are_read_by_as_many_queries_as_a_few(django_assert_max_num_queries):
    _probed_again(count=12)

    with django_assert_max_num_queries(8):
        assert len(judge()) == 24


@pytest.mark.parametrize(
    "wrong", [("--limit", "0"), ("--limit", "x"), ("--since", "once"), ("nowhere.jsonl", "--check")]
)
def test_bad_usage_is_refused(wrong):
    with pytest.raises(CommandError):
        call_command("judge", *wrong)
