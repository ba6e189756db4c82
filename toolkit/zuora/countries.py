"""Countries: Zuora shows one name for each, whichever code a client sends."""

from functools import lru_cache


@lru_cache(maxsize=512)
def country_name(given: str | None) -> str | None:
    """Return the English short name for a name or an ISO 3166 code of two or three letters.

    A word that names no country is kept as it is. Source: recorded, USA became United States.
    """
    if not given:
        return None
    import pycountry  # noqa: PLC0415 - 30 ms that a start without contacts need not spend

    try:
        return pycountry.countries.lookup(given).name
    except LookupError:
        return given
