"""What holds for every test of the project."""

import importlib.util
import os

if importlib.util.find_spec("hypothesis"):  # absent where other people's clients are tested
    from hypothesis import HealthCheck, settings

    settings.register_profile(
        "house",
        deadline=None,  # a noisy machine makes nothing wrong
        suppress_health_check=[HealthCheck.too_slow],
        derandomize="CI" in os.environ,  # a merge fails for what it changed
    )
    settings.register_profile("quick", parent=settings.get_profile("house"), max_examples=20)
    settings.load_profile("house")
