"""How hard hypothesis searches: HYPOTHESIS_PROFILE chooses, `make soak` sets it to soak."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A slow machine is no failure: no profile has a deadline for a single case.
settings.register_profile("default", max_examples=100, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True)
settings.register_profile("soak", max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
