"""What the worked examples print of metrics, and how ours are compared with it."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from toolkit.billing.deltas import Measure, billed, contracted, deltas, listed, monthly, quantity, rows
from toolkit.billing.discounted_metrics import net_mrr, net_tcv
from toolkit.billing.lineitems import LineItem
from toolkit.billing.ordermetrics import discounts, slices
from toolkit.billing.rampmetrics import change, worth
from toolkit.billing.ramps import Interval, Ramp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.billing.conftest import Customer

DAY = timedelta(days=1)


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the file; a key that it does not declare is refused."""


class Deltas(Strict, frozen=True, kw_only=True):
    """The rows of order delta metrics: first day, first day after, gross and net; of quantities just one."""

    quantity: tuple[tuple[date, date | None, Decimal], ...] | None = None
    mrr: tuple[tuple[date, date | None, Decimal, Decimal], ...] | None = None
    tcv: tuple[tuple[date, date | None, Decimal, Decimal], ...] | None = None
    tcb: tuple[tuple[date, date | None, Decimal, Decimal], ...] | None = None


class Sale(Strict, frozen=True, kw_only=True):
    """An order line item: when it counts, until when, and for how much, of each delta that it has."""

    day: date
    price: Decimal
    quantity: Decimal = Decimal(1)
    row: tuple[date, date, Decimal]


def check_sale(customer: "Customer", said: Sale) -> None:
    """Sell a line item, and compare what metrics count with what is said."""
    item = LineItem(
        id="",
        number="O-1/1",
        item_number="1",
        order_number="O-1",
        account_id=customer.account.id,
        currency=customer.account.currency,
        name="OLI-1",
        type="Product",
        state="Executing",
        quantity=said.quantity,
        amount_per_unit=said.price,
        list_price_per_unit=said.price,
        start=said.day,
        end=said.day,
    )
    assert (*item.counted, item.amount(customer.rules)) == said.row


class OrderMetrics(Strict, frozen=True, kw_only=True):
    """The slices of order metrics: first day, first day after, and by how much each changes.

    `discounts` are those of what discounts take off, by the name of the metric.
    """

    quantity: tuple[tuple[date, date | None, Decimal], ...] | None = None
    mrr: tuple[tuple[date, date | None, Decimal], ...] | None = None
    tcv: tuple[tuple[date, date | None, Decimal], ...] | None = None
    tcb: tuple[tuple[date, date | None, Decimal], ...] | None = None
    elp: tuple[tuple[date, date | None, Decimal], ...] | None = None
    discounts: dict[str, tuple[tuple[date, date | None, Decimal], ...]] = {}


class RampMetrics(Strict, frozen=True, kw_only=True):
    """By interval, the gross, discount and net of each segment; of `deltas`, of each charge.

    Of MRR, and of quantities, which are gross alone, each stretch: its first day and the first day after.
    """

    tcb: tuple[tuple[tuple[Decimal, Decimal, Decimal], ...] | None, ...] = ()
    tcv: tuple[tuple[tuple[Decimal, Decimal, Decimal], ...] | None, ...] = ()
    tcb_deltas: tuple[tuple[tuple[Decimal, Decimal, Decimal], ...] | None, ...] = ()
    tcv_deltas: tuple[tuple[tuple[Decimal, Decimal, Decimal], ...] | None, ...] = ()
    mrr: tuple[tuple[tuple[date, date, Decimal, Decimal, Decimal], ...] | None, ...] = ()
    mrr_deltas: tuple[tuple[tuple[date, date, Decimal, Decimal, Decimal], ...] | None, ...] = ()
    quantity: tuple[tuple[tuple[date, date, Decimal], ...] | None, ...] = ()
    quantity_deltas: tuple[tuple[tuple[date, date, Decimal], ...] | None, ...] = ()


class Nets(Strict, frozen=True, kw_only=True):
    """What discounts leave: of MRR by day, and of TCV; by charge number, one-time charges last."""

    mrr: dict[date, tuple[Decimal, ...]] = {}
    tcv: tuple[Decimal, ...] = ()


