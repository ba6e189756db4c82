"""Payment methods: test cards."""

from toolkit.billing.paymentmethods import PaymentMethod
from toolkit.factories._record import RecordFactory, lazy, made, same
from toolkit.factories._words import person


class PaymentMethodFactory(RecordFactory[PaymentMethod]):
    """A Visa card that is good for three years; without `account` one is made."""

    class Meta:
        model = PaymentMethod

    class Params:
        account = made("account")

    account_id = same("account.id")
    id = lazy(lambda made: made.bench.id())
    number = lazy(lambda made: made.bench.number("payment method"))
    type = "CreditCard"
    card_type = "Visa"
    masked_number = "************1111"
    expiration_month = 12
    expiration_year = lazy(lambda made: made.bench.today.year + 3)
    holder_name = lazy(lambda made: " ".join(person(made.bench.chance)))
    created = same("bench.now")


FACTORY = PaymentMethodFactory
