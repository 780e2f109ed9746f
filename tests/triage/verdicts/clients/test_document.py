from tests.triage.verdicts.clients.document import PAGE, page


def test_the_page_about_clients_is_up_to_date():
    assert PAGE.read_text("utf-8") == page(), "run python -m tests.triage.verdicts.clients.document"
