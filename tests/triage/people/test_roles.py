import pytest

from triage.people.roles import WHO_MAY, Role


@pytest.mark.parametrize(
    ("held", "needed", "enters"),
    [
        (Role.SUPPORT, Role.SUPPORT, True),
        (Role.ADMIN, Role.SUPPORT, True),
        (Role.ADMIN, Role.ENGINEER, True),
        (Role.SUPPORT, Role.ENGINEER, False),
        (Role.ENGINEER, Role.ADMIN, False),
    ],
)
def test_a_higher_role_may_do_what_a_lower_one_may(held, needed, enters):
    assert held.covers(needed) is enters


def test_an_admin_may_do_everything_in_the_table():
    assert all(Role.ADMIN.may(ability) for ability in WHO_MAY)


def test_an_ability_that_nobody_defined_is_a_mistake_not_a_no():
    with pytest.raises(KeyError):
        Role.ADMIN.may("paint_the_house")
