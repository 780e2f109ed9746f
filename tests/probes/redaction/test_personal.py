"""Check digits."""

import pytest

from probes.redaction.personal import is_bank_card, is_id_card, luhn_holds


@pytest.mark.parametrize("number", ["11010519491231002X", "11010519491231002x", "110105 19491231 002X"])
def test_an_id_card_with_its_check_character(number: str) -> None:
    assert is_id_card(number)


@pytest.mark.parametrize(
    "number", ["110105194912310021", "11010519491331002X", "99010519491231002X", "11010529991231002X"]
)
def test_other_eighteen_digits_are_no_id_card(number: str) -> None:
    assert not is_id_card(number)


@pytest.mark.parametrize("number", ["4111111122334458"[:12] + "4458", "6222 0212 3456 7890 128"])
def test_a_bank_card_has_an_issuer_a_length_and_luhn(number: str) -> None:
    digits = number.replace(" ", "")
    assert is_bank_card(number) == (luhn_holds(digits) and len(set(digits)) > 3)


@pytest.mark.parametrize(
    "number", ["3692148457303155290", "1762350000000123", "4111111111111111"[:15], "0000000000000000"]
)
def test_long_numbers_are_no_bank_cards(number: str) -> None:
    assert not is_bank_card(number)
