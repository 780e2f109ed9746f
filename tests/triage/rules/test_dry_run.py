"""A dry run: what a draft would change in what is stored and in the examples."""

import pytest

from tests.triage.rules.builders import CONTENT
from tests.triage.tickets.builders import make_investigation
from triage.rules.dry_run import DryRun, dry_run
from triage.rules.examples import keepers, secrets

pytestmark = pytest.mark.django_db


def run(before=None, after=None, *, clock=lambda: 0.0) -> DryRun:
    return dry_run("acme-token", before, after, clock=clock)


def test_new_hits_are_counted_and_shown_masked():
    make_investigation(notes="customer sent ACME-SECRET77 twice")
    make_investigation(notes="nothing here")

    found = run(after=CONTENT)

    assert (found.gained.count, found.texts_hit) == (1, 1)
    assert "customer sent [acme_token] twice" in found.gained.shown[0][1]
    assert "ACME-SECRET77" not in str(found.as_dict())


def test_a_rule_that_hits_more_than_one_text_in_twenty_warns():
    for number in range(3):
        make_investigation(notes=f"ACME-SECRET{number}")

    assert "too_broad" in run(after=CONTENT).warnings


def test_a_rule_that_hits_little_warns_of_nothing():
    for _ in range(30):
        make_investigation(notes="502 from the gateway")
    make_investigation(notes="ACME-SECRET77")

    assert run(after=CONTENT).warnings == []


def test_a_rule_that_takes_request_ids_collides_with_the_keep_rules():
    greedy = CONTENT | {"pattern": r"req_[a-z0-9]+"}
    make_investigation(notes="req_" + "0a1b2c3d" * 3)

    found = run(after=greedy)

    assert "keeps" in found.warnings
    assert {"prefixed_id", "T-"} <= {of[:2] if of.startswith("T-") else of for of, _ in found.kept.shown} | {
        "T-"
    }


def test_removing_and_switching_off_show_what_becomes_readable():
    for after in (None, CONTENT | {"enabled": False}):
        found = run(before=CONTENT, after=after)

        assert found.lost.count == 2
        assert "unmasks" in found.warnings


def test_a_narrower_pattern_shows_the_sample_that_it_lets_go():
    found = run(before=CONTENT, after=CONTENT | {"pattern": r"\bACME-AAAA\d+\b"})

    assert [of for of, _ in found.lost.shown] == ["sample 1"]


@pytest.mark.parametrize(("was", "becomes"), [([], ["notes"]), (["notes", "model"], ["notes"])])
def test_keeping_a_rule_to_fewer_fields_shows_what_it_lets_go(was, becomes):
    found = run(before=CONTENT | {"only_in": was}, after=CONTENT | {"only_in": becomes})

    assert found.lost.count == 2
    assert "unmasks" in found.warnings


def test_a_rule_that_would_uncover_part_of_an_address_warns():
    found = run(after=CONTENT | {"pattern": r"@(?P<secret>[a-z0-9.-]+)"})

    assert "unmasks" in found.warnings


def test_a_rule_that_shows_more_of_a_built_in_secret_warns():
    telling = CONTENT | {"pattern": r"postgresql://root:(?P<secret>(?P<prefix>\S{9})\S+)@", "shown": "key"}

    assert "unmasks" in run(after=telling).warnings


def test_a_rule_kept_to_a_field_is_tried_there_only():
    make_investigation(notes="ACME-SECRET77", error_text="ACME-SECRET78")

    assert run(after=CONTENT | {"only_in": ["notes"]}).gained.count == 1


def test_it_stops_in_time_and_says_how_far_it_came():
    for _ in range(5):
        make_investigation(notes="ACME-SECRET77")
    seconds = iter(range(0, 100, 3))

    found = run(after=CONTENT, clock=lambda: next(seconds))

    assert found.out_of_time
    assert found.rows_read < found.rows_stored


def test_what_a_run_showed_can_be_kept():
    make_investigation(notes="ACME-SECRET77")
    found = run(after=CONTENT)

    assert DryRun.from_dict(found.as_dict()).share == found.share


def test_the_examples_behave_under_the_built_in_rules():
    found = run()

    assert (found.lost.count, found.kept.count) == (0, 0)
    assert (len(secrets()) > 250, len(keepers()) > 80) == (True, True)
