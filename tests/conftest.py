"""What holds for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.examples import load_profile
from tests.policies import use_frozen

load_profile()
use_frozen()


@pytest.fixture(autouse=True, scope="session")
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What Sellersheet remembers of the results it made stays within the tests."""
    with pytest.MonkeyPatch.context() as patch:
        if "SELLERSHEET_HOME" not in os.environ:
            patch.setenv("SELLERSHEET_HOME", str(tmp_path_factory.mktemp("sellersheet")))
        yield
