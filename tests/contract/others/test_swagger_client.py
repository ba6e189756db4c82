"""zuora-swagger-client of 2023, which asks for memos and refunds by their old paths."""

import json
from base64 import b64encode
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

DAY = "2026-01-01"


def test_an_account_is_read_and_changed(swagger: Any, transport: Any, ask: Any, account: Any) -> None:
    api = swagger.AccountsApi(transport)
    ask(api.p_ut_account, account.number, {"notes": "By swagger"})
    assert ask(api.g_et_account, account.number)["basicInfo"]["notes"] == "By swagger"
    assert ask(api.g_et_account_summary, account.number)["basicInfo"]["id"] == account.id


def test_the_last_job_of_a_project_is_asked_for_with_a_password(
    swagger: Any, transport: Any, account: Any
) -> None:
    """These methods alone say how they sign in; their models know csv only, where Zuora answers CSV."""
    api = swagger.AggregateQueriesApi(transport)
    signed = f"Basic {b64encode(b'key:secret').decode()}"
    zoql = f"select Name from Account where Id = '{account.id}'"  # noqa: S608 - this is no SQL
    query = {"name": "q", "query": zoql, "type": "zoqlexport"}
    said = {"format": "csv", "version": "1.2", "partner": "swagger", "project": "p", "queries": [query]}
    made = json.loads(api.p_ost_batch_query_job(signed, said, _preload_content=False).data)
    last = json.loads(api.g_et_last_batch_query_job(signed, "swagger", "p", _preload_content=False).data)
    assert (last["id"], last["status"], last["format"]) == (made["id"], "completed", "CSV")


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


TAX = {"name": "VAT", "jurisdiction": "Ireland", "taxAmount": 7, "taxRate": 0.23, "taxRateType": "Percentage"}


@pytest.fixture
def memos(swagger: Any, transport: Any, ask: Any, invoice: Any) -> Any:
    """Drafts over thirty of the invoice, one in credit and one in debit."""
    portion = {"items": [{"amount": 30, "invoiceItemId": invoice.item, "skuName": "x"}]}
    credit = swagger.CreditMemosApi(transport).p_ost_credit_memo_from_invoice
    debit = swagger.DebitMemosApi(transport).p_ost_debit_memo_from_invoice
    return SimpleNamespace(
        credit=ask(credit, portion, invoice.id)["id"], debit=ask(debit, invoice.id, portion)["id"]
    )


def test_tax_items_are_made_changed_and_deleted_by_old_paths(
    swagger: Any, transport: Any, ask: Any, memos: Any
) -> None:
    credits_, debits = swagger.CreditMemosApi(transport), swagger.DebitMemosApi(transport)
    taxes = swagger.TaxationItemsApi(transport)
    (item,) = ask(credits_.g_et_credit_memo_items, memos.credit)["items"]
    wanted = {"taxationItems": [{**TAX, "taxDate": DAY, "memoItemId": item["id"]}]}
    (made,) = ask(credits_.p_ostcm_taxation_items, memos.credit, wanted)["taxationItems"]
    (item,) = ask(debits.g_et_debit_memo_items, memos.debit)["items"]
    wanted = {"taxationItems": [{**TAX, "taxDate": DAY, "memoItemId": item["id"]}]}
    ask(debits.p_ostdm_taxation_items, memos.debit, wanted)
    (listed,) = ask(debits.g_et_taxation_items_of_debit_memo_item, item["id"], memos.debit)["data"]
    assert listed["taxAmount"] == 7
    assert ask(taxes.p_ut_taxation_item, {"taxAmount": 8}, made["id"])["taxAmount"] == 8
    assert ask(taxes.g_et_taxation_item, made["id"])["name"] == "VAT"
    assert ask(credits_.g_et_credit_memo, memos.credit)["amount"] == 38
    ask(taxes.d_elete_taxation_item, made["id"])
    assert ask(credits_.g_et_credit_memo, memos.credit)["amount"] == 30


def test_an_invoice_is_taxed_by_its_old_path(swagger: Any, transport: Any, ask: Any, account: Any) -> None:
    api = swagger.InvoicesApi(transport)
    item = {"amount": 100, "chargeName": "Press", "serviceStartDate": DAY, "serviceEndDate": DAY}
    wanted = {"accountId": account.id, "invoiceDate": DAY, "status": "Draft", "invoiceItems": [item]}
    invoice = ask(api.p_ost_standalone_invoice, wanted)["id"]
    (item,) = ask(api.g_et_invoice_items, invoice)["invoiceItems"]
    wanted = {"taxationItems": [{**TAX, "taxDate": DAY, "invoiceItemId": item["id"]}]}
    (made,) = ask(api.p_ostinv_taxation_items, invoice, wanted)["taxationItems"]
    assert (made["taxAmount"], made["invoiceItemId"]) == (7, item["id"])


