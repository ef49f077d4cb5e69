"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no failure: no example has a time limit. Everything else stays as
# hypothesis has it, so that a CI run tries the same examples each time.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
