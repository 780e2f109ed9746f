"""Every attempt of ours went well: what the ticket tells against it, and which of the two explains it."""

from dataclasses import replace

from triage.verdicts.case import Confidence, Evidence
from triage.verdicts.reading import Conclusion, Reading, shown, went_well
from triage.verdicts.rules import (
    buffering,
    from_ticket,
    history,
    look_ups,
    outcome,
    probed,
    repeats,
    variants,
)
from triage.verdicts.rules.errors import by_number_alone


def explained(reading: Reading) -> Conclusion:
    """Every attempt of ours went well: the difference lies with the customer, or has passed."""
    if closed := outcome.closed(reading):
        return closed
    told, oddity = from_ticket.told(reading), variants.oddity(reading) or probed.oddity(reading)
    if oddity and (told is None or told.code in _EXPLAINED_BY.get(oddity.code, ())):
        return oddity
    if told is None or (told.code in _STUMBLES and outcome.stumbling_stones(reading)):
        return (
            outcome.resolved(reading)
            or outcome.gone(reading)
            or (outcome.stumbling_stones(reading) and outcome.client_stumbles(reading))
            or outcome.comes_and_goes(None, reading)
            or outcome.client_stumbles(reading)
            or outcome.not_reproduced(reading)
        )
    if gone := outcome.gone(reading) or outcome.answered_to_their_server(told, reading):
        return replace(gone, alternatives=(told.code, *gone.alternatives))
    for rule in (
        outcome.resolved,
        outcome.passes_now,
        lambda reading: outcome.comes_and_goes(told, reading),
    ):
        passing = told.code in outcome.PASSING or by_number_alone(told)
        waited = rule is outcome.resolved and told.code in _WAITED
        if (passing or waited) and (passed := rule(reading)):
            return passed
    others = (oddity.code,) if oddity else ("ok.not_reproduced",)
    told = history.informed(look_ups.informed(told, reading), reading)
    return _beside_our_stream(
        replace(told, counter=_our_attempts(reading), alternatives=(*told.alternatives, *others)), reading
    )


def _beside_our_stream(told: Conclusion, reading: Reading) -> Conclusion:
    """Somebody's held-back stream against ours: too short to tell, or long enough to contradict."""
    stream = buffering.witness(reading)
    if stream is None or told.code not in _HELD_BACK:
        return told
    if buffering.too_short_to_tell(stream):
        seen = Evidence(stream.step, "body_bytes", buffering.size_of(stream))
        return replace(
            told,
            confidence=Confidence.POSSIBLE,
            evidence=(*told.evidence, seen),
            counter=(),
            alternatives=(*told.alternatives, "inconclusive"),
            overturned_by="long_probe",
        )
    return replace(told, counter=(*told.counter, *shown(stream, "body_bytes", "reads", "burst_count")))


_HELD_BACK = ("stream.fully_buffered", "stream.block_buffered", "stream.headers_held")


_WAITED = ("timeout.client", "upstream.slow", "edge.origin_slow", "stream.slow_first_token")
"""Waits that may be over when the ticket says so."""

_STUMBLES = ("stream.no_content", "stream.truncated", "stream.stalled", "stream.cut", "body.empty")
"""Vague complaints that a client makes which trips over a healthy but unusual stream."""

_EXPLAINED_BY = {
    "client.protocol_mismatch": (
        "client.protocol_mismatch",
        "client.bad_parameter",
        "client.wrong_base_url",
        "upstream.error",
        "stream.client_parser",
        "stream.no_content",
        "body.empty",
        "reach.connect",
        "timeout.connect",
        "stream.cut",
        "stream.stalled",
    ),
    "body.output_limited": (
        "stream.truncated",
        "stream.cut",
        "stream.client_parser",
        "stream.stalled",
        "body.output_limited",
        "client.bad_parameter",  # of the call after it, which carries the half arguments
    ),
    "stream.fully_buffered": (
        "stream.flag_ignored",
        "stream.fully_buffered",
        "upstream.slow",
        "stream.slow_first_token",
        "stream.stalled",
    ),
    "stream.slow_first_token": ("upstream.slow", "stream.stalled", "stream.slow_first_token"),
    "stream.headers_held": ("upstream.slow", "stream.stalled", "stream.slow_first_token"),
    "upstream.slow": ("stream.stalled", "stream.slow_first_token", "upstream.slow"),
}
"""Complaints that an oddity of the probe accounts for."""


def _our_attempts(reading: Reading) -> tuple[Evidence, ...]:
    """What speaks against a fault of the service: the desk's own attempts passed."""
    once = [facts for facts in reading.probed if went_well(facts) and facts.step != "repeat"]
    return (*(Evidence(facts.step, "status", facts.status) for facts in once), *repeats.all_passed(reading))
