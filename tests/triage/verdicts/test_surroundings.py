"""What health, tickets alike and an open incident change in a verdict, and what they do not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from probes.wire.facts import BodyKind, EndMode, Facts, Failure
from triage.tickets.wording.values import fact_text
from triage.verdicts.case import (
    Case,
    Confidence,
    Evidence,
    Health,
    Intake,
    KnownIncident,
    Owner,
    Resend,
    Similar,
    Usual,
    Verdict,
)
from triage.verdicts.classify import classify
from triage.verdicts.codes import ISSUES
from triage.verdicts.judging import BadCase, judge_line
from triage.verdicts.rules.surroundings import SHARED, fits, service_owner
from triage.verdicts.surroundings import Surroundings, surroundings_as_dict, surroundings_from_dict

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WELL_AT = NOW - timedelta(minutes=18)
REFUSED = Facts(step="control", failure=Failure.CONNECT_REFUSED)
OVERLOADED = Facts(step="control", status=529, body_kind=BodyKind.JSON_ERROR)
FINE = (
    Facts(
        step="control", status=200, body_kind=BodyKind.JSON_OK, end_mode=EndMode.CLEAN_EOF, content_chars=9
    ),
    Facts(
        step="stream",
        status=200,
        body_kind=BodyKind.EVENTS,
        content_type="text/event-stream",
        end_mode=EndMode.DONE,
        done_seen=True,
        finish_reason="stop",
        content_chars=9,
        events=4,
        body_bytes=900,
    ),
)


def health(**of) -> Health:
    return Health(since=NOW - timedelta(hours=1), **of)


def similar(**accounts: int) -> Similar:
    by_code = {name.replace("__", "."): count for name, count in accounts.items()}
    return Similar(since=NOW - timedelta(minutes=30), tickets=by_code, accounts=by_code)


def incident(code: str) -> KnownIncident:
    return KnownIncident(ref="I-00007", code=code, opened_at=NOW - timedelta(minutes=5))


def judged(
    *attempts: Facts, health=None, similar=None, incident=None, usual=None, not_probed="", **declared
) -> Verdict:
    return classify(
        Case(
            intake=Intake(**declared),
            attempts=attempts,
            not_probed=not_probed,
            now=NOW,
            health=health,
            similar=similar,
            incident=incident,
            usual=usual,
        )
    )


def values(evidence: tuple[Evidence, ...], where: str) -> dict[str, object]:
    return {item.fact: item.value for item in evidence if item.where == where}


# --- health


def test_a_fault_that_the_probe_met_names_when_the_endpoint_was_last_well():
    verdict = judged(OVERLOADED, health=health(runs=7, well=1, failing=6, last_well_at=WELL_AT))

    assert verdict.code == "upstream.overloaded"
    assert values(verdict.evidence, "health") == {"last_well_at": WELL_AT.isoformat(), "failing": 6}


def test_a_single_fault_among_runs_that_were_well_may_come_and_go():
    verdict = judged(OVERLOADED, health=health(runs=6, well=6, last_well_at=WELL_AT))

    assert "intermittent" in verdict.alternatives


def test_a_ticket_that_tells_of_an_outage_is_contradicted_by_an_hour_of_health():
    told = {"error_text": "server_is_overloaded", "status_code": 503}

    verdict = judged(health=health(runs=6, well=6, last_well_at=WELL_AT), **told)

    assert verdict.code == judged(**told).code
    assert values(verdict.counter_evidence, "health")["well"] == 6
    assert "ok.not_reproduced" in verdict.alternatives


@pytest.mark.parametrize(
    ("of_late", "told"),
    [
        ({"runs": 2, "well": 2}, {}),  # too few to tell
        ({"runs": 6, "well": 5, "failing": 1}, {}),  # not all of them
        ({"runs": 6, "well": 6}, {"occurred_at": NOW - timedelta(hours=5)}),  # before they began
    ],
)
def test_health_that_cannot_speak_of_it_contradicts_nothing(of_late, told):
    verdict = judged(health=health(**of_late), error_text="server_is_overloaded", status_code=503, **told)

    assert not values(verdict.counter_evidence, "health")


def test_a_slow_first_text_is_told_beside_the_usual_one():
    slow = Facts(step="control", status=200, body_kind=BodyKind.JSON_OK, headers_ms=40_000, content_chars=9)

    verdict = judged(slow, health=health(runs=5, well=5, first_content_ms=412.0))

    assert values(verdict.evidence, "health")["usual_first_content_ms"] == 412.0


def usual(**of) -> Usual:
    return Usual(since=NOW - timedelta(days=7), runs=24, **of)


LATE = replace(FINE[1], headers_ms=300, first_content_ms=19_800, last_byte_ms=21_000)


def test_a_late_first_text_is_told_beside_the_p90_of_the_baselines():
    verdict = judged(FINE[0], LATE, usual=usual(first_content_p90_ms=1200.0))

    assert verdict.code == "stream.slow_first_token"
    told = values(verdict.evidence, "usual")["first_content_beside_usual"]
    assert told == {"seen_ms": 19_800, "p90_ms": 1200.0, "runs": 24}
    with override("en"):
        words = fact_text("first_content_beside_usual", told)
    assert "19.8\N{NO-BREAK SPACE}s; this endpoint's P90 is 1.20" in words


def test_as_late_as_ever_speaks_against_it():
    verdict = judged(FINE[0], LATE, usual=usual(first_content_p90_ms=25_000.0))

    assert values(verdict.counter_evidence, "usual")
    assert not values(verdict.evidence, "usual")


def test_what_is_usual_changes_no_class_and_is_kept_with_the_case():
    known = Surroundings(usual=usual(first_content_p90_ms=1200.0, first_byte_p90_ms=90.0))

    assert surroundings_from_dict(surroundings_as_dict(known)) == known
    assert judged(FINE[0], LATE).code == judged(FINE[0], LATE, usual=known.usual).code
    assert judged(*FINE, usual=known.usual) == judged(*FINE)


# --- similar tickets


def test_what_other_customers_have_too_is_likely_and_the_services():
    alone = judged(error_text="Connection refused")
    together = judged(error_text="Connection refused", similar=similar(reach__connect=2))

    assert (alone.code, together.code) == ("reach.connect", "reach.connect")
    assert (alone.owner, together.owner) == (Owner.CUSTOMER_NETWORK, Owner.EDGE)
    assert values(together.evidence, "similar") == {"tickets": 2, "accounts": 2}


def test_a_guess_in_company_is_likely():
    assert judged(status_code=503).confidence is Confidence.POSSIBLE
    assert judged(status_code=503, similar=similar(upstream__error=2)).confidence is Confidence.LIKELY


def test_company_never_proves_that_this_request_did_not_run():
    guess = {"status_code": 521, "notes": "maybe"}

    assert judged(**guess).resend is Resend.UNKNOWN
    assert judged(similar=similar(edge__origin_unreachable=3), **guess).resend is Resend.UNKNOWN


def test_many_wrong_keys_are_still_each_customers_own():
    told = {"error_text": "Incorrect API key provided", "status_code": 401}

    assert judged(similar=similar(auth__key_unknown=5), **told) == judged(**told)


def test_where_nothing_was_found_what_others_have_is_named():
    verdict = judged(notes="不能用了", similar=similar(edge__gateway_down=3, auth__key_unknown=9))

    assert verdict.code == "inconclusive"
    assert verdict.alternatives == ("edge.gateway_down",)
    assert values(verdict.evidence, "similar")["class"] == "edge.gateway_down"


# --- an open incident


@pytest.mark.parametrize(
    "told",
    [{}, {"notes": "不能用了"}, {"status_code": 503}, {"symptom": "timeout"}, {"symptom": "error_5xx"}],
)
def test_an_open_incident_leads_what_customers_see_of_it(told):
    verdict = judged(incident=incident("upstream.overloaded"), not_probed="incident", **told)

    assert (verdict.code, verdict.owner) == ("upstream.overloaded", Owner.UPSTREAM)
    assert verdict.params["incident"] == "I-00007"
    assert any(item.where == "incident" for item in verdict.evidence)
    assert verdict.resend is not Resend.SAFE


@pytest.mark.parametrize(
    "told",
    [
        {"error_text": "Incorrect API key provided", "status_code": 401},
        {"symptom": "key_refused"},
        {"symptom": "charged_twice"},
        {"symptom": "no_balance"},
        {"error_text": "context_length_exceeded", "status_code": 400},
        {"notes": "charged twice for one task", "charged_text": "twice"},
    ],
)
def test_what_is_another_fault_keeps_its_own_verdict(told):
    assert judged(incident=incident("upstream.overloaded"), **told) == judged(**told)


def test_the_same_class_names_the_incident_beside_its_own_evidence():
    verdict = judged(OVERLOADED, incident=incident("upstream.overloaded"))

    assert {item.where for item in verdict.evidence} == {"control", "incident"}


def test_a_probe_that_went_well_speaks_against_the_incident():
    verdict = judged(*FINE, incident=incident("upstream.overloaded"), status_code=503)

    assert verdict.code != "upstream.overloaded"
    assert "upstream.overloaded" in verdict.alternatives
    assert values(verdict.counter_evidence, "incident")["incident"] == "I-00007"


def test_what_only_an_incident_says_was_never_proved_not_to_have_run():
    led = judged(incident=incident("reach.connect"), not_probed="incident", symptom="timeout")

    assert (led.code, led.owner, led.resend) == ("reach.connect", Owner.EDGE, Resend.UNKNOWN)


def test_an_incident_of_a_class_that_is_gone_changes_nothing():
    assert judged(incident=incident("no.such"), status_code=503) == judged(status_code=503)


@pytest.mark.parametrize("code", ["auth.upstream_credential", "model.no_channel"])
def test_an_incident_behind_the_gateway_explains_only_its_own_class(code):
    assert not fits(judged(notes="不能用了"), code)


def test_no_class_that_is_each_customers_own_is_shared():
    own = {code for code in SHARED if code.startswith(("auth.key", "balance.empty", "quota.", "client."))}

    assert not own
    assert set(ISSUES) >= SHARED
    assert {service_owner(code) for code in SHARED} == {Owner.EDGE, Owner.GATEWAY, Owner.UPSTREAM}


# --- as they are stored


def test_surroundings_are_read_as_they_were_written():
    known = Surroundings(
        health=health(runs=3, well=1, failing=2, last_well_at=WELL_AT, codes={"ok.not_reproduced": 1}),
        similar=similar(edge__gateway_down=2),
        incident=incident("edge.gateway_down"),
    )

    assert surroundings_from_dict(surroundings_as_dict(known)) == known
    assert surroundings_as_dict(Surroundings()) is None
    assert surroundings_from_dict(None) == Surroundings()


def test_a_judge_file_may_give_them():
    known = surroundings_as_dict(Surroundings(incident=incident("edge.gateway_down")))

    assert judge_line({"id": 1} | known, now=NOW)["verdict"]["code"] == "edge.gateway_down"


@pytest.mark.parametrize(
    "given",
    [
        {"incident": {"ref": "I-1"}},
        {"incident": "I-1"},
        {"health": {"since": "2026-11-21T10:00:00", "runs": 3}},
        {"health": {"since": "2026-11-21T10:00:00Z", "runs": "many"}},
        {"similar": {"since": "2026-11-21T10:00:00Z", "tickets": [1]}},
    ],
)
def test_what_is_no_such_thing_is_refused(given):
    with pytest.raises(BadCase, match="surroundings: "):
        judge_line(given, now=NOW)
