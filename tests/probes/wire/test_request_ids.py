from datetime import datetime

import pytest

from probes.wire.request_ids import embedded_time, request_ids


def test_the_ids_of_all_hops_are_chained_without_repeats():
    headers = [("CF-Ray", "8f1-HKG"), ("X-Oneapi-Request-Id", "20260102150405abc"), ("x-request-id", "req_9")]

    ids = request_ids(headers, "bad (request id: 20260102150405abc) (request id: 20260102150406def)")

    assert ids == ("8f1-HKG", "20260102150405abc", "req_9", "20260102150406def")


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
    assert request_ids([], text) == ("id-12345",)


def test_other_headers_and_texts_name_no_id():
    assert request_ids([("x-secret", "abcdefgh"), ("server", "nginx")], "request was idle") == ()


def test_ids_of_one_api_tell_when_they_were_made():
    assert embedded_time("2026010215040512345678AbCd") == datetime(2026, 1, 2, 15, 4, 5)
    assert embedded_time("req_011CSHoEeqs5C35K2UUqR7Fy") is None
    assert embedded_time("2026990215040512345678") is None
