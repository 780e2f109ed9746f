"""Requests on the wire against rows of the ledger."""

import pytest

from tests.triage.charges.lines import line
from triage.charges.finding import ChargeCode, ChargeFinding, Remark
from triage.charges.retries import count_requests, hidden_retries, with_requests_counted


@pytest.mark.parametrize(
    ("client", "retries"),
    [
        ("openai-python 3.52.0", 2),
        ("Anthropic SDK", 2),
        ("LangChain", 2),
        ("curl", 0),
        ("python-requests", 0),
        ("our own gateway", None),
        ("", None),
    ],
)
def test_a_client_repeats_by_itself(client, retries):
    assert hidden_retries(client) == retries


@pytest.mark.parametrize(
    ("declared", "client", "at_least", "at_most"),
    [
        (0, "openai-python", 1, 3),
        (1, "openai-python", 2, 6),
        (2, "curl", 3, 3),
        (None, "openai-python", 1, 3),
        (2, "", 3, None),
        (None, "", 1, None),
    ],
)
def test_so_many_requests_went_out(declared, client, at_least, at_most):
    count = count_requests(3, declared=declared, client=client)

    assert (count.at_least, count.at_most) == (at_least, at_most)


@pytest.mark.parametrize(
    ("rows", "declared", "client", "remark"),
    [
        (3, 0, "openai-python", Remark.RETRIES_EXPLAIN_ROWS),
        (3, 2, "curl", Remark.RETRIES_EXPLAIN_ROWS),
        (3, 2, "", Remark.RETRIES_EXPLAIN_ROWS),
        (4, 2, "", None),  # nobody knows what the client adds
        (4, 0, "openai-python", Remark.MORE_ROWS_THAN_REQUESTS),
        (2, 2, "curl", Remark.FEWER_ROWS_THAN_REQUESTS),
        (2, None, "", None),
    ],
)
def test_the_arithmetic_says_whether_retries_explain_the_rows(rows, declared, client, remark):
    lines = [line() for _ in range(rows)]
    finding = ChargeFinding(code=ChargeCode.DOUBLE_SUBMIT)

    counted = with_requests_counted(finding, lines, declared=declared, client=client)

    assert counted.wire_count.rows == rows
    assert counted.remarks == ((remark,) if remark else ())
    assert [set(said.charge_ids) for said in counted.statements] == (
        [{each.charge_id for each in lines}] if remark else []
    )
