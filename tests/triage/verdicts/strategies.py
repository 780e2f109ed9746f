"""Hypothesis strategies for cases of real shapes: what was seen once, with parts dropped, bent or foreign."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from probes.wire.facts import BodyKind, EndMode, Facts, Failure
from tests.cases.labelled import NOW, case_of, labelled_cases
from tests.triage.verdicts.vendor_answers import vendor_answers
from triage.charges.finding import ChargeCode, ChargeFinding, Remark
from triage.verdicts.case import Case, Health, Intake, KnownIncident, Similar, Tri
from triage.verdicts.codes import HELD_BACK, ISSUES, SYMPTOMS

SEEN = [case_of(row) for row in labelled_cases()]
_SEEN_FACTS = [facts for case in SEEN for facts in case.attempts] + [row.facts() for row in vendor_answers()]
_SEEN_TEXTS = sorted({case.intake.error_text for case in SEEN} | {case.intake.notes for case in SEEN})
_BODIES = [row.body for row in vendor_answers()]

_FOREIGN = (
    "Лимит запросов исчерпан, повторите позже",
    "リクエストが多すぎます。しばらくしてからもう一度お試しください",
    "La clé API est invalide ou a expiré",
    "한도를 초과했습니다",
    "\u0000\u202e\ufeff🙂" * 20,
    '{"error": {"message": ' * 40,
)
TEXTS = st.one_of(
    st.sampled_from(_SEEN_TEXTS), st.sampled_from(_BODIES), st.sampled_from(_FOREIGN), st.text(max_size=80)
)
NUMBERS = st.none() | st.floats(0, 1e6) | st.sampled_from([60.0, 100.2, 120.0, 599.9])
ODD_NUMBERS = NUMBERS | st.sampled_from([float("nan"), float("inf"), float("-inf"), -3.0, 1e300])
COUNTS = st.integers(0, 5000)
STEPS = st.sampled_from(
    "control stream status repeat gzip long http2 route tool model models balance websocket".split()  # noqa: SIM905
)
CODES = st.sampled_from([*ISSUES, "no.such_class"])


def _some_of(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A few of these fields with values, the others left as they are."""
    return st.fixed_dictionaries({}, optional=values)


def _intake_changes(numbers: st.SearchStrategy[float | None]) -> st.SearchStrategy[dict[str, Any]]:
    return _some_of(
        error_text=TEXTS,
        notes=TEXTS,
        charged_text=st.sampled_from(["", "两次", "yes, 0.9 USD"]),
        status_code=st.none() | st.integers(100, 599),
        elapsed_s=numbers,
        first_output_s=numbers,
        client_timeout_s=numbers,
        retry_count=st.none() | st.integers(0, 10_000),
        workload=st.sampled_from(["chat", "video", "image", "batch", "shared_key"]),
        stream=st.sampled_from(Tri),
        charged=st.sampled_from(Tri),
        retried=st.sampled_from(Tri),
        via_proxy=st.sampled_from(Tri),
        symptom=st.sampled_from(["", *SYMPTOMS]),
        client=st.sampled_from(["", "openai-python", "new-api", "Cherry Studio", "curl"]),
        model=st.sampled_from(["", "gpt-4o", "sora-2"]),
        occurred_at=st.none() | st.just(NOW) | st.just(datetime(2020, 1, 1, tzinfo=UTC)),
        task_id=st.sampled_from(["", "task_1"]),
        request_ids=st.sampled_from([(), ("req_1", "20261121140512345678901abcdEFgh")]),
        zone=st.sampled_from(["", "Europe/Berlin", "nowhere"]),
    )


