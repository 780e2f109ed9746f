"""docs/lab.md says what the table says."""

from pathlib import Path

from probes.lab.handbook import page

_DOCUMENT = Path(__file__).parents[3] / "docs" / "lab.md"


def test_the_document_is_current():
    assert _DOCUMENT.read_text(encoding="utf-8") == page(), "run: python -m probes.lab.handbook > docs/lab.md"
