"""The policy that the tests reckon with, apart from the shipped one.

The shipped policy grows by a dated entry whenever a rule changes; the results that the tests
expect are those of ``policy/``, which does not. Tests of what ships load ``SHIPPED`` themselves.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sellersheet import policy
from sellersheet.policy import Policy, catalog
from sellersheet.policy.catalog import load_folder

SHIPPED = Path(policy.__file__).with_name("data")
FROZEN = Path(__file__).with_name("policy")


@cache
def frozen() -> Policy:
    """The policy of the tests."""
    return load_folder(FROZEN)


def use_frozen() -> None:
    """From now on ``policy.load()`` gives the policy of the tests in this process."""
    catalog._shipped = frozen
