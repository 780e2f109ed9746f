import pytest

from probes.wire.dialects.base import WireRequest, join_url
from probes.wire.dialects.table import DIALECTS


@pytest.mark.parametrize(
    ("base", "path", "url"),
    [
        ("https://x.example/v1", "/chat/completions", "https://x.example/v1/chat/completions"),
        ("https://x.example/v1/", "/chat/completions", "https://x.example/v1/chat/completions"),
        ("https://x.example", "/chat/completions", "https://x.example/chat/completions"),
        ("https://x.example", "/v1/messages", "https://x.example/v1/messages"),
        ("https://x.example/v1", "/v1/messages", "https://x.example/v1/messages"),
        ("https://x.example/anthropic/", "/v1/messages", "https://x.example/anthropic/v1/messages"),
        ("https://x.example/api/v1", "/v1/messages", "https://x.example/api/v1/messages"),
        (
            "https://x.example/openai/deployments/d?api-version=1",
            "/chat/completions",
            "https://x.example/openai/deployments/d/chat/completions?api-version=1",
        ),
        ("http://[::1]:8080/v1", "/videos/a%2Fb", "http://[::1]:8080/v1/videos/a%2Fb"),
    ],
)
def test_a_base_url_is_taken_at_its_word(base, path, url):
    assert join_url(base, path) == url


def test_a_header_replaces_its_namesake():
    request = WireRequest("GET", "/", (("accept", "a"), ("x", "1")), b"")

    assert request.with_header("Accept", "b").headers == (("x", "1"), ("accept", "b"))


@pytest.mark.parametrize("name", DIALECTS)
def test_a_dialect_is_found_under_its_own_name(name):
    assert DIALECTS[name].name == name


@pytest.mark.parametrize("name", DIALECTS)
@pytest.mark.parametrize(
    "document", [None, 1, "x", [], {}, [1], {"choices": [1]}, {"data": [[[]]]}, {"type": 1}]
)
def test_any_document_is_borne(name, document):
    DIALECTS[name].read_body(document)
    DIALECTS[name].read_event("message", document)
