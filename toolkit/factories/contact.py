"""Contacts: people of an account, reachable at addresses that lead nowhere."""

from toolkit.billing.accounts import Contact
from toolkit.factories._record import RecordFactory, lazy, made, same
from toolkit.factories._words import person, slug


class ContactFactory(RecordFactory[Contact]):
    """A person with a work address in San Francisco; without `account` one is made."""

    class Meta:
        model = Contact

    class Params:
        account = made("account")
        company = same("account.name")
        names = lazy(lambda made: person(made.bench.chance))

    account_id = same("account.id")
    id = lazy(lambda made: made.bench.id())
    number = lazy(lambda made: made.bench.number("contact"))
    first_name = lazy(lambda made: made.names[0])
    last_name = lazy(lambda made: made.names[1])
    work_email = lazy(
        lambda made: f"{slug(made.first_name)}.{slug(made.last_name)}@{slug(made.company)}.test"
    )
    address1 = "268 Bush Street"
    city = "San Francisco"
    state = "California"
    zip_code = "94104"
    country = "United States"


FACTORY = ContactFactory
