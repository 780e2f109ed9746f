import pytest

from probes.wire.kept_headers import bare_location, header_names, kept_headers

FIELDS = [
    ("Server", "cloudflare"),
    ("CF-Ray", "8f-HKG"),
    ("Set-Cookie", "session=hidden"),
    ("X-Account-Token", "hidden"),
    ("x-ratelimit-remaining-tokens", "0"),
    ("Via", "1.1 a"),
    ("via", "1.1 b"),
]


def test_only_listed_headers_keep_their_values():
    assert kept_headers(FIELDS) == {
        "server": "cloudflare",
        "cf-ray": "8f-HKG",
        "x-ratelimit-remaining-tokens": "0",
        "via": "1.1 a, 1.1 b",
    }


def test_what_a_gateway_hands_on_is_kept_as_if_it_came_from_its_provider():
    passed_on = [
        ("llm_provider-Retry-After-Ms", "1500"),
        ("llm_provider-x-ratelimit-reset-requests", "12s"),
        ("llm_provider-x-oneapi-request-id", "20260102150405123456"),
        ("llm_provider-content-type", "application/json"),
        ("llm_provider-set-cookie", "session=hidden"),
        ("llm_provider-x-account-token", "hidden"),
    ]

    assert kept_headers(passed_on) == {
        "llm_provider-retry-after-ms": "1500",
        "llm_provider-x-ratelimit-reset-requests": "12s",
        "llm_provider-x-oneapi-request-id": "20260102150405123456",
        "llm_provider-content-type": "application/json",
    }


def test_of_the_others_the_name_is_known():
    assert header_names(FIELDS)[:4] == ("server", "cf-ray", "set-cookie", "x-account-token")


def test_a_huge_value_is_cut_where_a_token_ends():
    secret = "sk-" + "a1B2" * 12

    kept = kept_headers([("www-authenticate", "x " * 140 + secret), ("server", "x" * 10_000)])

    assert kept == {"www-authenticate": "x " * 140 + " […]", "server": " […]"}


def test_a_name_too_long_for_one_is_left_out():
    assert header_names([("x" * 65, "1"), ("x" * 64, "1")]) == ("x" * 64,)


@pytest.mark.parametrize(
    ("location", "kept"),
    [
        ("https://u:p@x.example/login?token=hidden#also", "https://x.example/login"),
        ("/login?next=/v1", "/login"),
        ("http://[broken", ""),
        ("https://x.example/" + "a" * 200 + "/" + "b" * 200, "https://x.example/" + "a" * 200 + "/…"),
        ("https://" + "x" * 400 + "/login", ""),
    ],
)
def test_a_redirect_is_kept_without_what_may_be_secret(location, kept):
    assert bare_location(location) == kept
