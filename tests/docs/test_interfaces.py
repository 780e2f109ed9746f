"""docs/interfaces.md names everything that programs meet."""

from dataclasses import fields
from pathlib import Path

import pytest

from probes.wire.facts import BodyKind, EndMode, Facts, Failure
from triage.verdicts.case import Confidence, Owner, Resend, Verdict

PAGE = Path(__file__).parents[2].joinpath("docs", "interfaces.md").read_text("utf-8")
NAMES = [f.name for value in (Facts, Verdict) for f in fields(value)]
CODES = [code.value for kind in (Failure, EndMode, BodyKind, Confidence, Owner, Resend) for code in kind]


@pytest.mark.parametrize("name", [*NAMES, *CODES])
def test_the_page_names_it(name):
    assert f"`{name}`" in PAGE
