"""The domain's records are values."""

import importlib
import pkgutil

import msgspec
import pytest

import toolkit.billing

MODULES = [
    importlib.import_module(f"toolkit.billing.{module.name}")
    for module in pkgutil.iter_modules(toolkit.billing.__path__)
]
RECORDS = [
    value
    for module in MODULES
    for value in vars(module).values()
    if isinstance(value, type) and issubclass(value, msgspec.Struct) and value.__module__ == module.__name__
]


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_cannot_be_changed(record: type[msgspec.Struct]) -> None:
    assert record.__struct_config__.frozen


def test_the_records_were_found() -> None:
    assert {"BillRun", "Charge", "Invoice", "Order"} <= {record.__name__ for record in RECORDS}
