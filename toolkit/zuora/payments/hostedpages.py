"""Hosted pages: which payment pages a tenant has configured."""

from toolkit.billing.unnumbered import Unnumbered


class HostedPage(Unnumbered, frozen=True, kw_only=True):
    """A payment page, of the second version that Zuora has of them.

    Attributes:
        kind: The type of payment method that it is for, as it is shown.
        gateway: The name of the gateway that is to process what is paid there.
    """

    name: str
    kind: str
    domain: str
    gateway: str
    callback_path: str | None = None
    allow_sub_domain: bool = False