def as_printed(ours: Decimal, printed: Decimal) -> Decimal:
    """Round our figure to the decimals that the page prints, if it prints any."""
    exponent = printed.as_tuple().exponent
    assert isinstance(exponent, int)
    return ours.quantize(printed, ROUND_HALF_UP) if exponent < 0 else ours


def check_deltas(customer: "Customer", said: Deltas | None, merged: OrderMetrics | None) -> None:
    """Compare the metrics of the last order with what the step says of them."""
    bill = billed(customer.account.bill_cycle_day, customer.rules)
    measures: dict[str, Measure] = {
        "quantity": quantity,
        "mrr": monthly,
        "tcv": contracted,
        "tcb": bill,
        "elp": listed(customer.price_in_catalog, bill),
    }
    for name, measure in measures.items():
        if said and (printed := getattr(said, name, None)) is not None:
            changes = deltas(customer.former, customer.subscription, discounted=name != "quantity")
            held = rows(changes, measure)
            compare([(one.delta.start, one.delta.end, one.gross, one.net) for one in held], printed)
        if merged and (printed := getattr(merged, name)) is not None:
            changes = deltas(customer.former, customer.subscription, discounted=False)
            compare([(one.start, one.end, one.amount) for one in slices(rows(changes, measure))], printed)
        if merged and (printed := merged.discounts.get(name)) is not None:
            found = rows(deltas(customer.former, customer.subscription, customer.rules), measure)
            compare([(one.start, one.end, one.amount) for one in discounts(found)], printed)


def check_ramp(customer: "Customer", spans: "Sequence[tuple[date, date]]", said: RampMetrics) -> None:
    """Compare what the segments are worth in the intervals of the example's ramp with what is said."""
    intervals = tuple(Interval(name="", start=start, end=last + DAY) for start, last in spans)
    ramp = Ramp(id="", number="", subscription_number="", name="", intervals=intervals)
    bill = billed(customer.account.bill_cycle_day, customer.rules)
    held, changed = (
        list(deltas(None, customer.subscription)),
        list(deltas(customer.former, customer.subscription)),
    )
    for at, interval in enumerate(intervals):
        now, more = worth(held, ramp, interval, bill), change(changed, ramp, interval, bill)
        for printed, amounts in (
            (said.tcb, [one.tcb for one in now]),
            (said.tcv, [one.tcv for one in now]),
            (said.tcb_deltas, [one.tcb for one in more]),
            (said.tcv_deltas, [one.tcv for one in more]),
        ):
            if printed and (page := printed[at]) is not None:
                compare(
                    [("", "", one.gross, one.discount, one.net) for one in amounts],
                    [("", "", *row) for row in page],
                )
        for stretches, found in (
            (said.mrr, [part for one in now for part in one.mrr]),
            (said.mrr_deltas, [part for one in more for part in one.mrr]),
            (said.quantity, [part for one in now for part in one.quantities]),
            (said.quantity_deltas, [part for one in more for part in one.quantities]),
        ):
            if stretches and (told := stretches[at]) is not None:
                parts = ((one.start, one.end, one.amount) for one in found)
                compare([(*days, each.gross, each.discount, each.net) for *days, each in parts], told)


def compare(ours: list[tuple[Any, ...]], printed: "Sequence[tuple[Any, ...]]") -> None:
    """Compare rows of two days and figures, of which fewer may be printed than we have."""
    assert [one[:2] for one in ours] == [one[:2] for one in printed]
    for one, page in zip(ours, printed, strict=True):
        for figure, figure_printed in zip(one[2:], page[2:], strict=False):
            assert as_printed(figure, figure_printed) == figure_printed


def check_net(customer: "Customer", said: Nets) -> None:
    """Compare what discounts leave of the metrics with what is said of it."""
    one, rules = [customer.subscription, *filter(None, [customer.beside])], customer.rules
    checks = [(net_mrr(one, day, rules), printed) for day, printed in said.mrr.items()]
    checks += [(net_tcv(one, rules), said.tcv)] if said.tcv else []
    for found, figures in checks:
        ours = [as_printed(net, figure) for net, figure in zip(found.values(), figures, strict=True)]
        assert ours == list(figures)
