import pytest
from django.utils import translation

from probes.redaction.catalogue import RULES
from triage.tickets.wording.masked import finding_kind


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_whatever_a_rule_masks_is_told_in_words():
    told = {finding_kind(rule.kind) for rule in RULES}

    assert "key (openai project key)" in told
    assert not any("_" in words for words in told)
