import shlex
import subprocess
import sys

import pytest

from probes.runs.plan import Step
from triage.history.reproduce import Target, curl_for, python_for


def step(**wanted) -> Step:
    return Step(
        **{"kind": "stream", "protocol": "openai_chat", "model": "m", "prompt": "Hi", "max_tokens": 5}
        | wanted
    )


def to(base_url: str, *, protocol: str = "openai_chat") -> Target:
    return Target(base_url=base_url, protocol=protocol, total_s=20)


def words_of(command: str) -> list[str]:
    """What a shell would hand to curl, with the key's variable filled in."""
    printed = subprocess.run(
        ["bash", "-c", "set -- " + command.removeprefix("curl ") + '; printf "%s\\0" "$@"'],
        env={"PROBE_KEY": "k-1"},
        capture_output=True,
        check=True,
    )
    return printed.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("protocol", ["openai_chat", "openai_responses", "anthropic"])
def test_a_shell_reads_the_command_as_one_request_with_the_key(protocol):
    words = words_of(curl_for(step(protocol=protocol), to("https://api.example/v1")))

    assert any(word.startswith("https://api.example/v1/") for word in words)
    assert any("k-1" in word for word in words)
    assert any('"stream":true' in word.replace(" ", "") for word in words)


def test_quotes_and_dollars_of_a_prompt_stay_what_they_are():
    prompt = 'it\'s $HOME `id` "quoted"'

    words = words_of(curl_for(step(prompt=prompt), to("https://api.example/v1")))

    assert any("it's $HOME `id`" in word for word in words)


def test_a_look_up_sends_no_body():
    command = curl_for(
        step(kind="status", protocol="media_task", task_id="task_7"), to("https://a.example/v1")
    )

    assert "--data-raw" not in shlex.split(command)
    assert "task_7" in command


def test_credentials_of_a_base_url_do_not_travel_into_the_command():
    command = curl_for(step(), to("https://user:secret@api.example/v1"))

    assert "secret" not in command


@pytest.mark.parametrize(
    ("kind", "base", "option"),
    [
        ("http2", "https://api.example/v1", "--http2"),
        ("http2", "http://127.0.0.1:8801/v1", "--http2-prior-knowledge"),
        ("gzip", "https://api.example/v1", "--compressed"),
        ("websocket", "https://api.example/v1", "--http1.1"),
    ],
)
def test_curl_is_told_what_only_that_kind_needs(kind, base, option):
    asked, plain = step(kind=kind, path="/realtime"), step(kind="stream")

    assert option in words_of(curl_for(asked, to(base)))
    assert option not in words_of(curl_for(plain, to(base)))


def test_gzip_asks_for_the_very_coding_that_the_probe_asked_for():
    words = words_of(curl_for(step(kind="gzip"), to("https://api.example/v1")))

    assert [word for word in words if word.startswith("accept-encoding")] == ["accept-encoding: gzip"]


def test_a_look_up_goes_where_the_endpoint_keeps_it():
    balance = curl_for(step(kind="balance", path="/user/balance"), to("https://a.example/v1"))
    task = curl_for(
        step(kind="status", protocol="media_task", task_id="t/7", path="/jobs/{task_id}"),
        to("https://a.example/v1"),
    )

    assert "https://a.example/v1/user/balance" in words_of(balance)
    assert "https://a.example/v1/jobs/t%2F7" in words_of(task)


def test_a_websocket_is_asked_for_with_its_handshake_and_the_key():
    words = words_of(curl_for(step(kind="websocket", path="/realtime?model=m"), to("https://a.example/v1")))

    assert "https://a.example/v1/realtime?model=m" in words
    assert {"upgrade: websocket", "connection: Upgrade"} <= set(words)
    assert "authorization: Bearer k-1" in words


def test_the_python_script_runs_as_it_stands_and_prints_every_piece(lab):
    script = python_for(step(model="ok"), to(f"{lab.base_url}/v1"))

    printed = subprocess.run(
        [sys.executable, "-c", script],
        env={"PROBE_KEY": "sk-lab-x"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert printed.startswith("HTTP/1.1 200 ")
    assert printed.count("b'data: ") > 5


@pytest.mark.parametrize("kind", ["control", "gzip", "http2", "tool", "models"])
def test_every_script_compiles_and_reads_the_key_from_the_environment(kind):
    script = python_for(step(kind=kind, prompt='it\'s "quoted"\n{}'), to("https://a.example/v1"))

    compile(script, "by_hand.py", "exec")
    assert "os.environ['PROBE_KEY']" in script
    assert ("http1=False, http2=True" in script) is (kind == "http2")


def test_a_task_is_looked_up_with_the_key_where_the_endpoints_own_protocol_has_it():
    asked = step(kind="status", protocol="media_task", task_id="task_7")
    target = to("https://a.example", protocol="anthropic")

    assert "x-api-key: k-1" in words_of(curl_for(asked, target))
    assert "'x-api-key': ''" in python_for(asked, target)
