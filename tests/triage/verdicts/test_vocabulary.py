"""What a ticket and a ledger can say: the rest of the fact vocabulary."""

import pytest

from tests.cases.labelled import NOW
from triage.charges.rows import LedgerRow
from triage.verdicts.intake import read_intake

TYPED = {
    "status_code": 502,
    "error_text": "upstream_error: bad gateway",
    "stream": "yes",
    "client": "openai-python",
    "client_version": "3.52.0",
    "via_proxy": "no",
    "retry_count": 2,
    "model": "gpt-4o",
    "occurred_at": "2026-11-21T12:00:00+08:00",
    "elapsed_s": "61",
    "task_id": "task_1",
    "charged": "yes",
    "request_ids": ["req_1", "req_2"],
}


@pytest.mark.parametrize("name", TYPED)
def test_a_ticket_declares(name):
    intake = read_intake(TYPED, now=NOW)

    assert getattr(intake, name) not in (None, "", ())


@pytest.mark.parametrize("name", ["kind", "amount", "occurred_at", "charge_id", "task_key", "request_key"])
def test_a_ledger_row_has(name):
    assert name in LedgerRow._fields
