"""zuora-swagger-client of 2023, which asks for memos and refunds by their old paths."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

DAY = "2026-01-01"


@pytest.fixture(scope="module")
def swagger() -> Any:
    return pytest.importorskip("swagger_client", reason="zuora-swagger-client is not installed here")


@pytest.fixture(scope="module")
def transport(swagger: Any, simulator: str) -> Iterator[Any]:
    """The client's transport; it keeps the text of what it read, for its models drop half of the fields."""

    class Transport(swagger.ApiClient):  # type: ignore[misc]
        """Keeps the last answer."""

        text = ""

        def deserialize(self, response: Any, kind: Any) -> Any:
            self.text = response.data
            return super().deserialize(response, kind)

    configuration = swagger.Configuration()
    configuration.host = simulator
    transport = Transport(configuration)
    for name, value in {"apiAccessKeyId": "key", "apiSecretAccessKey": "secret"}.items():
        transport.set_default_header(name, value)
    yield transport
    transport.rest_client.pool_manager.clear()


@pytest.fixture(scope="module")
def ask(transport: Any) -> Any:
    """Call a method, which reads the answer into its models; return the JSON."""

    def ask(method: Any, *arguments: Any, **options: Any) -> dict[str, Any]:
        method(*arguments, **options)
        answer: dict[str, Any] = json.loads(transport.text)
        assert answer.get("success", True) is True, answer
        return answer

    return ask


@pytest.fixture(scope="module")
def charge(swagger: Any, transport: Any, ask: Any) -> str:
    catalog = swagger.CatalogApi(transport)
    product = ask(catalog.g_et_catalog)["products"][0]
    plan = ask(catalog.g_et_product, product["id"])["productRatePlans"][0]
    return str(plan["productRatePlanCharges"][0]["id"])


@pytest.fixture(scope="module")
def account(swagger: Any, transport: Any, ask: Any) -> SimpleNamespace:
    contact = {"firstName": "Ada", "lastName": "Byron", "country": "USA"}
    wanted = {"name": "Rook Press", "currency": "USD", "billCycleDay": 1, "billToContact": contact}
    made = ask(swagger.AccountsApi(transport).p_ost_account, wanted)
    return SimpleNamespace(id=made["accountId"], number=made["accountNumber"])


@pytest.fixture
def invoice(swagger: Any, transport: Any, ask: Any, account: Any) -> SimpleNamespace:
    """A posted invoice over 100, and its item."""
    api = swagger.InvoicesApi(transport)
    item = {"amount": 100, "chargeName": "Press", "serviceStartDate": DAY, "serviceEndDate": DAY}
    wanted = {"accountId": account.id, "invoiceDate": DAY, "status": "Posted", "invoiceItems": [item]}
    made = ask(api.p_ost_standalone_invoice, wanted)
    (item,) = ask(api.g_et_invoice_items, made["id"])["invoiceItems"]
    assert ask(api.get_get_invoice, made["id"])["balance"] == 100
    return SimpleNamespace(id=made["id"], item=item["id"])


def test_an_account_is_read_and_changed(swagger: Any, transport: Any, ask: Any, account: Any) -> None:
    api = swagger.AccountsApi(transport)
    ask(api.p_ut_account, account.number, {"notes": "By swagger"})
    assert ask(api.g_et_account, account.number)["basicInfo"]["notes"] == "By swagger"
    assert ask(api.g_et_account_summary, account.number)["basicInfo"]["id"] == account.id


