"""What holds for every test."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sellersheet.wording import Lang
    from tests.libreoffice import Office

# Where Python may keep no compiled files, as in many containers, every worker would rewrite the
# asserts of all tests, and every process they start compile all of Sellersheet.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collectstart() -> None:
    """Before the first test module is loaded."""
    _settings()


@cache
def _settings() -> None:
    # Here and not above: where other processes run the tests, this one needs neither.
    from tests.examples import load_profile
    from tests.policies import use_frozen

    load_profile()
    use_frozen()


# Files whose tests take longest, the longest first: begun last they would keep one core waiting.
_LONG = (
    "nothing_lost", "template", "libreoffice_install", "template_shown", "scale", "plain",
    "libreoffice_menu", "benchmarks", "libreoffice_faults", "cut_arrays", "template_without",
    "mutator", "host", "template_editing", "template_shop", "rate_import", "functions_orders",
    "own_values", "cli", "batch_many", "libreoffice_functions", "excel_macros", "batch",
    "addin_install", "orders_import", "excel_limits", "wheel", "reconcile", "update", "patch",
    "intake_property", "new_fee_part", "addin_selfcheck", "patch_saving", "template_prices",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files of long tests first, each whole."""
    rank = {f"test_{name}.py": at for at, name in enumerate(_LONG)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


def pytest_collection_finish() -> None:
    """Garbage is looked for seldom: modules, tests and books that were read are millions of
    objects, and to go through them was a fifth of the time."""
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="session")
def quick_python() -> Iterator[str]:
    """What stands for Python in the configuration of the add-in in LibreOffice, and for the
    command line where several commands are to run at once."""
    from tests import warm_python

    with warm_python.interpreter() as path:
        yield str(path)


@pytest.fixture(scope="session")
def addin_office(quick_python: str) -> Iterator[Office]:
    """One LibreOffice with the add-in, in Chinese, for all tests that need no other: each opens
    its own workbook, which closes the one before."""
    from tests import addin_in_libreoffice

    with addin_in_libreoffice.started(interpreter=quick_python) as office:
        yield office


@pytest.fixture(scope="session")
def addin_office_in(
    request: pytest.FixtureRequest, quick_python: str
) -> Iterator[Callable[[Lang], Office]]:
    """The one that answers in that language: in Chinese the one that is there already."""
    from tests import addin_in_libreoffice

    with ExitStack() as started:

        @cache
        def answering(lang: Lang) -> Office:
            if lang == "zh":
                return request.getfixturevalue("addin_office")
            return started.enter_context(
                addin_in_libreoffice.started(lang=lang, interpreter=quick_python)
            )

        yield answering


@pytest.fixture(scope="session")
def plain_office() -> Iterator[Office]:
    """The same without the add-in."""
    from tests import libreoffice

    with libreoffice.started() as office:
        yield office


@pytest.fixture(scope="session")
def showing_office() -> Iterator[Office]:
    """One that calculates nothing when it opens a file: it shows the values saved in it."""
    from tests import libreoffice

    with libreoffice.started(recalculate=False) as office:
        yield office


@pytest.fixture(scope="session")
def forked_workers() -> Iterator[None]:
    """The workers of clusters in this process fork from one that has loaded the libraries."""
    import dask
    from distributed.utils import get_mp_context

    with dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}):
        loaded = ["distributed", "pandas", "pyarrow.dataset", "sellersheet_workbook.scale.run"]
        get_mp_context().set_forkserver_preload(loaded)
        yield


@pytest.fixture(autouse=True, scope="session")
def _own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What Sellersheet remembers of the results it made stays within the tests, and no terminal
    of whoever runs them has a width."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COLUMNS", raising=False)  # the width of whoever runs the tests
        os.unsetenv("COLUMNS")  # readline sets it too, for children only
        if "SELLERSHEET_HOME" not in os.environ:
            patch.setenv("SELLERSHEET_HOME", str(tmp_path_factory.mktemp("sellersheet")))
        yield
