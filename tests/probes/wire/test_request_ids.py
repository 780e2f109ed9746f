from datetime import UTC, datetime

import pytest

from probes.wire.request_ids import embedded_time, id_chain, time_in

ANSWERED_AT = datetime(2026, 1, 2, 7, 4, 9, tzinfo=UTC)


def ids_of(headers, *texts):
    return [hop[1] for hop in id_chain(headers, *texts, answered_at=ANSWERED_AT)]


def test_every_hop_is_named_once_with_its_place_and_time():
    headers = [
        ("CF-Ray", "8f1-HKG"),
        ("X-Oneapi-Request-Id", "20260102150405123456"),
        ("x-request-id", "r9"),
    ]

    chain = id_chain(
        headers,
        "bad (request id: 20260102150405123456) (request id: 20260102150406654321)",
        answered_at=ANSWERED_AT,
    )

    assert chain == (
        ("cf-ray", "8f1-HKG", ""),
        ("x-oneapi-request-id", "20260102150405123456", "2026-01-02T15:04:05+08:00"),
        ("x-request-id", "r9", ""),
        ("body", "20260102150406654321", "2026-01-02T15:04:06+08:00"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "x (request id: id-12345)",
        '{"request_id":"id-12345"}',
        "请求ID：id-12345。",
        "Request ID=id-12345.",
        "trace_id: id-12345",
    ],
)
def test_an_id_is_found_in_any_wording(text):
    assert ids_of([], text) == ["id-12345"]


def test_a_providers_id_is_known_although_a_gateway_hands_it_on():
    names = ("x-litellm-call-id", "x-request-id", "x-oneapi-request-id", "request-id", "cf-ray")
    headers = [(f"llm_provider-{name}" if n else name, f"id-{n}") for n, name in enumerate(names)]

    assert ids_of(headers) == ["id-0", "id-1", "id-2", "id-3", "id-4"]


def test_other_headers_and_texts_name_no_id():
    assert ids_of([("x-secret", "abcdefgh"), ("server", "nginx")], "request was idle") == []


def test_ids_of_one_api_tell_when_they_were_made():
    assert embedded_time("2026010215040512345678AbCd") == datetime(2026, 1, 2, 15, 4, 5)
    assert embedded_time("req_011CSHoEeqs5C35K2UUqR7Fy") is None
    assert embedded_time("2026990215040512345678") is None


@pytest.mark.parametrize(
    ("answered_at", "told"),
    [
        ("2026-01-02T07:04:09+00:00", "2026-01-02T15:04:05+08:00"),
        ("2026-01-02T15:06:30+00:00", "2026-01-02T15:04:05+00:00"),  # the answer took over two minutes
        ("2026-01-02T23:04:06+00:00", "2026-01-02T15:04:05-08:00"),
        ("2026-01-02T09:34:06+00:00", "2026-01-02T15:04:05+05:30"),
        ("2026-01-02T15:24:06+00:00", "2026-01-02T15:04:05"),  # twenty minutes off: no zone is believed
        ("2026-01-09T07:04:09+00:00", "2026-01-02T15:04:05"),  # an id of last week
    ],
)
def test_the_zone_of_an_embedded_time_is_judged_by_the_time_of_the_answer(answered_at, told):
    assert time_in("20260102150405123456", near=datetime.fromisoformat(answered_at)) == told


def test_what_is_too_long_for_an_id_is_not_cut_to_one():
    assert ids_of([], "request id: " + "a" * 129) == []
