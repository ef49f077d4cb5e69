"""What holds for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# A busy machine is no failure: no example has a time limit. Everything else stays as
# hypothesis has it, so that a CI run tries the same examples each time.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True, scope="session")
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What Sellersheet remembers of the results it made stays within the tests."""
    with pytest.MonkeyPatch.context() as patch:
        if "SELLERSHEET_HOME" not in os.environ:
            patch.setenv("SELLERSHEET_HOME", str(tmp_path_factory.mktemp("sellersheet")))
        yield
