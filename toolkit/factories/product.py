"""Products of the catalog."""

from datetime import date

from toolkit.billing.catalog import Product
from toolkit.factories._record import RecordFactory, lazy


class ProductFactory(RecordFactory[Product]):
    """A product that is sold at any time; it has no rate plans yet."""

    class Meta:
        model = Product

    id = lazy(lambda made: made.bench.id())
    number = lazy(lambda made: made.bench.number("product"))
    sku = lazy(lambda made: f"SKU-{made.number.rpartition('-')[2]}")
    name = lazy(lambda made: f"Product {made.number}")
    effective_start = date(2015, 1, 1)
    effective_end = date(2099, 1, 1)


FACTORY = ProductFactory
