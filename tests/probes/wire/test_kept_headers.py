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


def test_of_the_others_the_name_is_known():
    assert header_names(FIELDS)[:4] == ("server", "cf-ray", "set-cookie", "x-account-token")


def test_a_huge_value_is_cut():
    assert len(kept_headers([("server", "x" * 10_000)])["server"]) == 300


@pytest.mark.parametrize(
    ("location", "kept"),
    [
        ("https://u:p@x.example/login?token=hidden#also", "https://x.example/login"),
        ("/login?next=/v1", "/login"),
        ("http://[broken", ""),
    ],
)
def test_a_redirect_is_kept_without_what_may_be_secret(location, kept):
    assert bare_location(location) == kept
