import shlex
import subprocess

import pytest

from probes.runs.plan import Step
from triage.history.reproduce import curl_for


def step(**wanted) -> Step:
    return Step(
        **{"kind": "stream", "protocol": "openai_chat", "model": "m", "prompt": "Hi", "max_tokens": 5}
        | wanted
    )


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
    words = words_of(curl_for(step(protocol=protocol), base_url="https://api.example/v1", total_s=120))

    assert any(word.startswith("https://api.example/v1/") for word in words)
    assert any("k-1" in word for word in words)
    assert any('"stream":true' in word.replace(" ", "") for word in words)


def test_quotes_and_dollars_of_a_prompt_stay_what_they_are():
    prompt = 'it\'s $HOME `id` "quoted"'

    words = words_of(curl_for(step(prompt=prompt), base_url="https://api.example/v1", total_s=60))

    assert any("it's $HOME `id`" in word for word in words)


def test_a_look_up_sends_no_body():
    command = curl_for(
        step(kind="status", protocol="media_task", task_id="task_7"),
        base_url="https://a.example/v1",
        total_s=60,
    )

    assert "--data-raw" not in shlex.split(command)
    assert "task_7" in command


def test_credentials_of_a_base_url_do_not_travel_into_the_command():
    command = curl_for(step(), base_url="https://user:secret@api.example/v1", total_s=60)

    assert "secret" not in command
