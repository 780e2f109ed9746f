"""The same request several times."""

import pytest

from probes.wire.facts import BodyKind
from tests.triage.verdicts.steps import CONTROL, CUT, REFUSED, STREAM, judged, seen, step
from triage.verdicts.case import Confidence, Owner
from triage.verdicts.playbooks import words_for

BAD_GATEWAY = REFUSED | {"status": 502}


def repeats(*changes: dict):
    return [step("repeat", **change) for change in changes]


def test_some_pass_and_some_fail_and_the_kinds_are_counted():
    verdict = judged(CONTROL, STREAM, *repeats({}, BAD_GATEWAY, CUT, {}))

    assert (verdict.code, verdict.confidence) == ("intermittent", Confidence.CERTAIN)
    assert seen(verdict, "repeat") == {
        "attempts": 5,
        "passed": 3,
        "failed_as": {"502": 1, "stream.cut": 1},
    }
    assert set(verdict.alternatives) == {"edge.gateway_down", "stream.cut"}
    assert "Of 5 tries by the desk, 2 failed: 502 ×1, stream.cut ×1." in words_for(verdict, "en").happened


def test_a_stream_that_broke_once_and_not_again_comes_and_goes():
    verdict = judged(CONTROL, step("stream", **CUT), *repeats({}, {}, {}))

    assert verdict.code == "intermittent"


def test_a_fault_that_every_repeat_shows_is_certain():
    once = judged(CONTROL, step("stream", **BAD_GATEWAY))
    verdict = judged(CONTROL, step("stream", **BAD_GATEWAY), *repeats(BAD_GATEWAY, BAD_GATEWAY))

    assert verdict.code == once.code == "edge.gateway_down"
    assert verdict.confidence is Confidence.CERTAIN
    assert seen(verdict, "repeat")["passed"] == 0


def test_a_failure_that_looks_passing_is_not_when_it_never_passes():
    refused = BAD_GATEWAY | {"body_kind": BodyKind.JSON_ERROR, "error_type": "upstream_error"}

    assert judged(CONTROL, step("stream", **refused)).code == "intermittent"
    verdict = judged(CONTROL, step("stream", **refused), *repeats(refused, refused))

    assert (verdict.code, verdict.confidence) == ("upstream.error", Confidence.CERTAIN)


def test_all_that_fail_in_different_ways_name_each_other():
    verdict = judged(CONTROL, step("stream", **CUT), *repeats(CUT, BAD_GATEWAY))

    assert verdict.code == "stream.cut"
    assert "edge.gateway_down" in verdict.alternatives


def test_when_all_pass_the_number_is_told():
    verdict = judged(CONTROL, STREAM, *repeats({}, {}, {}, {}))

    assert (verdict.code, verdict.confidence) == ("ok.not_reproduced", Confidence.LIKELY)
    assert seen(verdict, "repeat") == {"attempts": 5, "passed": 5}
    assert "All 5 tries passed." in words_for(verdict, "en").happened


@pytest.mark.parametrize(("times", "code"), [(1, "intermittent"), (4, "ok.not_reproduced")])
def test_several_passes_outweigh_a_ticket_that_says_sometimes(times, code):
    assert judged(CONTROL, STREAM, *repeats(*[{}] * times), notes="偶尔失败，重试就好").code == code


def test_a_limit_lets_some_through_and_is_still_a_limit():
    limited = REFUSED | {"body_kind": BodyKind.JSON_ERROR, "status": 429, "error_type": "rate_limit_error"}

    verdict = judged(CONTROL, STREAM, *repeats({}, limited))

    assert verdict.code.startswith("limit.")
    assert seen(verdict, "repeat")["failed_as"] == {"429": 1}


def test_a_refused_control_is_not_what_passing_streams_repeat():
    refused = step("control", **REFUSED | {"status": 400, "body_kind": BodyKind.JSON_ERROR})

    assert judged(refused, *repeats({}, {})).code != "intermittent"
    assert judged(step("control", **BAD_GATEWAY), *repeats({}, {})).code == "intermittent"


def test_failures_of_one_kind_name_whose_they_are():
    assert judged(CONTROL, STREAM, *repeats(BAD_GATEWAY, {})).owner is Owner.EDGE


def test_repeats_alone_are_judged_too():
    assert judged(*repeats(CUT, CUT, CUT)).code == "stream.cut"
    assert judged(*repeats({}, CUT, {})).code == "intermittent"
    assert judged(*repeats({}, {}, {})).code == "ok.not_reproduced"
