"""The ids of parts count on from that of the version which has them."""

from toolkit.billing.identities import part_id, seen_in

OWNER = "8ad0823f8e5f0b9b018e5f3e3a4b1c77"


def test_the_id_of_a_part_counts_on_from_that_of_its_owner() -> None:
    assert part_id(OWNER, 1) == "8ad1" + OWNER[4:]
    assert part_id("ffff" + OWNER[4:], 2) == "0001" + OWNER[4:]


def test_a_version_shows_a_part_with_its_own_digits() -> None:
    later = "8ad0" + 28 * "7"
    assert seen_in(later, part_id(OWNER, 3)) == "8ad3" + 28 * "7"
    assert seen_in(OWNER, part_id(OWNER, 3)) == part_id(OWNER, 3)
