"""The customer's clock, and what it is called."""

import pytest

from triage.verdicts.zones import clock_in_chinese, zone_of


@pytest.mark.parametrize("name", ["", "nowhere", "../etc/passwd", "Asia/Shanghai", "\x00"])
def test_a_name_that_is_no_zone_means_china(name):
    assert zone_of(name).key == "Asia/Shanghai"


def test_a_zone_is_the_one_that_is_named():
    assert zone_of("Europe/Berlin").key == "Europe/Berlin"


@pytest.mark.parametrize(
    ("clock", "chinese"),
    [
        ("14:05:30 (Asia/Shanghai)", "14:05:30（北京时间）"),
        ("2026-11-22 00:00:00 (America/Los_Angeles)", "2026-11-22 00:00:00（洛杉矶时间）"),
        ("14:05:30 (America/Argentina/Salta)", "14:05:30（America/Argentina/Salta 时间）"),
        ("14:05:30", "14:05:30"),
    ],
)
def test_chinese_readers_are_told_the_zone_as_they_call_it(clock, chinese):
    assert clock_in_chinese(clock) == chinese
