"""What somebody may not do is one line of the log."""

import logging

import pytest

from tests.triage.people.builders import client_of
from triage.people.one_line import RefusalsInOneLine
from triage.people.roles import Role


@pytest.mark.django_db
def test_a_refusal_is_logged_without_a_traceback(caplog):
    with caplog.at_level(logging.WARNING, logger="django.request"):
        refused = client_of(Role.SUPPORT).get("/rules/")

    told = [record for record in caplog.records if record.name == "django.request"]
    assert refused.status_code == 403
    assert len(told) == 1
    assert "/rules/" in told[0].getMessage()
    assert told[0].exc_info is None


def test_what_is_broken_keeps_its_traceback():
    error = ValueError("broken")
    record = logging.makeLogRecord({"msg": "500", "exc_info": (ValueError, error, None)})

    assert RefusalsInOneLine().filter(record)
    assert record.exc_info == (ValueError, error, None)
