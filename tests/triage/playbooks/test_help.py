"""The public help pages: open, cacheable, in the reader's language, and without anything internal."""

import re

import pytest
from django.test import Client

from tests.triage.playbooks.builders import CUT, admin, approved, engineer, words_with
from triage.playbooks.help import FIELD_TEMPLATES
from triage.tickets.paste.reader import read_paste
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import shipped_playbooks

pytestmark = pytest.mark.django_db


def visit(address: str, **headers: str):
    return Client(headers=headers).get(address)


def page_of(address: str) -> str:
    return re.sub(r"&#x27;|&quot;", "'", visit(address).content.decode())


def test_every_class_has_its_page_without_a_sign_in():
    for code in ISSUES:
        words = shipped_playbooks()[code]["en"]
        page = page_of(f"/help/{code}/?lang=en")

        assert words.help_title.replace('"', "'") in page
        assert words.engineer not in page
        assert words.do_not not in page


@pytest.mark.parametrize("address", ["/help/", f"/help/{CUT}/", "/help/template/", "/help/?q=429"])
def test_a_page_sets_no_cookie_and_may_be_cached(address):
    answer = visit(f"{address}{'&' if '?' in address else '?'}lang=en")

    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in answer.get("Vary", "")
    assert answer["Content-Language"] == "en"


def test_a_page_that_is_known_already_is_not_sent_again():
    first = visit(f"/help/{CUT}/?lang=en")

    again = visit(f"/help/{CUT}/?lang=en", **{"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert not again.content


@pytest.mark.parametrize(
    ("query", "accepted", "lang"),
    [
        ("?lang=zh-hans", "en", "zh-Hans"),
        ("?lang=zh-CN", "en", "zh-Hans"),
        ("?lang=en", "zh-CN", "en"),
        ("", "en", "en"),
        ("", "zh-CN", "zh-Hans"),
        ("?lang=xx", "en", "en"),
    ],
)
def test_the_language_is_asked_for_or_the_browsers(query, accepted, lang):
    answer = visit(f"/help/{CUT}/{query}", **{"accept-language": accepted})

    assert f'<html lang="{lang}">' in answer.content.decode()
    assert query.startswith(("?lang=zh", "?lang=en")) or "Accept-Language" in answer["Vary"]


def test_one_reader_s_language_does_not_stay_for_the_next():
    visit(f"/help/{CUT}/?lang=zh-hans")

    assert "Sign in" in visit("/sign-in/", **{"accept-language": "en"}).content.decode()


def test_the_list_is_searched_and_says_when_nothing_fits():
    found, nothing = page_of("/help/?lang=en&q=certificate"), page_of("/help/?lang=en&q=zzz\0%27")

    assert "/help/reach.tls/?lang=en" in found
    assert "/help/balance.empty/" not in found
    assert "Nothing fits this search" in nothing


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("429", "limit.gateway_rate"),
        ("stream stops", "stream.stalled"),
        ("charged twice", "charge.duplicate"),
        ("流中断", "stream.cut"),
        ("重复扣费", "charge.hidden_retry"),
        ("证书", "reach.tls"),
    ],
)
def test_what_people_type_leads_to_its_page(typed, code):
    for language in ("en", "zh-hans"):
        found = Client().get("/help/", {"q": typed, "lang": language}).content.decode()

        assert f'href="/help/{code}/?lang={language}"' in found


def test_an_unknown_topic_has_a_page_of_its_own():
    for code in ("no.such", "inconclusive.held_back"):
        answer = visit(f"/help/{code}/?lang=en")

        assert answer.status_code == 404
        assert "No help page of this name" in answer.content.decode()


def test_only_reading_is_offered():
    assert Client().post(f"/help/{CUT}/").status_code == 405


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_topic_goes_by_its_title_with_the_code_beside_it(language):
    in_language = {"en": "en", "zh-hans": "zh"}[language]
    title = shipped_playbooks()["model.no_channel"][in_language].help_title
    address = f"/help/model.no_channel/?lang={language}"

    beside = f'<a href="{address}">{title}</a> <code class="muted small">model.no_channel</code>'
    for page in (f"/help/?lang={language}", f"/help/model.unknown/?lang={language}"):
        assert beside in page_of(page)
    head = page_of(address).split('class="page-head"')[1].split("<article")[0]
    assert f"{title}</h1>" in head
    assert "<code>model.no_channel</code>" in head


def test_what_is_published_is_what_customers_read():
    approved(engineer(), admin(), words=words_with(help_title="Cut short by something"))

    assert "Cut short by something" in page_of(f"/help/{CUT}/?lang=en")


def test_a_page_costs_one_query(django_assert_num_queries):
    visit("/help/?lang=en")

    with django_assert_num_queries(1):
        visit(f"/help/{CUT}/?lang=en")


# --- the template that customers fill in

SAID = {
    "account_ref": ("u-1234", "u-1234"),
    "base_url": ("https://api.example.com/v1", "https://api.example.com/v1"),
    "model": ("gpt-4.1", "gpt-4.1"),
    "stream": ("是", "yes"),
    "occurred_at": ("2026-11-21 14:05 +08:00", "2026-11-21 14:05 +08:00"),
    "status_code": ("429", "429"),
    "error_text": ("您已达到请求数限制", "Rate limit reached"),
    "elapsed_s": ("12.5", "12.5"),
    "first_output_s": ("3", "3"),
    "client": ("Cherry Studio", "Cherry Studio"),
    "client_version": ("1.5.2", "1.5.2"),
    "via_proxy": ("否", "no"),
    "control_text": ("正常", "works"),
    "retry_count": ("2", "2"),
    "concurrency": ("8", "8"),
    "request_ids": ("req_011CSHoEeqs5C35K2UUqR7Fy", "req_011CSHoEeqs5C35K2UUqR7Fy"),
    "task_id": ("task_9f31ab77c2", "task_9f31ab77c2"),
    "charged": ("已扣", "yes"),
    "notes": ("输出到一半停了", "it stopped half-way"),
}


@pytest.mark.parametrize("side", [0, 1])
def test_the_desk_reads_its_own_template_back(side):
    labels = FIELD_TEMPLATES[side].text.split("\n")
    labels.pop(1)  # of the key: its last 4 characters may be left out
    filled = [label + answers[side] for label, answers in zip(labels, SAID.values(), strict=True)]

    read = {one.field: str(one.value) for one in read_paste("\n".join(filled)).suggestions}

    assert SAID.keys() <= read.keys()
    assert (read["model"], read["status_code"], read["client"]) == ("gpt-4.1", "429", "Cherry Studio")
    assert (read["stream"], read["via_proxy"], read["charged"]) == ("yes", "no", "yes")


@pytest.mark.parametrize("template", FIELD_TEMPLATES, ids=lambda one: one.tag)
def test_the_template_asks_for_nothing_secret(template):
    of_secrets = [one for one in template.asked if re.search(r"(?i)key|password|密码|token\b", one.label)]

    assert len(of_secrets) <= 2  # the last characters of a key
    assert all(re.search("never|不要|text|字", one.hint) for one in of_secrets)