def _facts_changes(numbers: st.SearchStrategy[float | None]) -> st.SearchStrategy[dict[str, Any]]:
    return _some_of(
        status=st.none() | st.integers(100, 599),
        failure=st.none() | st.sampled_from(Failure),
        body_kind=st.none() | st.sampled_from(BodyKind),
        end_mode=st.none() | st.sampled_from(EndMode),
        error_code=st.sampled_from(["", "invalid_api_key", "1113", "x" * 300]),
        error_type=st.sampled_from(["", "new_api_error", "UNAVAILABLE"]),
        error_message=TEXTS,
        body_excerpt=TEXTS,
        headers=st.sampled_from(
            [{}, {"cf-mitigated": "challenge"}, {"server": "cloudflare", "cf-ray": "8f-HKG"}]
        ),
        content_type=st.sampled_from(["", "text/event-stream", "application/json"]),
        headers_ms=numbers,
        first_event_ms=numbers,
        first_content_ms=numbers,
        last_byte_ms=numbers,
        total_ms=numbers,
        max_gap_ms=numbers,
        after_done_ms=numbers,
        retry_after_s=numbers,
        bursts=st.lists(st.tuples(st.floats(0, 1e5), st.integers(0, 40_000)), max_size=4).map(tuple),
        burst_count=COUNTS,
        events=COUNTS,
        content_chars=COUNTS,
        comments=COUNTS,
        body_bytes=COUNTS,
        decoded_bytes=COUNTS,
        in_stream_error=st.booleans(),
        done_seen=st.booleans(),
        lingered=st.booleans(),
        finish_reason=st.sampled_from(["", "stop", "length", "content_filter", "tool_calls"]),
        task_status=st.sampled_from(["", "queued", "running", "failed", "succeeded", "unknown"]),
        task_submitted_at=st.sampled_from(
            ["", "2026-11-20T00:00:00+00:00", "2026-11-20T00:00:00", "yesterday"]
        ),
        model_listed=st.none() | st.booleans(),
        balance=st.sampled_from(["", "0", "12.5", "NaN", "-Infinity", "plenty"]),
        websocket_accepted=st.none() | st.booleans(),
        route_place=st.sampled_from(["", "behind_edge", "through_edge"]),
        skipped=st.sampled_from(["", "control_failed"]),
    )


def facts(numbers: st.SearchStrategy[float | None] = NUMBERS) -> st.SearchStrategy[Facts]:
    """An attempt that was seen, made one of any step, with some parts changed or missing."""
    return st.builds(
        lambda seen, step, changes: replace(seen, step=step, **changes),
        st.sampled_from(_SEEN_FACTS) | st.just(Facts(step="control")),
        STEPS,
        _facts_changes(numbers),
    )


FINDINGS = st.builds(
    ChargeFinding,
    code=st.sampled_from(ChargeCode),
    task_ids=st.sampled_from([(), ("task_1",)]),
    charge_ids=st.sampled_from([(), ("1",), ("1", "2")]),
    net=st.sampled_from([{}, {"USD": Decimal("0.9")}, {"USD": Decimal(0)}]),
    excess=st.sampled_from([{}, {"USD": Decimal("0.9")}]),
    covered_until=st.none() | st.just(NOW),
    remarks=st.lists(st.sampled_from(Remark), max_size=2).map(tuple),
)
HEALTHS = st.builds(
    Health,
    since=st.just(NOW - timedelta(hours=1)),
    runs=st.integers(0, 20),
    well=st.integers(0, 20),
    last_well_at=st.none() | st.just(NOW),
    codes=st.dictionaries(CODES, st.integers(1, 9), max_size=3),
)
SIMILARS = st.builds(
    Similar,
    since=st.just(NOW - timedelta(hours=6)),
    tickets=st.dictionaries(CODES, st.integers(1, 9), max_size=3),
    accounts=st.dictionaries(CODES, st.integers(1, 9), max_size=3),
)
INCIDENTS = st.builds(KnownIncident, ref=st.just("I-00007"), code=CODES, opened_at=st.just(NOW))


@st.composite
def cases(draw: st.DrawFn, *, odd: bool = False) -> Case:
    """A case as tickets and runs make them; `odd` ones hold numbers that no run measures."""
    numbers = ODD_NUMBERS if odd else NUMBERS
    seen = draw(st.sampled_from(SEEN) | st.just(Case(intake=Intake())))
    attempts = draw(st.just(seen.attempts) | st.lists(facts(numbers), max_size=4).map(tuple))
    return Case(
        intake=replace(seen.intake, **draw(_intake_changes(numbers))),
        attempts=attempts,
        charges=draw(st.none() | FINDINGS),
        not_probed=draw(st.sampled_from(["", "no_endpoint", *sorted(HELD_BACK)])),
        now=draw(st.just(NOW) | st.none()),
        health=draw(st.none() | HEALTHS),
        similar=draw(st.none() | SIMILARS),
        incident=draw(st.none() | INCIDENTS),
    )


FACT_NAMES = frozenset(field.name for field in fields(Facts))
