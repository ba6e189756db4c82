"""The demonstration: one customer's year in an environment of its own, with a verdict."""
