"""The trail reads as sentences, in the reader's language, without the marks of a program."""

import re
from typing import Any

import pytest
from django.utils import timezone, translation

from tests.probes.runs.builders import make_endpoint
from tests.triage.rules.builders import admin, client_as, make_draft, published
from triage.people.audit import record
from triage.people.models import AuditEntry
from triage.rules.trail import told_of
from triage.rules.wording import WARNINGS

pytestmark = pytest.mark.django_db


def told(
    action: str = "rule.published", *, language: str = "en", subject: str = "acme", **detail: Any
) -> Any:
    record(action, actor=None, subject=subject, at=timezone.now(), detail=detail)
    with translation.override(language):
        return told_of(AuditEntry.objects.all())[0]


def test_a_published_draft_names_its_author_version_and_what_it_changes():
    ann, bob = admin("ann"), admin("bob")
    version = published(make_draft(ann), bob)

    page = client_as(bob).get("/rules/trail/").content.decode()

    assert f"as version {version.number}; written by ann" in page
    assert "a new rule; warnings: none; content " in page
    assert not re.search(r"&#x27;|\{|\}|=\[|None", page.partition("<tbody>")[2].partition("</tbody>")[0])


@pytest.mark.parametrize(
    ("language", "says"), [("en", "warnings: Something that is masked"), ("zh-hans", "有些现在被屏蔽的内容")]
)
def test_warnings_are_told_in_words(language, says):
    assert str(WARNINGS["unmasks"])

    assert says in told(language=language, warnings=["unmasks"]).detail


def test_names_of_fields_are_translated():
    found = told("admin.changed", language="zh-hans", subject="endpoint 3", fields=["Base URL"])

    assert (found.subject, found.detail) == ("接入点 3", "字段：接口地址（base URL）")


@pytest.mark.parametrize(
    ("detail", "says"),
    [
        ({"role": "admin", "door": "manage.py people"}, "with the role Admin; by manage.py people"),
        ({"based_on": 4}, "changes version 4"),
        ({"fields": []}, "fields: none"),
        ({"rate": {"old": 1, "new": None}}, "rate: new: none, old: 1"),
        ({"paused": True}, "paused: yes"),
        ({"rows": []}, "rows: none"),
    ],
)
def test_every_kind_of_detail_reads_without_braces(detail, says):
    assert told(**detail).detail == says


def test_an_author_who_is_gone_is_still_a_number():
    assert told(author=4711).detail == "written by 4711"


def test_what_the_administration_changed_is_named_by_its_kind(client):
    make_endpoint(slug="shop")

    assert told("admin.deleted", subject="halt 7").subject == "stop of all probes 7"
    assert told("admin.deleted", subject="nonsense 7").subject == "nonsense 7"


def test_a_page_of_the_trail_asks_little(django_assert_max_num_queries):
    ann = admin("ann")
    for number in range(30):
        told(author=ann.pk, version=number)
    client = client_as(ann)

    with django_assert_max_num_queries(8):
        client.get("/rules/trail/")
