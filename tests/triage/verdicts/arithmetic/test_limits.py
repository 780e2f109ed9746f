"""Times that end within a second of a limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.verdicts.arithmetic.limits import ROUND_S, limit_hit
from triage.verdicts.clients.known import client_named


@pytest.mark.parametrize(
    ("seconds", "path", "limit", "first"),
    [
        (60.4, "nginx 反代", 60, "nginx (proxy_read_timeout)"),
        (100.3, "Cloudflare", 100, "Cloudflare (524)"),
        (120.0, "cloudflare", 120, "Cloudflare (524)"),
        (29.1, "api gateway", 29, "AWS API Gateway"),
        (59.2, "走了 ALB", 60, "AWS load balancer"),
    ],
)
def test_a_hop_that_the_ticket_names_is_named(seconds, path, limit, first):
    hit = limit_hit(seconds, path=path)

    assert (hit.seconds, hit.whose[0], hit.is_named) == (limit, first, True)


@pytest.mark.parametrize(
    ("client", "seconds", "limit"),
    [
        ("openai-python", 600.6, 600),
        ("openai-node", 300.2, 300),  # its fetch gives up first
        ("HttpClient .NET", 100.0, 100),
        ("httpx", 5.1, 5),
        ("NextChat", 300, 300),  # its thinking models
        ("Continue", 7200.4, 7200),
        ("langchain", 120.9, 120),
    ],
)
def test_the_clients_own_default_is_named(client, seconds, limit):
    hit = limit_hit(seconds, client=client_named(client), path="nginx")

    assert (hit.seconds, hit.whose, hit.is_named) == (limit, (client_named(client).title,), True)


def test_a_round_time_alone_names_whoever_ships_it():
    assert "nginx (proxy_read_timeout)" in limit_hit(60.0).whose
    assert limit_hit(60.0).is_named is False
    assert limit_hit(600.0).whose == ()


@pytest.mark.parametrize("seconds", [61.1, 58.9, 47.0, 0.5, 98.9, 595.0, float("nan"), float("inf"), -60.0])
def test_other_times_are_nobodys(seconds):
    assert limit_hit(seconds, path="nginx") is None


def test_a_client_that_waits_for_ever_has_no_limit_to_hit():
    assert limit_hit(47.0, client=client_named("curl")) is None


@given(st.sampled_from(ROUND_S), st.floats(-0.99, 0.99))
def test_every_round_limit_is_hit_from_both_sides(limit, off):
    assert abs(limit_hit(limit + off).seconds - limit) <= 2  # 29 and 30 lie a second apart
