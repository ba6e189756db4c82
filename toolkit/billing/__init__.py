"""The pure domain: what Zuora computes, with no I/O, wall clock, randomness, HTTP or floats."""
