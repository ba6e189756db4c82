"""Accounts: customers with a contact who buys and pays."""

from toolkit.billing.accounts import Account
from toolkit.factories._record import RecordFactory, either, lazy, made, same
from toolkit.factories._words import company


class AccountFactory(RecordFactory[Account]):
    """An active account in dollars, with one contact for its bills and its purchases.

    `pays_by_card` gives it a card that is charged automatically; `contact__first_name` and the like
    reach into the contact, `card__card_type` into the card.
    """

    class Meta:
        model = Account

    class Params:
        contact = made("contact", account=None, account_id=same("..id"), company=same("..name"))
        pays_by_card = False
        card = either("pays_by_card", made("payment_method", account=None, account_id=same("..id")), None)

    id = lazy(lambda made: made.bench.id())
    number = lazy(lambda made: made.bench.number("account"))
    name = lazy(lambda made: company(made.bench.chance))
    currency = "USD"
    bill_cycle_day = 1
    bill_to_id = same("contact.id")
    sold_to_id = same("bill_to_id")
    auto_pay = same("pays_by_card")
    default_payment_method_id = lazy(lambda made: made.card and made.card.id)
    created = same("bench.now")
    updated = same("created")


FACTORY = AccountFactory
