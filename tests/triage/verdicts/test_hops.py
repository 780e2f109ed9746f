"""The same request through the edge and behind it: the hop is named."""

import pytest

from tests.triage.verdicts.steps import CONTROL, CUT, LUMP, REFUSED, STREAM, judged, seen, step
from triage.verdicts.case import Confidence, Owner, Tri

BEHIND = {"route": "inner", "route_place": "behind_edge"}
CLOUDFLARE = {"server": "cloudflare", "cf-ray": "8f-HKG", "via": "1.1 edge"}


def test_a_stream_that_only_the_edge_holds_back_is_the_edges():
    verdict = judged(CONTROL, step("stream", **LUMP), step("route", **BEHIND))

    assert (verdict.code, verdict.owner) == ("stream.fully_buffered", Owner.EDGE)
    assert verdict.confidence is Confidence.CERTAIN
    assert seen(verdict, "stream")["first_event_ms"] == 6000
    assert seen(verdict, "route")["first_event_ms"] == 100


def test_what_the_desk_saw_on_two_ways_outweighs_the_customers_proxy():
    verdict = judged(
        CONTROL,
        step("stream", **LUMP),
        step("route", **BEHIND),
        via_proxy=Tri.YES,
        via_proxy_text="nginx",
    )

    assert verdict.owner is Owner.EDGE


def test_a_stream_held_back_on_both_ways_is_held_back_further_behind():
    verdict = judged(CONTROL, step("stream", **LUMP), step("route", **BEHIND, **LUMP))

    assert (verdict.code, verdict.owner) == ("stream.fully_buffered", Owner.GATEWAY)
    assert seen(verdict, "route")["first_event_ms"] == 6000


def test_an_error_of_the_edge_is_told_with_the_status_behind_it():
    refused = step("stream", **REFUSED, status=524, headers=CLOUDFLARE)

    verdict = judged(CONTROL, refused, step("route", **BEHIND))

    assert (verdict.code, verdict.owner) == ("edge.origin_slow", Owner.EDGE)
    assert (seen(verdict, "stream")["status"], seen(verdict, "route")["status"]) == (524, 200)
    assert seen(verdict, "stream")["headers_added"] == ["server", "via"]


def test_a_control_that_the_edge_refused_is_compared_when_no_stream_was_sent():
    refused = step("control", **REFUSED, status=524)

    verdict = judged(refused, step("route", **BEHIND))

    assert (verdict.code, verdict.owner) == ("edge.origin_slow", Owner.EDGE)
    assert seen(verdict, "route")["status"] == 200


def test_one_pass_behind_the_edge_is_less_than_a_proof_where_a_fault_comes_and_goes():
    bad_gateway = step("stream", **REFUSED, status=502)

    alone = judged(CONTROL, bad_gateway, step("route", **BEHIND))
    repeated = judged(CONTROL, bad_gateway, step("repeat", **REFUSED, status=502), step("route", **BEHIND))

    assert (alone.owner, alone.confidence) == (Owner.EDGE, Confidence.LIKELY)
    assert (repeated.owner, repeated.confidence) == (Owner.EDGE, Confidence.CERTAIN)


@pytest.mark.parametrize(("behind", "owner"), [({}, Owner.EDGE), (CUT, Owner.UPSTREAM)])
def test_a_cut_belongs_to_the_edge_unless_it_is_there_behind_it_too(behind, owner):
    verdict = judged(CONTROL, step("stream", **CUT), step("route", **BEHIND, **behind))

    assert (verdict.code, verdict.owner) == ("stream.cut", owner)


def test_a_second_route_through_the_edge_is_compared_the_other_way_round():
    route = step("route", route="public", route_place="through_edge", **CUT)

    verdict = judged(CONTROL, STREAM, route)

    assert (verdict.code, verdict.owner) == ("stream.cut", Owner.EDGE)
    assert seen(verdict, "stream")["status"] == 200


def test_a_short_answer_behind_the_edge_proves_nothing_of_buffers():
    short = step("route", **BEHIND, body_bytes=900)

    verdict = judged(CONTROL, step("stream", **LUMP), short)

    assert verdict.confidence is Confidence.CERTAIN  # of the lump, by its own 24 KB
    assert not seen(verdict, "route")


def test_a_door_behind_the_edge_that_is_shut_says_nothing_of_the_customers_way():
    assert judged(CONTROL, STREAM, step("route", **BEHIND, **REFUSED, status=502)).code == "ok.not_reproduced"
