"""How many requests were on the wire, and who says so."""

import pytest
from django.utils import translation

from triage.charges.arithmetic import arithmetic
from triage.charges.finding import WireCount


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("count", "says"),
    [
        (
            WireCount(rows=3, declared_retries=2, hidden_retries=0, client="curl", at_least=3, at_most=3),
            "3 requests on the wire, 3 rows. The ticket says: sent again 2 times. "
            "curl repeats nothing by itself.",
        ),
        (
            WireCount(
                rows=3, declared_retries=0, hidden_retries=2, client="openai-python", at_least=1, at_most=3
            ),
            "1 to 3 requests on the wire, 3 rows. The ticket says: not sent again. "
            "openai-python repeats a failed request up to 2 times by itself.",
        ),
        (
            WireCount(rows=2, declared_retries=None, hidden_retries=None),
            "At least 1 request on the wire, 2 rows. The ticket does not say how often it was sent again. "
            "Whether its client repeats requests by itself is not known.",
        ),
    ],
)
def test_requests_on_the_wire_are_held_against_rows(count, says):
    assert " ".join(arithmetic(count)) == says
