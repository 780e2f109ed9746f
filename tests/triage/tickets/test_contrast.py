from dataclasses import replace

import pytest
from django.utils import translation

from probes.wire.comparison import Difference, compare
from tests.probes.wire.test_comparison import CONTROL, STREAM
from triage.tickets import contrast as told
from triage.tickets.contrast import contrast


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_every_difference_has_a_sentence():
    assert set(told._SENTENCES) == set(Difference)


def test_two_that_agree_say_so_with_both_numbers():
    assert contrast(compare(CONTROL, STREAM)) == [
        "Control and stream agree: 2700 and 2650 characters of text."
    ]


def test_a_shorter_stream_that_claims_to_be_whole_is_told_with_both_counts():
    assert contrast(compare(CONTROL, replace(STREAM, content_chars=500))) == [
        "The stream is shorter: 500 characters, the control has 2700; yet it claims to be complete."
    ]


def test_hops_are_told_by_their_headers():
    other = replace(STREAM, headers={"server": "cloudflare", "cf-cache-status": "DYNAMIC"})

    assert contrast(compare(CONTROL, other)) == [
        "They came over different hops (control / stream): "
        "server nginx / cloudflare, cf-cache-status – / DYNAMIC."
    ]


def test_all_that_differs_is_told_at_once():
    other = replace(
        STREAM,
        first_content_ms=3900,
        finish_reason="length",
        completion_tokens=20,
        model_reported="m-2",
        address="192.0.2.7",
    )

    assert len(contrast(compare(CONTROL, other))) == 5


def test_nothing_is_told_of_what_was_never_answered():
    assert contrast(compare(CONTROL, replace(STREAM, status=None))) == []
