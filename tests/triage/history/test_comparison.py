"""Only what differs though it should not is marked as differing."""

from probes.wire.facts import EndMode, Facts, Failure
from triage.history.comparison import fact_rows, header_rows

CONTROL = Facts(
    step="control",
    status=200,
    end_mode=EndMode.CLEAN_EOF,
    burst_count=1,
    finish_reason="stop",
    headers={"server": "nginx"},
)
STREAM = Facts(
    step="stream",
    status=200,
    end_mode=EndMode.DONE,
    burst_count=70,
    finish_reason="stop",
    headers={"server": "nginx", "cache-control": "no-cache"},
)


def marked(*attempts: Facts) -> set[str]:
    return {row.name for row in (*fact_rows(attempts), *header_rows(attempts)) if row.differs}


def test_a_healthy_control_and_stream_differ_in_nothing_that_matters():
    assert marked(CONTROL, STREAM) == set()


def test_look_ups_and_other_questions_are_not_compared():
    balance = Facts(step="balance", status=200, balance="12.5", headers={"server": "other"})
    tool = Facts(step="tool", status=200, tool_calls=1, finish_reason="tool_calls", end_mode=EndMode.DONE)
    skipped = Facts(step="repeat", skipped="paced")

    assert marked(STREAM, balance, tool, skipped) == set()


def test_streams_of_one_request_that_end_differently_are_marked():
    cut = Facts(step="repeat", status=200, end_mode=EndMode.RESET, failure=Failure.RESET)

    assert {"failure", "end_mode", "server"} <= marked(STREAM, cut)


def test_an_attempt_without_an_answer_differs_in_its_failure_alone():
    unanswered = Facts(step="http2", failure=Failure.BAD_PROTOCOL, failure_detail="server does not offer h2")

    assert marked(STREAM, unanswered) == {"failure", "failure_detail", "status"}
