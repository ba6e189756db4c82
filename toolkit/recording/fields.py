"""Which names stand before something secret or personal, and of what kind it is."""

import re
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    """What a value is that must not be written down."""

    SECRET = "secret"  # noqa: S105 - a kind of value, no password
    EMAIL = "email"
    CARD = "card"
    PHONE = "phone"
    NAME = "name"
    STREET = "street"
    CITY = "city"
    DIGITS = "digits"


_NAMES = {
    Kind.SECRET: """
        accesskey accesskeyid accesstoken activationcode apiaccesskeyid apikey apisecretaccesskey assertion
        authorization bankaccountnumber achaccountnumber banktransferaccountnumber clientid clientsecret
        cookie credential iban idtoken jwt licensekey otp passphrase passwd password pin
        privatekey proxyauthorization refreshtoken secret secretaccesskey session sessionid setcookie
        signature token tokenid zsession""",
    Kind.EMAIL: "email emailaddress mail",
    Kind.CARD: "cardnumber pan",
    Kind.PHONE: "fax homephone mobile mobilephone otherphone phone phonenumber telephone workphone",
    Kind.NAME: """
        cardholdername contactname familyname firstname fullname givenname holdername lastname middlename
        nickname surname username""",
    Kind.STREET: "address addressline street streetaddress",
    Kind.CITY: "city town",
    Kind.DIGITS: "cvc cvv ipaddress postalcode postcode securitycode zip zipcode",
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_LONGEST = 60
_CUSTOM_FIELD = re.compile(r"__[A-Za-z]+$")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def kind_of(name: str) -> Kind | None:
    """Tell what kind of value stands under a field, parameter, header or element of this name.

    The last words of the name decide: `billToWorkEmail`, `user[email]`, `X-Gitlab-Token`, `address2` and
    `Contact_Email__c` are found, `capacity`, `token_type` and `accountNumber` are not. Country and state
    are left as they are, because taxes hang on them, and `name`, because plans and accounts have one.
    """
    return _kind(name[-_LONGEST:])


@lru_cache(maxsize=4096)
def _kind(name: str) -> Kind | None:
    words = _WORD.findall(_CUSTOM_FIELD.sub("", name))
    endings = ("".join(words[start:]).lower() for start in range(len(words)))
    singular = (form for ending in endings for form in (ending, ending.removesuffix("s")))
    return next((_KINDS[form] for form in singular if form in _KINDS), None)
