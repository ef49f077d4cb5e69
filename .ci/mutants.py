"""Small faults put into the calculation one at a time: which of them do no tests notice?

    python .ci/mutants.py udfs/sellersheet/money.py            all faults of one file
    python .ci/mutants.py udfs/sellersheet/rules --only fees   those whose names hold a word
    python .ci/mutants.py --list udfs/sellersheet/exchange.py  their names

No file is changed: a fault lives in a child of a process that has imported everything. The tests
run once without any fault, which tells who comes by which statement; each fault then meets those
tests alone, the quickest first. A fault that they let live is named, and the command ends with 1.
Those that nobody can see stand in ``.ci/mutants_equivalent.txt``, each with the reason.
"""

from __future__ import annotations

import argparse
import builtins
import gc
import os
import pickle
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout, suppress
from functools import partial
from importlib.machinery import SourceFileLoader
from io import StringIO
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import hypothesis
import pytest
from faults import FIRST, Fault, Seen, faults

ROOT = Path(__file__).parents[1].resolve()
EQUIVALENT = ROOT / ".ci/mutants_equivalent.txt"
# File or folder -> the tests that speak of it.
TESTS = {
    "udfs/sellersheet/money.py": "money exchange_ties fees symbols cells",
    "udfs/sellersheet/amounts.py": "cells tables exchange_ties intake_forms intake_doubts",
    "udfs/sellersheet/exchange.py": "exchange_ties money tables orders cells spoilt_rows",
    "udfs/sellersheet/days.py": "cells tables intake_forms functions_moments zones",
    "udfs/sellersheet/zones.py": "zones functions_moments",
    "udfs/sellersheet/orders": (
        "orders order_lines order_costs intake_doubts explain oracle fees freight sides_partly "
        "tables summary spoilt_rows"
    ),
    "udfs/sellersheet/rules": (
        "fees freight deposit eligibility pricing deadlines review_dates returns return_inspection "
        "signs plans differences reconcile reconcile_bills order_lines order_costs savings "
        "trigger_room deposit_calendar deposit_limit sides_partly curves functions_deposit "
        "functions_shop functions_price functions_freight functions_fees symbols oracle"
    ),
    "udfs/sellersheet/intake": (
        "intake_beside intake_cases intake_doubts intake_forms intake_headers intake_parts "
        "intake_property text_bytes columns_kept tables orders order_costs reconcile_bills batch "
        "rate_import intake_per_order titles zones"
    ),
    "udfs/sellersheet/cards.py": "freight rate_import exchange_ties spoilt_rows own_values_table",
    "udfs/sellersheet": "cells tables symbols exchange_ties money intake_forms intake_cases",
    "workbook/sellersheet_workbook/orders_import": "orders_import orders_merging orders_import_cli",
}
# A fault, its tests, the functions that it is put into: none where it must be there at the import.
Way = tuple[Fault, list[str], list[FunctionType] | None]