def test_memos_are_printed_mailed_and_given_files_by_old_paths(
    swagger: Any, transport: Any, ask: Any, memos: Any, tmp_path: Path
) -> None:
    file = tmp_path / "memo.pdf"
    file.write_bytes(b"%PDF-1.4")
    credits_, debits = swagger.CreditMemosApi(transport), swagger.DebitMemosApi(transport)
    ask(credits_.p_ut_post_credit_memo, memos.credit)
    ask(debits.p_ut_post_debit_memo, memos.debit)
    mail = {"emailAddresses": "ada@example.com"}
    ask(credits_.p_ost_credit_memo_pdf, memos.credit)
    ask(credits_.p_ost_email_credit_memo, mail, memos.credit)
    assert ask(credits_.p_ost_upload_file_for_credit_memo, memos.credit, file=str(file))["fileId"]
    ask(debits.p_ost_debit_memo_pdf, memos.debit)
    ask(debits.p_ost_email_debit_memo, mail, memos.debit)
    assert ask(debits.p_ost_upload_file_for_debit_memo, memos.debit, file=str(file))["fileId"]


def test_a_debit_memo_is_collected_by_its_old_path(
    swagger: Any, transport: Any, ask: Any, account: Any, memos: Any
) -> None:
    debits = swagger.DebitMemosApi(transport)
    ask(debits.p_ut_post_debit_memo, memos.debit)
    card = {"type": "CreditCard", "accountKey": account.id, "cardType": "Visa", "makeDefault": True}
    number = {"cardNumber": "4111111111111111", "expirationMonth": 12, "expirationYear": 2031}
    ask(swagger.PaymentMethodsApi(transport).p_ost_payment_methods, {**card, **number})
    collected = {"collect": True, "payment": {"gatewayId": None}}
    ask(debits.p_ost_debit_memo_collect, collected, memos.debit)
    assert ask(debits.g_et_debit_memo, memos.debit)["balance"] == 0


def test_what_was_paid_is_read_and_taken_back_item_by_item_by_old_paths(
    swagger: Any, transport: Any, ask: Any, account: Any, invoice: Any
) -> None:
    payments = swagger.PaymentsApi(transport)
    items = [{"invoiceItemId": invoice.item, "amount": 40}]
    applied = [{"invoiceId": invoice.id, "amount": 40, "items": items}]
    payment = {"accountId": account.id, "amount": 40, "currency": "USD", "effectiveDate": DAY}
    key = ask(payments.p_ost_create_payment, {**payment, "type": "External", "invoices": applied})["id"]
    (part,) = ask(payments.g_et_payment_parts, key)["parts"]
    (item,) = ask(payments.g_et_payment_item_parts, part["id"], key)["itemParts"]
    assert (item["amount"], item["invoiceItemId"]) == (40, invoice.item)
    assert ask(payments.g_et_payment_item_part, part["id"], item["id"], key)["amount"] == 40
    refund = {"type": "External", "methodType": "Check", "totalAmount": 15}
    back = {"invoices": [{"invoiceId": invoice.id, "amount": 15}]}
    assert ask(payments.p_ost_refund_paymentwith_auto_unapply, {**refund, **back}, key)["amount"] == 15
    assert ask(payments.g_et_payment, key)["appliedAmount"] == 25


def test_what_of_a_credit_memo_was_refunded_is_read_item_by_item_by_old_paths(
    swagger: Any, transport: Any, ask: Any, memos: Any
) -> None:
    credits_, refunds = swagger.CreditMemosApi(transport), swagger.RefundsApi(transport)
    ask(credits_.p_ut_post_credit_memo, memos.credit)
    refund = {"type": "External", "methodType": "Check", "totalAmount": 5}
    key = ask(credits_.p_ost_refund_credit_memo, refund, memos.credit)["id"]
    (part,) = ask(refunds.g_et_refund_parts, key)["parts"]
    (item,) = ask(refunds.g_et_refund_item_parts, part["id"], key)["itemParts"]
    assert item["amount"] == 5
    assert ask(refunds.g_et_refund_item_part, item["id"], part["id"], key)["amount"] == 5


def test_gateways_are_listed_by_their_old_path(swagger: Any, transport: Any, ask: Any) -> None:
    found = ask(swagger.PaymentGatewaysApi(transport).g_et_paymentgateways)["paymentgateways"]
    assert found
    assert all(one["id"] and one["name"] for one in found)
