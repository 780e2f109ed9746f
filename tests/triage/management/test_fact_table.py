"""What an engineer reads below a probe: as wide as a terminal, however many requests there were."""

import pytest

from probes.wire.facts import Facts
from triage.management.fact_table import fact_table

LONGEST_LABEL = 50
ATTEMPT = {"status": 200, "model_reported": "a-model-with-a-long-name-" * 3}


@pytest.mark.parametrize("attempts", [1, 2, 6, 7, 20])
def test_no_line_is_wider_than_a_wide_terminal(attempts):
    table = fact_table([Facts(step="repeat", **ATTEMPT)] * attempts)

    assert max(map(len, table.splitlines())) <= LONGEST_LABEL + 120 + 2 * 6


def test_every_attempt_has_its_column_and_the_same_kind_is_numbered():
    table = fact_table([Facts(step="stream", **ATTEMPT), *[Facts(step="repeat", **ATTEMPT)] * 7])

    heads = [line.split() for line in table.splitlines() if "repeat" in line]
    assert [" ".join(words) for words in heads] == [
        "stream repeat 1 repeat 2 repeat 3 repeat 4 repeat 5",
        "repeat 6 repeat 7",
    ]


def test_a_run_without_attempts_has_no_table():
    assert fact_table([]) == ""
