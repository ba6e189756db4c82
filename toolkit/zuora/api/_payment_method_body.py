"""A payment method as clients send it, whatever its type."""

from typing import Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from toolkit.zuora.calls.wire import Body

_HARMLESS = frozenset(
    {
        *("authGateway", "checkDuplicated", "cryptogram", "currencyCode", "gatewayOptions", "ipAddress"),
        *("deviceSessionId", "mandateId", "mandateInfo", "mandateReceivedStatus", "existingMandateStatus"),
        *("mandateCreationDate", "mandateUpdateDate", "mitConsentAgreementRef", "mitConsentAgreementSrc"),
        *("mitNetworkTransactionId", "mitProfileAction", "mitProfileAgreedOn", "mitProfileType"),
        *("paymentGatewayNumber", "processingOptions", "screeningAmount", "securityCode"),
        *("skipValidation", "tokenize", "cardBinInfo", "subType"),
    }
)

REQUIRED = {
    "CreditCard": (("card_number", "cardNumber"),),
    "CreditCardReferenceTransaction": (("token", "tokenId"),),
    "ACH": (
        ("bank_aba_code", "bankABACode"),
        ("bank_account_name", "bankAccountName"),
        ("bank_account_number", "bankAccountNumber"),
        ("bank_account_type", "bankAccountType"),
        ("bank_name", "bankName"),
    ),
    "SEPA": (("iban", "IBAN"), ("account_holder_info", "accountHolderInfo")),
    "Bacs": (("account_number", "accountNumber"), ("bank_code", "bankCode")),
    "Becs": (("account_number", "accountNumber"), ("branch_code", "branchCode")),
    "Becsnz": (
        ("account_number", "accountNumber"),
        ("bank_code", "bankCode"),
        ("branch_code", "branchCode"),
    ),
    "PAD": (("account_number", "accountNumber"), ("bank_code", "bankCode"), ("branch_code", "branchCode")),
    "Autogiro": (
        ("account_number", "accountNumber"),
        ("branch_code", "branchCode"),
        ("identity_number", "identityNumber"),
    ),
    "Betalingsservice": (
        ("account_number", "accountNumber"),
        ("bank_code", "bankCode"),
        ("identity_number", "identityNumber"),
    ),
    "PayPalEC": (("baid", "BAID"), ("email", "email")),
    "PayPalNativeEC": (("baid", "BAID"),),
    "PayPalAdaptive": (("preapproval_key", "preapprovalKey"), ("email", "email")),
}
"""The fields that a type needs. Source: Zuora, create a payment method."""

ACCOUNT_NUMBERED = frozenset(
    kind for kind, fields in REQUIRED.items() if ("account_number", "accountNumber") in fields
)
"""The types whose number is shown as an account number."""

SHOWN = {
    "bank_aba_code": "bankABACode",
    "bank_account_name": "bankAccountName",
    "bank_account_type": "bankAccountType",
    "bank_name": "bankName",
    "bank_code": "bankCode",
    "branch_code": "branchCode",
    "business_identification_code": "businessIdentificationCode",
    "identity_number": "identityNumber",
    "baid": "BAID",
    "email": "email",
    "preapproval_key": "preapprovalKey",
}
"""The fields that are kept as they are given and shown again."""


class Holder(Body, frozen=True):
    """Who holds a card or a bank account."""

    card_holder_name: str | None = None
    account_holder_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    country: str | None = None
    email: str | None = None
    phone: str | None = None
    state: str | None = None
    zip_code: str | None = None


class Tokens(Body, frozen=True):
    """How a gateway calls a card."""

    harmless: ClassVar[frozenset[str]] = frozenset({"gatewayType"})
    lacking: ClassVar[frozenset[str]] = frozenset({"thirdTokenId"})

    token_id: str | None = None
    second_token_id: str | None = None


class NewPaymentMethod(Body, frozen=True):
    """A credit card, a reference to one, a bank account, or a type that is kept by its name alone."""

    harmless: ClassVar[frozenset[str]] = _HARMLESS

    type: str
    account_key: str | None = None
    payment_method_number: str | None = None
    make_default: bool = False
    card_number: str | None = None
    card_mask_number: str | None = None
    credit_card_mask_number: str | None = None
    card_type: str | None = None
    expiration_month: int | None = None
    expiration_year: int | None = None
    card_holder_info: Holder = Holder()
    account_holder_info: Holder | None = None
    token_id: str | None = None
    second_token_id: str | None = None
    tokens: Tokens = Tokens()
    bank_aba_code: str | None = msgspec.field(default=None, name="bankABACode")
    bank_account_name: str | None = None
    bank_account_number: str | None = None
    bank_account_mask_number: str | None = None
    bank_account_type: str | None = None
    bank_name: str | None = None
    iban: str | None = msgspec.field(default=None, name="IBAN")
    account_number: str | None = None
    account_mask_number: str | None = None
    bank_code: str | None = None
    branch_code: str | None = None
    business_identification_code: str | None = None
    identity_number: str | None = None
    baid: str | None = msgspec.field(default=None, name="BAID")
    email: str | None = None
    preapproval_key: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    country: str | None = None
    phone: str | None = None
    state: str | None = None
    zip_code: str | None = None
    use_default_retry_rule: bool = True
    max_consecutive_payment_failures: int | None = None
    payment_retry_window: int | None = None

    @property
    def token(self) -> str | None:
        """How the gateway calls the card."""
        return self.token_id or self.tokens.token_id


class MethodChange(Body, frozen=True):
    """New values for some fields of a payment method; its number cannot change."""

    harmless: ClassVar[frozenset[str]] = _HARMLESS

    account_key: str | UnsetType = UNSET
    expiration_month: int | UnsetType = UNSET
    expiration_year: int | UnsetType = UNSET
    account_holder_info: Holder | UnsetType = UNSET
    use_default_retry_rule: bool | UnsetType = UNSET
    max_consecutive_payment_failures: int | UnsetType | None = UNSET
    payment_retry_window: int | UnsetType | None = UNSET


class Verification(Body, frozen=True):
    """Which gateway is to verify a payment method."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {"cryptogram", "currencyCode", "gatewayOptions", "securityCode"}
    )

    payment_gateway_name: str | None = None
    payment_gateway_number: str | None = None


def shown_address(said: "Holder | NewPaymentMethod") -> dict[str, Any]:
    """Return an address by the names that answers have for its parts, without those that are absent."""
    fields = {
        "addressLine1": said.address_line1,
        "addressLine2": said.address_line2,
        "city": said.city,
        "country": said.country,
        "email": said.email,
        "phone": said.phone,
        "state": said.state,
        "zipCode": said.zip_code,
    }
    return {name: value for name, value in fields.items() if value is not None}
