"""Texts written by hand, as people paste them: nothing of a secret is left, and everything else is."""

import pytest

from probes.redaction.engine import builtin_redactor
from tests.probes.redaction.leaks import survives
from tests.probes.redaction.pasted import pasted


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_leaks_and_nothing_is_lost_in_what_people_paste(seed: int) -> None:
    cases = list(pasted(seed))
    masked = [builtin_redactor().redact(case.text).text for case in cases]

    leaks = [case.name for case, text in zip(cases, masked, strict=True) if _leaks(case.secrets, text)]
    lost = [(case.name, case.lost(text)) for case, text in zip(cases, masked, strict=True) if case.lost(text)]

    assert len(cases) >= 600
    assert (leaks, lost) == ([], [])


def _leaks(secrets: tuple[str, ...], masked: str) -> bool:
    return any(survives(secret, masked) for secret in secrets)
