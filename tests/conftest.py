"""How hard hypothesis searches: HYPOTHESIS_PROFILE chooses; `make check` sets it to quick, `make soak` to soak.

And what Ctrl-C finds.
"""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

# A slow machine is no failure: no profile has a deadline for a single case.
settings.register_profile("default", max_examples=100, deadline=None)
settings.register_profile("quick", max_examples=20, deadline=None, derandomize=True)
settings.register_profile("ci", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("soak", max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# A shell starts what runs in its background with Ctrl-C ignored, and every process of the tests would inherit that.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
