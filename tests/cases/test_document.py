"""The page about verdicts says what the rules do today."""

from tests.cases.document import PAGE, page
from triage.verdicts.codes import ISSUES


def test_the_page_about_verdicts_is_up_to_date():
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.cases.document"


def test_every_class_has_its_facts_a_case_and_a_near_miss():
    table = page().partition("## Every class")[2]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| `")]

    assert len(rows) == len(ISSUES)
    assert not [row[0] for row in rows if not all(cell.strip(" |") for cell in row)]
