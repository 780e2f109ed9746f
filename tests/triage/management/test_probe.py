"""One probe from the shell: its facts, its verdict, or one line that says why not."""

import io
import json
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from probes.endpoints.models import Endpoint
from probes.lab.server import Lab
from probes.runs.models import Attempt, Run
from tests.journeys.desk import lab_endpoint
from tests.supervision.desk import a_var_folder, manage

pytestmark = pytest.mark.django_db


@pytest.fixture
def endpoint(lab: Lab) -> Endpoint:
    return lab_endpoint(lab)


def probe(*arguments: str) -> dict:
    out = io.StringIO()
    call_command("probe", "--endpoint", "lab", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_a_healthy_model_is_probed_twice_and_judged(endpoint):
    result = probe("--model", "ok")

    assert [facts["step"] for facts in result["attempts"]] == ["control", "stream"]
    assert result["verdict"]["code"] == "ok.not_reproduced"


def test_one_step_can_be_asked_for_alone(endpoint):
    result = probe("--model", "ok", "--steps", "stream")

    assert [facts["step"] for facts in result["attempts"]] == ["stream"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--model", "m" * 201), "longer than 200"),
        (("--model", "sora-2"), "never submits one"),
        (("--protocol", "grpc"), "offers openai_chat, not grpc"),
        (("--steps", "submit"), "not submit"),
        (("--steps", ","), "not nothing"),
        (("--steps", "status"), "by its task ID, and there is none"),
        (("--steps", "repeat:11"), 'repeat takes a number from 2 to 10, not "11"'),
        (("--steps", "route:inner"), "no such second route"),
        (("--steps", "balance"), "No balance path is set"),
        (("--steps", "websocket"), "No WebSocket path is set"),
        (("--steps", "model"), "model:NAME"),
        (("--endpoint", "nowhere"), 'no endpoint "nowhere"'),
    ],
)
def test_what_cannot_be_probed_is_said_and_leaves_no_run(endpoint, arguments, complaint):
    with pytest.raises(CommandError, match=complaint):
        probe(*arguments)

    assert not Run.objects.exists()


@pytest.mark.parametrize(
    "arguments", [("--steps", "submit"), ("--steps", "repeat:x"), ("--model", "m" * 201)]
)
def test_arguments_that_can_never_be_right_are_bad_usage(endpoint, arguments):
    with pytest.raises(CommandError) as refused:
        probe(*arguments)

    assert refused.value.returncode == 2


def test_a_paused_endpoint_is_not_probed(endpoint):
    Endpoint.objects.update(paused=True)

    with pytest.raises(CommandError, match="not probed: endpoint_paused"):
        probe()


@pytest.mark.slow
def test_an_argument_that_is_no_text_is_bad_usage():
    with a_var_folder() as var:
        door = manage(var, "probe", "--endpoint", "\udcff")

    assert (door.returncode, door.stderr) == (2, "manage.py: argument 3 is not valid UTF-8\n")


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("probe", "--endpoint", "lab", *arguments, stdout=out)
    return out.getvalue()


def test_in_words_the_facts_stand_side_by_side_above_the_verdict(endpoint):
    shown = said("--model", "no_done", "--commands")

    heads = shown.splitlines()[0].split()
    assert heads == ["control", "stream"]
    assert "verdict: stream.marker_missing" in shown
    assert "curl -sS -N" in shown and "os.environ['PROBE_KEY']" in shown
    assert "sk-lab" not in shown


def test_the_plan_tells_its_cost_and_sends_nothing(endpoint):
    shown = said("--plan", "--steps", "control,repeat:3")

    assert shown.count("at most") == 5
    assert not Run.objects.exists()


def test_an_archive_holds_every_request_that_was_sent_and_no_key(endpoint, tmp_path):
    archive = tmp_path / "run.har"

    said("--model", "ok", "--har", str(archive))

    entries = json.loads(archive.read_text())["log"]["entries"]
    assert [entry["response"]["status"] for entry in entries] == [200, 200]
    assert all(entry["timings"]["wait"] > 0 for entry in entries)
    assert "sk-lab" not in archive.read_text()


def test_an_archive_tells_also_of_a_request_that_reached_nobody(endpoint, tmp_path):
    archive, before = tmp_path / "run.har", timezone.now()
    Endpoint.objects.update(base_url="http://127.0.0.1:1/v1", allow_addresses=["127.0.0.1:1"])

    said("--har", str(archive))

    (entry,) = json.loads(archive.read_text())["log"]["entries"]
    assert (entry["response"]["status"], entry["_facts"]["failure"]) == (0, "connect_refused")
    assert before <= datetime.fromisoformat(entry["startedDateTime"]) + timedelta(milliseconds=1)


def test_an_archive_that_cannot_be_written_stops_the_probe_before_it_is_sent(endpoint, tmp_path):
    with pytest.raises(CommandError, match="--har: No such file"):
        said("--har", str(tmp_path / "nowhere" / "run.har"))

    assert not Run.objects.exists()


class Interrupting(io.StringIO):
    """A terminal at which somebody presses Ctrl-C once the request has left."""

    def write(self, text: str) -> int:
        if " sent " in text:
            raise KeyboardInterrupt
        return super().write(text)


def test_whoever_interrupts_a_probe_leaves_a_run_with_its_true_end(endpoint, monkeypatch):
    monkeypatch.setattr("sys.stderr", Interrupting())

    with pytest.raises(KeyboardInterrupt):
        probe("--live")

    run = Run.objects.get()
    control, stream = run.attempts.all()
    assert (run.state, run.settled) == (Run.State.ABANDONED, run.reserved / 2)
    assert (control.state, control.read_facts().skipped) == (Attempt.State.UNKNOWN, "desk_stopped")
    assert stream.state == Attempt.State.SKIPPED


def test_live_draws_on_stderr_and_leaves_stdout_to_programs(endpoint, capsys):
    result = probe("--model", "ok", "--live")

    drawn = capsys.readouterr().err
    assert drawn.count("/v1/chat/completions") == 2
    assert drawn.count("closed") == 2
    assert result["verdict"]["code"] == "ok.not_reproduced"
