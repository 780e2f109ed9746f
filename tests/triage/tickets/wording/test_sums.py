"""Sums and habits in both languages, on the form and on the card."""

import pytest
from django.utils import translation

from tests.triage.people.builders import client_of
from tests.triage.tickets.builders import conclude, make_investigation
from triage.people.roles import Role
from triage.tickets.wording.facts import fact_label
from triage.tickets.wording.habits import HABITS, habits_of
from triage.tickets.wording.sums import SUMS, span_text, sum_text
from triage.tickets.wording.values import fact_text
from triage.verdicts.case import Evidence
from triage.verdicts.clients.known import clients

SHOWN = {
    "own_limit": {"seconds": 30.1, "limit": 30},
    "client_limit": {"seconds": 600.4, "limit": 600, "whose": ["openai-python"]},
    "client_waits": {"client": "curl"},
    "hop_limit": {"seconds": 60.3, "limit": 60, "whose": ["nginx (proxy_read_timeout)"]},
    "round_limit": {"seconds": 600.0, "limit": 600},
    "requests_multiplied": {"requests": 3, "timeout": 60, "seconds": 181.2, "client": "openai-python"},
    "wire_requests": {"rows": 3, "at_least": 1, "at_most": 3, "client": "openai-python"},
    "block_size": {"bytes": 4096, "pieces": 7, "whose": ["nginx proxy_buffers (4k)"]},
    "clock_apart": {"seconds": 36},
    "server_clock": {"seconds": -420.0},
    "known_fault": {"client": "go-openai", "about": "many_heartbeats"},
    "id_of_another_time": {"id": "2026", "made": "2026-11-19T14:02", "told": "2026-11-21T12:02"},
    "id_of_another_zone": {"id": "2026", "made": "2026-11-21T14:02", "told": "2026-11-21T12:02"},
}


@pytest.mark.parametrize("name", SUMS)
def test_every_sum_reads_as_a_sentence_in_both_languages(name):
    said = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said[language] = (
                fact_label(name, step="arithmetic"),
                fact_text(name, SHOWN[name], step="arithmetic"),
            )

    assert said["en"] != said["zh-hans"]
    assert not any("%(" in text or text == name for pair in said.values() for text in pair)


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        (
            "requests_multiplied",
            "3 requests of up to 60 s each, one after the other, make 181.2 s; "
            "openai-python does so by default",
            "3 个请求，每个最多 60 秒，一个接一个，合计 181.2 秒；openai-python 默认就是这样",
        ),
        (
            "id_of_another_zone",
            "the ID is from 14:02, the ticket says 12:02: another request, or another zone",
            "这个 ID 是 14:02 的，工单写的是 12:02：是另一个请求，或者时区不同",
        ),
        (
            "wire_requests",
            "3 rows for 1 to 3 requests on the wire",
            "3 行扣费，实际发出 1 到 3 个请求",
        ),
    ],
)
def test_a_sum_in_words(name, english, chinese):
    with translation.override("en"):
        assert sum_text(name, SHOWN[name]) == english
    with translation.override("zh-hans"):
        assert sum_text(name, SHOWN[name]) == chinese


def test_a_sum_of_another_shape_shows_its_figures():
    assert sum_text("own_limit", {"seconds": 3}) == "seconds 3"
    assert sum_text("of_old", {"a": 1}) == "a 1"
    assert fact_text("own_limit", "30 s", step="arithmetic") == "30 s"
    assert fact_text("known_fault", {"about": "of_old"}, step="arithmetic") == "of_old"


@pytest.mark.parametrize(
    ("seconds", "text"), [(60, "60 s"), (90, "90 s"), (600, "10 minutes"), (7200, "2 hours"), (0.5, "0.5 s")]
)
def test_a_limit_is_told_as_people_say_it(seconds, text):
    with translation.override("en"):
        assert span_text(seconds) == text


def test_what_a_client_does_is_told_in_both_languages():
    with translation.override("en"):
        assert habits_of("openai-python 0.28")[0] == (
            "openai-python: one call may be 3 requests, and each waits up to 10 minutes."
        )
    with translation.override("zh-hans"):
        assert habits_of("openai-python 0.28") == [
            "openai-python：一次调用可能是 3 个请求，每个最多等 10 分钟。"
        ]


def test_every_fault_that_is_known_of_a_client_has_its_words():
    faults = {f"misreads_{fault.about}" for client in clients().values() for fault in client.parser_faults}

    assert faults <= set(HABITS)


@pytest.fixture
def support(db):
    return client_of(Role.SUPPORT)


def test_the_form_tells_what_the_typed_client_does(support):
    page = support.post("/tickets/new/client/", {"client": "openai-python", "client_version": "1.51"})

    assert "one call may be 3 requests, and each waits up to 10 minutes" in page.content.decode()
    assert 'id="client-habits"' in support.get("/tickets/new/").content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            "60",
            "With the time limit that is given: "
            "openai-python: one call may be 3 requests, and each waits up to 60 s.",
        ),
        ("soon", "By default: openai-python: one call may be 3 requests, and each waits up to 10 minutes."),
    ],
)
def test_a_time_limit_that_is_given_holds_in_the_place_of_the_default(support, typed, told):
    page = support.post("/tickets/new/client/", {"client": "openai-python", "client_timeout_s": typed})

    assert told in " ".join(page.content.decode().split())


def test_a_paste_with_a_time_limit_is_told_with_it_on_the_form_and_on_the_ticket(support):
    lines = (
        "openai==1.51.0",
        "client = OpenAI(timeout=60, max_retries=5)",
        "openai.APITimeoutError: Timed out",
    )

    form = support.post("/tickets/new/paste/", {"paste": "\n".join(lines)}).content.decode()
    ticket = make_investigation(client="openai-python", client_timeout_s=60).ticket
    page = support.get(ticket.get_absolute_url()).content.decode()

    for shown in (form, page):
        assert "each waits up to 60 s." in shown
        assert "10 minutes" not in shown
    assert "What the client does with the time limit that is given" in page
    assert "a setting and not how often it did" in form
    assert 'name="retry_count" value' not in form


def test_an_unknown_client_gets_no_sentence_and_is_not_shown_again(support):
    assert support.post("/tickets/new/client/", {"client": "自研<script>"}).content == b""


def test_the_card_shows_the_sum_and_what_the_client_does(support):
    investigation = make_investigation(concluded=False, client="openai-python")
    conclude(investigation, evidence=(Evidence("arithmetic", "client_limit", SHOWN["client_limit"]),))

    page = support.get(f"/tickets/{investigation.ticket_id}/").content.decode()

    assert "600.4 s is what openai-python waits by default: 600 s" in page
    assert "one call may be 3 requests" in page
