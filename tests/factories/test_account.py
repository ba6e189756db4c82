"""An account comes with whom to bill and, when asked, with a card."""

from toolkit import worlds
from toolkit.zuora.state.world import empty


def test_an_account_comes_with_its_contact() -> None:
    account, world = worlds.make(empty(), "account")
    (contact,) = world.contacts.of(account.id)
    assert account.bill_to_id == account.sold_to_id == contact.id


def test_nobody_can_be_reached_by_mail() -> None:
    account, world = worlds.make(
        empty(), "account", name="Müller & Söhne", contact__first_name="Zoë", contact__last_name="Lind"
    )
    assert world.contacts.find(account.bill_to_id).work_email == "zo.lind@m-ller-s-hne.test"


def test_a_name_of_foreign_letters_still_gives_an_address() -> None:
    names = {"contact__first_name": "雪", "contact__last_name": "北"}
    account, world = worlds.make(empty(), "account", name="北極", **names)
    assert world.contacts.find(account.bill_to_id).work_email == "x.x@x.test"


def test_an_account_pays_by_card_when_asked() -> None:
    account, world = worlds.make(empty(), "account", pays_by_card=True, card__card_type="Mastercard")
    card = world.payment_methods.find(account.default_payment_method_id)
    assert (card.account_id, card.card_type, account.auto_pay) == (account.id, "Mastercard", True)


def test_an_account_has_no_card_unless_asked() -> None:
    account, world = worlds.make(empty(), "account")
    assert account.default_payment_method_id is None
    assert not account.auto_pay
    assert list(world.payment_methods.of(account.id)) == []


def test_a_card_number_is_never_whole() -> None:
    card, _ = worlds.make(empty(), "payment_method")
    assert card.masked_number == "************1111"


def test_more_people_may_belong_to_an_account() -> None:
    account, world = worlds.make(empty(), "account")
    second, world = worlds.make(world, "contact", account=account)
    assert [contact.id for contact in world.contacts.of(account.id)] == [account.bill_to_id, second.id]
