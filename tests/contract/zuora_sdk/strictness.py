"""A check of answers by the models of Zuora's official SDK that is stricter than the SDK itself."""

import enum
import re
import reprlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

CUSTOM_FIELD = re.compile(r".__(c|QT|NS)$")

NUMBERS_DESPITE_THE_SDK = frozenset(
    {
        "chargeAmount",
        "taxAmount",
        "balance",
        "quantity",
        "numberOfDeliveries",
        "dmrc",
        "dtcv",
        "defaultQuantity",
        "discountAmount",
        "discountPercentage",
        "includedUnits",
        "overagePrice",
        "price",
        "startingUnit",
        "endingUnit",
        "lastPaymentAmount",
        "paidAmount",
        "appliedPaymentAmount",
        "code",
        "creditCardExpirationMonth",
        "creditCardExpirationYear",
        "initialTerm",
        "renewalTerm",
    },
)
"""Fields that the SDK's models call strings, while recorded answers and official samples hold numbers."""

RECORDED_DESPITE_THE_SDK = frozenset(
    {
        "allowFeatureChanges",
        "creditcard",  # the SDK calls the list of each type of payment method `returnedPaymentMethodType`
        "externalIdSourceSystem",
        "externallyManagedPlanIds",
        "accountsReceivableAccountingCode",
        "accountsReceivableAccountingCodeType",
        "originalListPrice",
        "orderId",
        "retries",  # of a data query, in the sample that airbyte-source-zuora keeps
        "success",
    },
)
"""Fields that real tenants answer, at least in some places, where the SDK's models do not know them."""


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _wanted(kind: Any, value: Any, name: str) -> str:
    """Say what the SDK wants instead of a value that has no inner ones; nothing if it fits."""
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        legal = [member.value for member in kind]
        return "" if value in legal else f"one of {legal}"
    fits = {
        bool: isinstance(value, bool),
        int: _is_number(value) and isinstance(value, int),
        float: _is_number(value),
        Decimal: _is_number(value),
        datetime: isinstance(value, str) and bool(re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", value)),
        date: isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)),
        str: isinstance(value, str) or (name in NUMBERS_DESPITE_THE_SDK and _is_number(value)),
        dict: isinstance(value, dict),
    }
    return "" if fits.get(get_origin(kind) or kind, kind in (Any, object)) else kind.__name__


def faults(kind: Any, value: Any, path: str = "$") -> Iterator[str]:
    """Compare JSON with an annotation of the SDK's models, at every depth.

    Args:
        kind: A model class or any annotation found in one.
        value: Parsed JSON. Null is always right: recorded answers are full of it.
        path: Where the value stands, for the message.

    Yields:
        One sentence for each unknown or missing field, wrong type, and value outside its enumeration.
    """
    origin = get_origin(kind)
    if value is None:
        return
    if origin is Annotated:
        yield from faults(get_args(kind)[0], value, path)
    elif origin in (Union, UnionType):
        tries = [list(faults(option, value, path)) for option in get_args(kind) if option is not type(None)]
        yield from min(tries, key=len)
    elif origin is list and isinstance(value, list):
        for index, item in enumerate(value):
            yield from faults(get_args(kind)[0], item, f"{path}[{index}]")
    elif hasattr(kind, "model_fields") and isinstance(value, dict):
        yield from _model_faults(kind, value, path)
    elif wanted := _wanted(kind, value, path.rpartition(".")[2]):
        yield f"{path} is {reprlib.repr(value)}, the SDK wants {wanted}"


def _model_faults(model: Any, value: dict[str, Any], path: str) -> Iterator[str]:
    if "actual_instance" in model.model_fields:
        yield from faults(model.model_fields["actual_instance"].annotation, value, path)
        return
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    fields.pop("additional_properties", None)
    for name in value:
        if name not in fields and not CUSTOM_FIELD.search(name) and name not in RECORDED_DESPITE_THE_SDK:
            yield f"{path}.{name} is unknown to {model.__name__}"
    for name, field in fields.items():
        if field.is_required() and value.get(name) is None:
            yield f"{path}.{name} is missing, {model.__name__} requires it"
        yield from faults(field.annotation, value.get(name), f"{path}.{name}")
