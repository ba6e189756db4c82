"""Product rate plans: what a subscription copies from the catalog."""

from toolkit.billing.catalog import ProductRatePlan
from toolkit.factories._record import RecordFactory, lazy, made, same


class ProductRatePlanFactory(RecordFactory[ProductRatePlan]):
    """A plan with one yearly price a seat; `charge__price` and the like reach into its charge.

    `charges` replaces that charge; without `product` one is made.
    """

    class Meta:
        model = ProductRatePlan

    class Params:
        product = made("product")
        charge = made("product_charge", name=same("..name"))

    product_id = same("product.id")
    id = lazy(lambda made: made.bench.id())
    number = lazy(lambda made: made.bench.number("product rate plan"))
    name = lazy(lambda made: f"Plan {made.number}")
    charges = lazy(lambda made: (made.charge,))
    effective_start = same("product.effective_start")
    effective_end = same("product.effective_end")


FACTORY = ProductRatePlanFactory