def test_a_credit_memo_goes_its_way_by_old_paths(
    swagger: Any, transport: Any, ask: Any, invoice: Any
) -> None:
    api = swagger.CreditMemosApi(transport)
    portion = {"items": [{"amount": 30, "invoiceItemId": invoice.item, "skuName": "x"}]}
    memo = ask(api.p_ost_credit_memo_from_invoice, portion, invoice.id)["id"]
    ask(api.p_ut_post_credit_memo, memo)
    applied = {"invoices": [{"invoiceId": invoice.id, "amount": 30}], "effectiveDate": DAY}
    assert ask(api.p_ut_apply_credit_memo, applied, memo)["unappliedAmount"] == 0
    (part,) = ask(api.g_et_credit_memo_parts, memo)["parts"]
    ask(api.g_et_credit_memo_part, part["id"], memo)
    (item,) = ask(api.g_et_credit_memo_item_parts, part["id"], memo)["itemParts"]
    ask(api.g_et_credit_memo_item_part, part["id"], item["id"], memo)
    assert ask(api.p_ut_unapply_credit_memo, applied, memo)["unappliedAmount"] == 30
    refund = {"type": "External", "methodType": "Check", "totalAmount": 5}
    assert ask(api.p_ost_refund_credit_memo, refund, memo)["amount"] == 5


def test_credit_memos_are_read_changed_cancelled_and_deleted_by_old_paths(
    swagger: Any, transport: Any, ask: Any, account: Any, charge: str
) -> None:
    api = swagger.CreditMemosApi(transport)
    charges = [{"amount": 12, "chargeId": charge, "productRatePlanChargeId": charge}]
    wanted = {"accountId": account.id, "charges": charges, "effectiveDate": DAY}
    memo = ask(api.p_ost_credit_memo_from_prpc, wanted)["id"]
    assert memo in {one["id"] for one in ask(api.g_et_credit_memos)["creditmemos"]}
    assert ask(api.g_et_credit_memo, memo)["status"] == "Draft"
    (item,) = ask(api.g_et_credit_memo_items, memo)["items"]
    ask(api.g_et_credit_memo_item, item["id"], memo)
    ask(api.g_et_taxation_items_of_credit_memo_item, item["id"], memo)
    assert ask(api.p_ut_update_credit_memo, {"comment": "Better"}, memo)["comment"] == "Better"
    assert ask(api.p_ut_cancel_credit_memo, memo)["status"] == "Canceled"
    ask(api.d_elete_credit_memo, memo)


def test_a_debit_memo_goes_its_way_by_old_paths(swagger: Any, transport: Any, ask: Any, invoice: Any) -> None:
    api = swagger.DebitMemosApi(transport)
    portion = {"items": [{"amount": 30, "invoiceItemId": invoice.item, "skuName": "x"}]}
    memo = ask(api.p_ost_debit_memo_from_invoice, invoice.id, portion)["id"]
    assert ask(api.p_ut_post_debit_memo, memo)["balance"] == 30
    assert memo in {one["id"] for one in ask(api.g_et_debit_memos)["debitmemos"]}
    assert ask(api.g_et_debit_memo_application_parts, memo)["applicationParts"] == []
    (item,) = ask(api.g_et_debit_memo_items, memo)["items"]
    ask(api.g_et_debit_memo_item, item["id"], memo)
    assert ask(api.p_ut_unpost_debit_memo, memo)["status"] == "Draft"
    assert ask(api.p_ut_debit_memo, {"comment": "Better"}, memo)["comment"] == "Better"
    assert ask(api.p_ut_cancel_debit_memo, memo)["status"] == "Canceled"
    assert ask(api.g_et_debit_memo, memo)["status"] == "Canceled"
    ask(api.d_elete_debit_memo, memo)


def test_a_debit_memo_is_made_of_a_charge_by_its_old_path(
    swagger: Any, transport: Any, ask: Any, account: Any, charge: str
) -> None:
    charges = [{"amount": 12, "chargeId": charge, "productRatePlanChargeId": charge}]
    wanted = {"accountId": account.id, "charges": charges, "effectiveDate": DAY}
    api = swagger.DebitMemosApi(transport)
    assert ask(api.p_ost_debit_memo_from_prpc, wanted)["amount"] == 12


