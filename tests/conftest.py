"""What holds for every test of the project."""

import importlib.util

if importlib.util.find_spec("hypothesis"):  # absent where other people's clients are tested
    from hypothesis import HealthCheck, settings

    # A noisy machine makes nothing wrong: no property has a deadline.
    settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("house")
