import pytest
from django.utils import translation

from probes.wire.facts import EndMode
from triage.tickets.wording.values import fact_text, seconds_text


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0 ms"), (99.4, "99 ms"), (100, "0.10 s"), (9_999, "10.00 s"), (61_234, "61.2 s")]
)
def test_a_duration_is_told_as_precisely_as_it_can_be_used(ms, text):
    assert seconds_text(ms).replace("\N{NO-BREAK SPACE}", " ") == text


def test_only_streams_have_an_end_marker_to_miss():
    assert fact_text("end_mode", EndMode.CLEAN_EOF, step="control") == "answer complete"
    assert fact_text("end_mode", EndMode.CLEAN_EOF, step="stream") == "closed without an end marker"
