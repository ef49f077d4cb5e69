"""What holds for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.examples import load_profile
from tests.policies import use_frozen

load_profile()
use_frozen()


# Files whose tests take longest, the longest first: begun last they would keep one core waiting.
_LONG = (
    "template", "nothing_lost", "libreoffice_install", "benchmarks", "patch_saving",
    "template_shown", "host", "excel_macros", "template_without", "books_of_wps",
    "libreoffice_functions", "plain",
    "template_shop", "libreoffice_faults", "template_editing", "scale", "reconcile",
    "new_fee_part", "mutator", "orders_import", "wheel", "patch", "libreoffice_menu",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files of long tests first, each whole."""
    rank = {f"test_{name}.py": at for at, name in enumerate(_LONG)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


@pytest.fixture(autouse=True, scope="session")
def _own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What Sellersheet remembers of the results it made stays within the tests, and no terminal
    of whoever runs them has a width."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COLUMNS", raising=False)  # the width of whoever runs the tests
        if "SELLERSHEET_HOME" not in os.environ:
            patch.setenv("SELLERSHEET_HOME", str(tmp_path_factory.mktemp("sellersheet")))
        yield
