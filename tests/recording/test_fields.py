"""Names tell what stands under them."""

import pytest

from toolkit.recording.fields import Kind, kind_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Authorization", Kind.SECRET),
        ("apiaccesskeyid", Kind.SECRET),
        ("apiSecretAccessKey", Kind.SECRET),
        ("client_id", Kind.SECRET),
        ("X-Gitlab-Token", Kind.SECRET),
        ("PRIVATE-TOKEN", Kind.SECRET),
        ("refresh_tokens", Kind.SECRET),
        ("activation_code", Kind.SECRET),
        ("creditCardNumber", Kind.CARD),
        ("CVV2", Kind.DIGITS),
        ("cardSecurityCode", Kind.DIGITS),
        ("workEmail", Kind.EMAIL),
        ("user[email]", Kind.EMAIL),
        ("emailAddress", Kind.EMAIL),
        ("Contact_Email__c", Kind.EMAIL),
        ("soldToFirstName", Kind.NAME),
        ("address2", Kind.STREET),
        ("city", Kind.CITY),
        ("zipCode", Kind.DIGITS),
        ("ipAddress", Kind.DIGITS),
        ("mobilePhone", Kind.PHONE),
    ],
)
def test_a_name_gives_a_secret_away_by_its_last_words(name: str, kind: Kind) -> None:
    assert kind_of(name) is kind


@pytest.mark.parametrize(
    "name",
    [
        *("", "name", "accountNumber", "accountId", "token_type", "capacity", "country", "state", "currency"),
        *("creditCardMaskNumber", "nextPage", "quantity", "productRatePlanId", "scope", "expires_in", "[]"),
    ],
)
def test_ordinary_names_give_nothing_away(name: str) -> None:
    assert kind_of(name) is None
