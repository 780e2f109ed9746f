"""The page about verdicts says what the rules do today."""

from tests.cases.document import PAGE, page


def test_the_page_about_verdicts_is_up_to_date():
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.cases.document"
