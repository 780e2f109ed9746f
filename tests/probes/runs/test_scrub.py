"""Whatever an endpoint sends back is masked before it is a row: every text of the facts, names included."""

from dataclasses import fields

import pytest

from probes.redaction.engine import builtin_redactor
from probes.runs.scrub import places_in, scrub, scrubbed
from probes.wire.facts import Facts

KEY = "sk-proj-" + "a1B2c3D4" * 6
PROBE_KEY = "own-" + "pr0be"
TEXTS = [field.name for field in fields(Facts) if field.type == "str" or field.type is str]


@pytest.fixture(scope="module")
def redactor():
    return builtin_redactor().with_literals([PROBE_KEY])


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_masked(name, redactor):
    facts = Facts(**{"step": "stream"} | {name: f"refused {KEY} and {PROBE_KEY}"})

    kept = str(scrub(facts, redactor))

    assert KEY[8:30] not in kept
    assert PROBE_KEY not in kept


@pytest.mark.parametrize(
    "sent",
    [
        {"headers": {"x-echo": KEY}},
        {"headers": {KEY: "1"}},
        {"headers": {"x-api-key": "short0ne"}},
        {"header_names": (KEY,)},
        {"id_chain": (f"x-request-id {KEY}",)},
        {"addresses": (KEY,)},
    ],
)
def test_names_values_and_lists_are_masked(sent, redactor):
    kept = str(scrub(Facts(step="stream", **sent), redactor))

    assert KEY[8:30] not in kept
    assert "short0ne" not in kept


def test_what_was_masked_is_counted_under_the_name_of_its_fact(redactor):
    facts = Facts(step="stream", headers={"x-echo": PROBE_KEY}, error_message=f"bad key {KEY}")

    _facts, caught = scrubbed(facts, redactor)

    assert sorted(places_in(caught)) == [
        ("error_message", "openai_project_key", "openai_project_key"),
        ("headers", "literal", "literal"),
    ]
