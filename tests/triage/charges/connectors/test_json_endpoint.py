"""Where rows stand in any JSON, and which next page may be asked for."""

import pytest

from triage.charges.connectors.faults import FetchCode, FetchFault
from triage.charges.connectors.json_endpoint import at, path_under

BASE = "https://api.example.com/billing"


@pytest.mark.parametrize(
    ("place", "value"),
    [("", {"a": [{"b": 1}]}), ("a.0.b", 1), ("a.1.b", None), ("a.b", None), ("x.y", None), ("a.0.b.c", None)],
)
def test_a_place_names_what_stands_there_or_nothing(place: str, value: object) -> None:
    assert at({"a": [{"b": 1}]}, place) == value


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("https://api.example.com/billing/rows?p=2", "/rows?p=2"),
        ("/billing/rows?p=2", "/rows?p=2"),
        ("?p=2", "/rows?p=2"),
        ("rows?p=2", "/rows?p=2"),
    ],
)
def test_a_link_on_the_same_machine_is_followed(link: str, path: str) -> None:
    assert path_under(BASE, link, of="/rows?p=1") == path


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example.com/billing/rows",
        "http://api.example.com/billing/rows",
        "https://api.example.com:8443/billing/rows",
        "//evil.example.com/billing/rows",
        "https://api.example.com@evil.example.com/billing/rows",
        "/admin/rows",
        "/billing/../admin",
        "file:///etc/passwd",
    ],
)
def test_a_link_that_leads_anywhere_else_is_not(link: str) -> None:
    with pytest.raises(FetchFault) as caught:
        path_under(BASE, link, of="/rows?p=1")

    assert caught.value.code is FetchCode.LINK_ELSEWHERE
