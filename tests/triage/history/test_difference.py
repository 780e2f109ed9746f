"""One sentence says what differs, in both languages."""

import pytest
from django.utils import translation

from triage.history.comparison import FactRow
from triage.history.difference import StepDifference, one_sentence

RUNS = ("Run 5", "Run 7")


def row(name: str, *values: str) -> FactRow:
    return FactRow(name, name, values, differs=True)


def told(*steps: StepDifference, runs=RUNS, common: bool = True, language: str = "en") -> str:
    with translation.override(language):
        return one_sentence(runs, steps, has_common_request=common)


def test_the_most_telling_fact_and_header_are_named_and_the_rest_counted():
    stream = StepDifference(
        "Stream request",
        facts=[row("status", "200", "502"), row("total_ms", "1 s", "9 s")],
        headers=[row("server", "nginx", "cloudflare"), row("via", "missing", "1.1 varnish")],
    )

    assert told(stream) == (
        "What differs: Stream request, status: 200 in Run 5, 502 in Run 7; "
        "Stream request, header server: nginx in Run 5, cloudflare in Run 7; and 2 things more."
    )


def test_a_failure_of_the_second_request_is_named_before_a_slower_first_one():
    control = StepDifference("Control request", [row("total_ms", "1 s", "9 s")], [])
    stream = StepDifference("Stream request", [row("failure", "none", "reset")], [])

    assert told(control, stream).startswith("What differs: Stream request, failure")


def test_runs_that_say_the_same_are_named_together():
    stream = StepDifference("Stream request", [row("status", "200", "502", "200", "200")], [])

    sentence = told(stream, runs=("Run 1", "Run 2", "Run 3", "Run 4"))

    assert "200 in Run 1, Run 3 and Run 4, 502 in Run 2" in sentence


def test_a_run_that_lacks_the_request_is_not_named():
    stream = StepDifference("Stream request", [row("status", "200", "", "502")], [])

    assert "Run 2" not in told(stream, runs=("Run 1", "Run 2", "Run 3"))


def test_a_long_value_is_cut():
    stream = StepDifference("Stream request", [row("error_message", "x" * 500, "none")], [])

    assert len(told(stream)) < 200


def test_nothing_that_differs_is_said_too():
    assert (
        told()
        == "Nothing that matters differs between Run 5 and Run 7: they were answered alike, in like times."
    )


def test_without_a_common_request_the_sentence_says_so():
    assert told(common=False).startswith("The runs have no request in common")


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        (
            [StepDifference("流式请求", [row("status", "200", "502")], [row("server", "nginx", "缺失")])],
            "不同之处：流式请求的“status”：探测 5 为 200，探测 7 为 502；"
            "流式请求的“响应头 server”：探测 5 为 nginx，探测 7 为 缺失。",
        ),
        ([], "探测 5 和探测 7 没有要紧的不同：回答相同，用时相近。"),
    ],
)
def test_the_same_is_said_in_chinese(steps, sentence):
    assert told(*steps, runs=("探测 5", "探测 7"), language="zh-hans") == sentence
