"""Web pages, redirects and empty answers come with the headers of whoever made them."""

import pytest

from tests.probes.lab.asking import ask


@pytest.mark.parametrize("model", ["waf_403_html", "challenge_403", "challenge_429", "cdn_524", "cdn_521"])
def test_a_cdns_page_has_its_headers_and_its_ray(lab, model):
    reply = ask(lab, model)

    assert reply.headers["server"] == "cloudflare"
    assert reply.headers["cf-ray"].removesuffix("-HKG") in reply.body.decode()
    assert "x-oneapi-request-id" not in reply.headers


@pytest.mark.parametrize(("model", "status"), [("challenge_403", 403), ("challenge_429", 429)])
def test_a_challenge_says_so_in_its_header(lab, model, status):
    reply = ask(lab, model)

    assert (reply.status, reply.headers["cf-mitigated"]) == (status, "challenge")
    assert b"Just a moment" in reply.body


@pytest.mark.parametrize(
    ("model", "status", "words"),
    [
        ("bad_gateway_502", 502, b"502 Bad Gateway"),
        ("too_large_413", 413, b"413 Request Entity Too Large"),
        ("maintenance_503", 503, "系统维护中".encode()),
        ("gateway_timeout_504:0.1", 504, b"504 Gateway Time-out"),
    ],
)
def test_a_proxys_page_is_html(lab, model, status, words):
    reply = ask(lab, model)

    assert reply.status == status
    assert reply.headers["content-type"].startswith("text/html")
    assert words in reply.body


@pytest.mark.parametrize(("model", "status"), [("login_redirect", 302), ("redirect_301", 301)])
def test_a_redirect_names_where_to(lab, model, status):
    reply = ask(lab, model)

    assert reply.status == status
    assert reply.headers["location"]


@pytest.mark.parametrize(("model", "status"), [("empty_200", 200), ("limit_ip_empty", 429)])
def test_an_empty_body_is_empty(lab, model, status):
    reply = ask(lab, model)

    assert (reply.status, reply.body) == (status, b"")


def test_a_console_page_answers_with_200(lab):
    reply = ask(lab, "html_200")

    assert reply.status == 200
    assert b"<title>Lab API</title>" in reply.body


def test_malformed_json_breaks_off(lab):
    with pytest.raises(ValueError, match="Expecting"):
        ask(lab, "malformed_json").json()


def test_an_office_proxys_page_has_no_header_of_ours(lab):
    assert set(ask(lab, "block_page_200").headers) == {"content-type", "connection", "content-length"}
