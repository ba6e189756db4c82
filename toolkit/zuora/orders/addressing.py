"""Addressing: the contact and the terms by which a subscription is billed, as an order says them."""

from msgspec.structs import replace

from toolkit.billing.accounts import check_payment_term
from toolkit.billing.errors import RuleError
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.contact_fields import new_contact
from toolkit.zuora.orders.request import Action, Addressed
from toolkit.zuora.state.world import Change


def addressing(action: Action) -> Addressed | None:
    """Return the part of an action that may say to whom the subscription is billed."""
    return action.terms_and_conditions or action.renew_subscription or action.owner_transfer


def addressed(change: Change, made: Subscription, said: Addressed | None) -> Subscription:
    """Check to whom and on what terms a version is billed; a new contact is made for the invoice owner.

    Source: Zuora, transfer a subscription with its bill-to contact already specified: the contact has to be
    the new invoice owner's, or to be cleared.

    Raises:
        NotFoundError: The contact does not exist.
        InvalidValueError: No payment term has that name.
        RuleError: The contact is another account's.
    """
    if said is not None and said.bill_to_contact is not None:
        contact = new_contact(change, made.invoice_owner_id, said.bill_to_contact)
        made = replace(made, addressee=replace(made.addressee, bill_to_id=contact.id))
    key, term = made.addressee.bill_to_id, made.addressee.payment_term
    if key is not None and change.table("contacts").find(key).account_id != made.invoice_owner_id:
        owner = change.table("accounts").find(made.invoice_owner_id)
        raise RuleError(
            f"The bill-to contact {key} of the subscription {made.number} does not belong to the account "
            f"{owner.number}, which gets its invoices."
        )
    if term is not None:
        check_payment_term(term, change.before.payment_terms)
    return made
