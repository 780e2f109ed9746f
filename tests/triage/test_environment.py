"""A setting means what it says, or stops the start by name."""

from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured

from triage import environment


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch):
    monkeypatch.delenv("DESK_TRIAL", raising=False)


@pytest.mark.parametrize(
    ("read", "given", "meant"),
    [
        (environment.text, "$plain", "$plain"),
        (lambda name: environment.switch(name, default=False), "Yes", True),
        (lambda name: environment.switch(name, default=True), "0", False),
        (lambda name: environment.switch(name, default=True), "", True),
        (lambda name: environment.count(name, default=3), "100", 100),
        (lambda name: environment.count(name, default=3), "", 3),
        (lambda name: environment.money(name, default="20"), "0.5", Decimal("0.5")),
        (lambda name: environment.zone(name, default="Asia/Shanghai"), "Europe/Paris", "Europe/Paris"),
    ],
)
def test_a_setting_is_read(read, given, meant, monkeypatch):
    monkeypatch.setenv("DESK_TRIAL", given)

    assert read("DESK_TRIAL") == meant


@pytest.mark.parametrize(
    ("read", "given"),
    [
        (lambda name: environment.switch(name, default=False), "maybe"),
        (lambda name: environment.count(name, default=3), "-1"),
        (lambda name: environment.count(name, default=3), "many"),
        (lambda name: environment.money(name, default="20"), "abc"),
        (lambda name: environment.money(name, default="20"), "NaN"),
        (lambda name: environment.money(name, default="20"), "-5"),
        (lambda name: environment.zone(name, default="Asia/Shanghai"), "Mars/Olympus"),
        (lambda name: environment.zone(name, default="Asia/Shanghai"), "../etc/passwd"),
        (lambda name: environment.zone(name, default="Asia/Shanghai"), "Asia"),
    ],
)
def test_a_mistyped_setting_is_refused_by_name(read, given, monkeypatch):
    monkeypatch.setenv("DESK_TRIAL", given)

    with pytest.raises(ImproperlyConfigured, match=r"DESK_TRIAL is .* is needed"):
        read("DESK_TRIAL")
