"""Of very many deliveries the first and the last are kept, also of those that an older desk stored whole."""

from probes.wire.arrivals import as_kept_today


def test_a_crowd_of_stored_deliveries_reads_as_today_it_would_be_kept():
    crowd = [[float(n), 10] for n in range(20_000)]

    facts = as_kept_today({"status": 200, "bursts": crowd})

    assert facts == {"status": 200, "bursts": [*crowd[:150], *crowd[-50:]], "burst_count": 20_000}


def test_what_is_few_or_no_list_is_left_as_it_is():
    for bursts in ([[1.0, 10]] * 201, "many", None):
        facts = {"bursts": bursts}
        assert as_kept_today(facts) is facts
