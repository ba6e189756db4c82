"""What came of a payment run, as answers show it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from toolkit.billing.money import ZERO
from toolkit.billing.paymentruns import PaymentRun, Result, Transaction
from toolkit.zuora.calls.wire import number, optional
from toolkit.zuora.documents.types import TABLES, TYPES
from toolkit.zuora.state.world import World


def summary(run: PaymentRun, world: World) -> dict[str, Any]:
    """Return the counts of a run, and its totals by currency.

    Source: Zuora, retrieve a payment run summary. That totals are written as plain numbers is an
    assumption.
    """
    results = run.results
    left = [one for one in results if one.left > 0]
    failed = sum(_outcome(_of(run, place)) == "Error" for place in range(len(run.records)))
    answer: dict[str, Any] = {
        "numberOfInvoices": _count(results, "invoice"),
        "numberOfDebitMemos": _count(results, "debit memo"),
        "numberOfReceivables": len(results),
        "numberOfUnprocessedInvoices": _count(left, "invoice"),
        "numberOfUnprocessedDebitMemos": _count(left, "debit memo"),
        "numberOfUnprocessedReceivables": len(left),
        "numberOfPayments": len(_made(results, "Payment", done=True)),
        "numberOfErrors": len(_made(results, "Payment", done=False)),
        "numberOfCreditMemos": len(_made(results, "CreditMemo", done=True)),
        "numberOfUnappliedPayments": len(_made(results, "UnappliedPayment", done=True)),
        "numberOfCreditBalanceAdjustments": 0,
        "numberOfInputData": len(run.records),
        "numberOfErrorInputData": failed,
        "numberOfProcessedInputData": len(run.records) - failed,
    }
    by_currency: dict[str, list[Result]] = {}
    for one in results:
        currency = getattr(world, TABLES[one.kind]).find(one.document_id).currency
        by_currency.setdefault(currency, []).append(one)
    return {**answer, "totalValues": [_totals(rows) for rows in by_currency.values()]}


def _count(results: Iterable[Result], kind: str) -> int:
    return sum(one.kind == kind for one in results)


def _made(results: Iterable[Result], kind: str, *, done: bool) -> dict[str, Transaction]:
    """Return by id the transactions of a kind that succeeded, or those that did not."""
    return {
        one.id: one
        for result in results
        for one in result.transactions
        if one.type == kind and (one.status == "Processed") is done
    }


def _totals(results: list[Result]) -> dict[str, str]:
    left = [one for one in results if one.left > 0]

    def owed(rows: list[Result], kind: str | None = None) -> str:
        return _text(one.due for one in rows if kind in {None, one.kind})

    def open_of(kind: str | None = None) -> str:
        return _text(one.left for one in left if kind in {None, one.kind})

    def used(kind: str) -> str:
        return _text(
            one.applied for row in results for one in row.transactions if one.type == kind and one.applied
        )

    errors = _made(results, "Payment", done=False).values()
    return {
        "totalValueOfReceivables": owed(results),
        "totalValueOfInvoices": owed(results, "invoice"),
        "totalValueOfDebitMemos": owed(results, "debit memo"),
        "totalValueOfPayments": used("Payment"),
        "totalValueOfErrors": _text(one.amount for one in errors),
        "totalValueOfCreditMemos": used("CreditMemo"),
        "totalValueOfUnappliedPayments": used("UnappliedPayment"),
        "totalValueOfCreditBalance": "0.0",
        "totalValueOfUnprocessedReceivables": open_of(),
        "totalValueOfUnprocessedInvoices": open_of("invoice"),
        "totalValueOfUnprocessedDebitMemos": open_of("debit memo"),
    }


def _text(amounts: Iterable[Decimal]) -> str:
    return str(number(sum(amounts, ZERO)))


def show_record(run: PaymentRun, place: int) -> dict[str, Any]:
    """Return a record that a run was given, with what became of it. Source: Zuora, payment run data."""
    record, results = run.records[place], _of(run, place)
    wrong = [one for result in results for one in result.transactions if one.error_code]
    problem = next((result.error for result in results if result.error), None)
    kinds = {result.kind for result in results} if record.document_id else set()
    return {
        "accountId": record.account_id,
        "amount": optional(record.amount),
        "amountToCollect": number(sum((one.due for one in results), ZERO)),
        "amountCollected": number(sum((one.collected for one in results), ZERO)),
        "comment": record.comment,
        "documentId": record.document_id,
        "documentType": next((TYPES[one] for one in kinds), None),
        "paymentGatewayId": record.gateway_id,
        "paymentMethodId": record.payment_method_id,
        "result": _outcome(results) if run.status == "Completed" else None,
        "errorCode": wrong[0].error_code if wrong else None,
        "errorMessage": wrong[0].error_message if wrong else problem,
        "transactions": [_show(one) for result in results for one in result.transactions],
    }


def _of(run: PaymentRun, place: int) -> list[Result]:
    return [one for one in run.results if one.record == place]


def _outcome(results: Iterable[Result]) -> str:
    """Say whether a record was processed: all that it asks for was collected, or there was nothing to do."""
    return "Processed" if all(one.collected == one.due for one in results) else "Error"


def _show(one: Transaction) -> dict[str, Any]:
    return {
        "id": one.id,
        "type": one.type,
        "amount": number(one.amount),
        "appliedAmount": number(one.applied),
        "status": one.status,
        "errorCode": one.error_code,
        "errorMessage": one.error_message,
    }
