"""Cuts that fit a time limit which some hop is shipped with."""

import pytest

from tests.triage.verdicts.steps import CONTROL, CUT, judged, seen, step
from triage.verdicts.case import Confidence


def cut_after(silence_ms: float, *, flowed_ms: float = 1900, **changes):
    return judged(
        CONTROL, step("stream", **CUT, last_byte_ms=flowed_ms, total_ms=flowed_ms + silence_ms, **changes)
    )


@pytest.mark.parametrize(("silence_ms", "limit_s"), [(1000.4, 1), (1960, 2), (2049, 2)])
def test_a_short_round_silence_before_a_cut_may_be_a_hops_patience(silence_ms, limit_s):
    verdict = cut_after(silence_ms)

    assert (verdict.code, verdict.confidence) == ("stream.cut", Confidence.CERTAIN)
    assert verdict.alternatives == ("stream.truncated", "timeout.our_proxy")
    assert seen(verdict, "stream")["limit_s"] == limit_s


@pytest.mark.parametrize("limit_s", [5, 10, 15, 20, 30, 60, 90, 100, 120, 300, 600])
def test_a_long_round_silence_names_the_hop_first(limit_s):
    verdict = cut_after(1000 * limit_s + 7)

    assert verdict.code == "stream.stalled"
    assert verdict.alternatives[0] == "timeout.our_proxy"
    assert seen(verdict, "stream")["limit_s"] == limit_s


def test_a_whole_answer_cut_at_a_round_time_fits_a_limit_too():
    verdict = cut_after(20, flowed_ms=59_990)

    assert (verdict.code, seen(verdict, "stream")["limit_s"]) == ("stream.cut", 60)


@pytest.mark.parametrize(
    ("silence_ms", "flowed_ms"),
    [(1100, 1900), (1940, 1900), (3000, 1900), (7300, 1900), (10, 1990), (10, 4990)],
)
def test_any_other_cut_fits_no_limit(silence_ms, flowed_ms):
    verdict = cut_after(silence_ms, flowed_ms=flowed_ms)

    assert "timeout.our_proxy" not in verdict.alternatives
    assert "limit_s" not in seen(verdict, "stream")
