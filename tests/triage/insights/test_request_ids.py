"""Each answer names its request by an id of the desk's own."""

import logging

import pytest
from django.test import Client

from probes.redaction.log_ids import present_ids


@pytest.mark.django_db
def test_each_answer_has_an_id_of_its_own_whatever_the_client_sends():
    client = Client(headers={"x-request-id": "theirs\r\nforged: line"})

    ids = {client.get(path)["X-Request-Id"] for path in ("/sign-in/", "/sign-in/", "/no/such/page")}

    assert len(ids) == 3
    assert all(len(one) == 12 and one.isalnum() for one in ids)


@pytest.mark.django_db
def test_what_is_logged_meanwhile_is_logged_in_its_name():
    seen = []
    handler = logging.Handler()
    handler.emit = lambda record: seen.append(present_ids().get("request"))
    logging.getLogger("django.request").addHandler(handler)
    try:
        answer = Client().get("/no/such/page")
    finally:
        logging.getLogger("django.request").removeHandler(handler)

    assert seen == [answer["X-Request-Id"]]