def _told(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


class Only:
    """A pytest plugin: these tests, in this order; a loop without end ends the process."""

    def __init__(self, tests: list[str], seconds: Counter[str]) -> None:
        self.tests, self.seconds = tests, seconds

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        found = {item.nodeid: item for item in items}
        items[:] = [found[test] for test in self.tests if test in found]

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        signal.setitimer(signal.ITIMER_PROF, 2 + 4 * self.seconds[nodeid])


def _pytest(place: Path, *words: str, plugins: tuple[object, ...] = ()) -> int:
    fixed = ["-x", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-o", "addopts="]
    return int(pytest.main([*fixed, f"--basetemp={place}/{os.getpid()}", *words], plugins=plugins))


def _import_as(codes: dict[str, CodeType]) -> None:
    plain = SourceFileLoader.get_code
    SourceFileLoader.get_code = lambda self, name: codes.get(self.path) or plain(self, name)


def _child(work: Callable[[], int], place: Path) -> int:
    """The id of a child, in a group of its own, that ends with what ``work`` gives."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        os.setpgid(0, 0)
        log = place / f"{os.getpid()}.log"
        told = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(told, 1)
        os.dup2(told, 2)
        code = work()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def _first_run(files: list[str], tests: list[str], place: Path) -> Seen:
    seen = Seen(files)

    def work() -> int:
        builtins.__seen__ = seen
        _import_as({path: seen.watched(path) for path in files})
        code = _pytest(place, *tests, plugins=(seen,))
        (place / "seen").write_bytes(pickle.dumps((seen.lines, seen.seconds)))
        return code

    child = _child(work, place)
    if os.waitpid(child, 0)[1]:
        sys.exit(f"{_said(place, child)}\nThe tests fail without any fault.")
    seen.lines, seen.seconds = pickle.loads((place / "seen").read_bytes())  # noqa: S301
    return seen


def _said(place: Path, child: int) -> str:
    return (place / f"{child}.log").read_text(encoding="utf-8")[-3000:]


def _meet(way: Way, seconds: Counter[str], place: Path) -> int:
    """What pytest ends with where the fault is."""
    fault, tests, loaded = way
    signal.setitimer(signal.ITIMER_PROF, 60)
    if loaded is None:
        _import_as({fault.path: fault.code})
    new = {(code.co_qualname, code.co_firstlineno): code for code in _codes(fault.code)}
    for function in loaded or ():
        function.__code__ = new[function.__code__.co_qualname, fault.place.begins]
    for part in filter(None, (tests[:FIRST], tests[FIRST:])):
        files = dict.fromkeys(test.partition("::")[0] for test in part)
        if code := _pytest(place, *files, plugins=(Only(part, seconds),)):
            return code
    return 0


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in filter(lambda item: isinstance(item, CodeType), code.co_consts):
        yield from _codes(inner)


def _alive(ways: list[Way], seen: Seen, jobs: int, place: Path) -> Iterator[str]:
    """The names of the faults that no test notices."""
    running: dict[int, Fault] = {}
    for at, way in enumerate(ways):
        running[_child(partial(_meet, way, seen.seconds, place), place)] = way[0]
        while len(running) == jobs or (running and at == len(ways) - 1):
            child, status = os.wait()
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)  # what the tests began
            fault, code = running.pop(child), os.waitstatus_to_exitcode(status)
            if code > 2:  # of pytest: 1, a test failed; 2, it could not be imported
                sys.exit(f"{fault.name}\n{_said(place, child)}")
            if code == 0:
                yield fault.name


def _load(tests: list[str], place: Path) -> dict[tuple[str, int], list[FunctionType]]:
    """Every function, by its file and first line, once all tests are imported."""
    with redirect_stdout(StringIO()):
        _pytest(place, "--collect-only", *tests)
    loaded = defaultdict(list)
    for item in filter(lambda item: type(item) is FunctionType, gc.get_objects()):
        loaded[item.__code__.co_filename, item.__code__.co_firstlineno].append(item)
    gc.freeze()
    return loaded


def _alive_of(
    known: list[Fault], seen: Seen, tests: list[str], jobs: int, place: Path
) -> Iterator[str]:
    """First the faults that must be there at the import, before anything is imported here."""
    ways = [(fault, *seen.tests(fault)) for fault in known]
    yield from (f"{fault.name} (no test comes by)" for fault, _, found in ways if not found)
    early = [(fault, found, None) for fault, early, found in ways if found and early]
    yield from _alive(early, seen, jobs, place)
    loaded = _load(tests, place)
    late = [
        (fault, found, loaded[fault.path, fault.place.begins])
        for fault, early, found in ways if found and not early
    ]  # fmt: skip
    yield from _alive(late, seen, jobs, place)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", help="files or folders; all on record without any")
    parser.add_argument("--only", default="", metavar="TEXT", help="faults whose names hold it")
    parser.add_argument("--tests", help="names of test files, in place of those on record")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="name the faults, test none")
    given = parser.parse_args()
    lines = EQUIVALENT.read_text(encoding="utf-8").splitlines()
    equivalent = {line.rpartition(" | ")[0] for line in lines if line and not line.startswith("#")}
    places = [ROOT / name for name in given.files or TESTS]
    paths = sorted(
        {path for one in places for path in (one.rglob("*.py") if one.is_dir() else [one])}
    )
    there = [fault for path in paths for fault in faults(path, _told(path))]
    every = [fault for fault in there if given.only in fault.name]
    looked_at = {_told(path) for path in paths if path.is_file()}
    gone = equivalent - {fault.name for fault in there}
    gone -= {name for name in gone if given.files and name.partition(" ")[0] not in looked_at}
    if gone:
        sys.exit("\n".join((f"Not there any more, but in {EQUIVALENT.name}:", *sorted(gone))))
    known = [fault for fault in every if fault.name not in equivalent]
    if given.list:
        print(*(fault.name for fault in known), sep="\n")
        return 0
    words = given.tests or " ".join(
        TESTS[max((key for key in TESTS if _told(path).startswith(key)), key=len)] for path in paths
    )
    tests = [f"tests/test_{word}.py" for word in dict.fromkeys(words.split())]
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT / name) for name in ("udfs", "workbook", "addin", ".")]
    hypothesis.settings.register_profile(
        "unshrunk", phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate], database=None
    )
    hypothesis.settings.load_profile("unshrunk")
    alive = []
    with tempfile.TemporaryDirectory() as place:
        began = time.monotonic()
        seen = _first_run(sorted({fault.path for fault in known}), tests, Path(place))
        ready = time.monotonic()
        for name in _alive_of(known, seen, tests, given.jobs, Path(place)):
            alive.append(name)
            print("ALIVE", name, flush=True)
    of = Counter(_told(Path(fault.path)) for fault in known)
    for path, number in of.items():
        lives = sum(name.startswith(f"{path} ") for name in alive)
        same = sum(fault.name.startswith(f"{path} ") for fault in every) - number
        print(f"{path}: {number} faults, {number - lives} found, {lives} alive, {same} equivalent")
    each = (time.monotonic() - ready) / max(len(known), 1)
    print(f"{len(known)} faults, {len(alive)} alive; {ready - began:.0f} s, then {each:.2f} s each")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