def test_records_are_made_changed_found_and_deleted_by_actions(swagger: Any, transport: Any) -> None:
    api = swagger.ActionsApi(transport)
    new = {"Name": "Rook Books", "Currency": "USD", "BillCycleDay": 1, "Batch": "Batch1", "Status": "Draft"}
    (made,) = api.action_pos_tcreate({"type": "Account", "objects": [new]})
    key = json.loads(transport.text)[0]["Id"]
    assert made is not None
    api.action_pos_tupdate({"type": "Account", "objects": [{"Id": key, "Notes": "x"}]})
    api.action_pos_tquery({"queryString": "select Notes from Account where Name = 'Rook Books'"})
    assert json.loads(transport.text)["records"][0]["Notes"] == "x"
    api.action_pos_tdelete({"type": "Account", "ids": [key]})


def test_credit_memos_are_made_and_changed_in_bulk_unposted_and_reversed_by_old_paths(
    swagger: Any, transport: Any, ask: Any, account: Any, charge: str
) -> None:
    api = swagger.CreditMemosApi(transport)
    charges = [{"amount": 12, "chargeId": charge, "productRatePlanChargeId": charge}]
    wanted = {"accountId": account.id, "charges": charges, "effectiveDate": DAY}
    bulk = {"sourceType": "Standalone", "memos": [wanted, wanted]}
    posted, other = (one["id"] for one in ask(api.p_ost_create_credit_memos, bulk)["memos"])
    ask(api.p_ut_update_credit_memos, {"memos": [{"id": other, "comment": "Both"}]})
    assert ask(api.g_et_credit_memo, other)["comment"] == "Both"
    ask(api.p_ut_post_credit_memo, posted)
    assert ask(api.p_ut_unpost_credit_memo, posted)["status"] == "Draft"
    ask(api.p_ut_post_credit_memo, posted)
    ask(api.p_ut_reverse_credit_memo, posted, {})
    assert ask(api.g_et_credit_memo, posted)["reversed"] is True


def test_a_credit_memo_is_written_off_by_its_old_path(
    swagger: Any, transport: Any, ask: Any, invoice: Any
) -> None:
    api = swagger.CreditMemosApi(transport)
    portion = {"items": [{"amount": 30, "invoiceItemId": invoice.item, "skuName": "x"}]}
    memo = ask(api.p_ost_credit_memo_from_invoice, portion, invoice.id)["id"]
    ask(api.p_ut_post_credit_memo, memo)
    ask(api.p_ut_write_off_credit_memo, memo, {})
    assert ask(api.g_et_credit_memo, memo)["unappliedAmount"] == 0


def test_debit_memos_are_made_and_changed_in_bulk_by_old_paths(
    swagger: Any, transport: Any, ask: Any, account: Any, charge: str
) -> None:
    api = swagger.DebitMemosApi(transport)
    charges = [{"amount": 12, "chargeId": charge, "productRatePlanChargeId": charge}]
    wanted = {"accountId": account.id, "charges": charges, "effectiveDate": DAY}
    (made,) = ask(api.p_ost_create_debit_memos, {"sourceType": "Standalone", "memos": [wanted]})["memos"]
    ask(api.p_ut_update_debit_memos, {"memos": [{"id": made["id"], "comment": "All"}]})
    ask(api.p_ut_update_debit_memos_due_dates, {"debitMemos": [{"id": made["id"], "dueDate": "2026-02-01"}]})
    shown = ask(api.g_et_debit_memo, made["id"])
    assert (shown["comment"], shown["dueDate"]) == ("All", "2026-02-01")
    (item,) = ask(api.g_et_debit_memo_items, made["id"])["items"]
    assert ask(api.g_et_taxation_items_of_debit_memo_item, item["id"], made["id"])["data"] == []


def test_the_catalog_is_read_and_repriced_record_by_record(
    swagger: Any, transport: Any, ask: Any, charge: str
) -> None:
    charges = swagger.ProductRatePlanChargesApi(transport)
    plan = ask(charges.object_get_product_rate_plan_charge, charge)["ProductRatePlanId"]
    product = ask(swagger.ProductRatePlansApi(transport).object_get_product_rate_plan, plan)["ProductId"]
    assert ask(swagger.ProductsApi(transport).object_get_product, product)["Id"] == product
    charges.object_put_product_rate_plan_charge({"Description": "A seat"}, charge)
    assert ask(charges.object_get_product_rate_plan_charge, charge)["Description"] == "A seat"
