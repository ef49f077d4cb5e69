"""Small faults put into the calculation one at a time: which of them do no tests notice?

    python .ci/mutants.py udfs/sellersheet/money.py            all faults of one file
    python .ci/mutants.py --sample 200                         200 faults of all files, by chance
    python .ci/mutants.py --list udfs/sellersheet/exchange.py  their names

The code is copied, changed and tested in a folder of its own; nothing here is touched. A fault
that the tests let live is written down, and the command ends with 1. Faults that change nothing
that can be seen stand in ``.ci/mutants_equivalent.txt``, each with the reason.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = ("udfs", "workbook", "addin", "tests", "pyproject.toml", "README.md")
EQUIVALENT = ROOT / ".ci/mutants_equivalent.txt"
# File or folder -> the tests that speak of it, the quickest first.
TESTS = {
    "udfs/sellersheet/money.py": "test_money test_exchange_ties test_fees",
    "udfs/sellersheet/exchange.py": "test_exchange_ties test_money test_tables test_orders",
    "udfs/sellersheet/amounts.py": "test_cells test_tables test_exchange_ties",
    "udfs/sellersheet/orders": "test_orders test_order_lines test_explain test_oracle",
    "udfs/sellersheet/rules": (
        "test_fees test_freight test_deposit test_eligibility test_pricing test_deadlines "
        "test_returns test_signs test_plans test_reconcile test_order_lines "
        "test_functions_deposit test_functions_shop test_functions_price test_oracle"
    ),
    "workbook/sellersheet_workbook/orders_import": "test_orders_import test_orders_import_cli",
}
_COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_COMPUTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Mod: ast.FloorDiv, ast.Div: ast.Mult,
}  # fmt: skip
_SECONDS = 300


def faults(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Each fault with a name that outlives changes elsewhere in the file."""
    seen: dict[str, int] = {}
    for place, (node, within) in enumerate(_nodes(tree)):
        for told, change in _changes(node):
            changed = copy.deepcopy(tree)
            twin = next(item for at, (item, _) in enumerate(_nodes(changed)) if at == place)
            change(twin)
            name = f"{within}: {ast.unparse(node)[:60]!r} {told}"
            seen[name] = seen.get(name, 0) + 1
            yield (name if seen[name] == 1 else f"{name} #{seen[name]}"), changed


def _nodes(tree: ast.AST, within: str = "module") -> Iterator[tuple[ast.AST, str]]:
    annotations = [getattr(tree, "annotation", None), getattr(tree, "returns", None)]
    for child in ast.iter_child_nodes(tree):
        if child in annotations:  # X | None is no calculation
            continue
        inside = within
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            inside = child.name if within == "module" else f"{within}.{child.name}"
        yield child, inside
        yield from _nodes(child, inside)


def _changes(node: ast.AST) -> Iterator[tuple[str, object]]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARED:
        new = _COMPARED[type(node.ops[0])]
        yield f"-> {new.__name__}", lambda twin: twin.ops.__setitem__(0, new())
    if isinstance(node, ast.BinOp) and type(node.op) in _COMPUTED:
        new_op = _COMPUTED[type(node.op)]
        yield f"-> {new_op.__name__}", lambda twin: setattr(twin, "op", new_op())
    if isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"-> {other.__name__}", lambda twin: setattr(twin, "op", other())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert | ast.USub):
        yield (
            "-> without",
            lambda twin: (
                setattr(twin, "op", ast.UAdd())
                if isinstance(twin.op, ast.USub)
                else setattr(twin, "operand", ast.UnaryOp(copy.deepcopy(twin.op), twin.operand))
            ),
        )
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "-> the other", lambda twin: setattr(twin, "value", not twin.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield "-> + 1", lambda twin: setattr(twin, "value", twin.value + 1)
    if isinstance(node, ast.IfExp):
        yield "-> turned", lambda twin: _turn(twin)


def _turn(twin: ast.IfExp) -> None:
    twin.body, twin.orelse = twin.orelse, twin.body


def _files(wanted: list[str]) -> list[Path]:
    found: list[Path] = []
    for name in wanted or TESTS:
        path = ROOT / name
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return found


def _tests(file: Path) -> list[str]:
    name = file.relative_to(ROOT).as_posix()
    key = max((key for key in TESTS if name.startswith(key)), key=len)
    return [f"tests/{test}.py" for test in TESTS[key].split()]


def _lives(folder: Path, file: Path, source: str) -> bool:
    """Whether all tests pass with the fault."""
    target = folder / file.relative_to(ROOT)
    before = target.read_text(encoding="utf-8")
    paths = os.pathsep.join(str(folder / name) for name in ("udfs", "workbook", "addin"))
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider"]
    target.write_text(source, encoding="utf-8")
    try:
        done = subprocess.run(
            [*words, *_tests(file)], cwd=folder, capture_output=True, timeout=_SECONDS,
            env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        return done.returncode == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        target.write_text(before, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", help="files or folders; all on record without any")
    parser.add_argument("--sample", type=int, metavar="N", help="so many faults, by chance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="name the faults, test none")
    given = parser.parse_args()
    equivalent = {
        line.split(" | ")[0].strip()
        for line in EQUIVALENT.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    }  # fmt: skip
    every = [
        (file, name, ast.unparse(ast.fix_missing_locations(changed)))
        for file in _files(given.files)
        for name, changed in faults(ast.parse(file.read_text(encoding="utf-8")))
    ]
    known = [one for one in every if _told(one[0], one[1]) not in equivalent]
    if given.sample:
        known = random.Random(given.seed).sample(known, min(given.sample, len(known)))  # noqa: S311
    if given.list:
        print(*(_told(file, name) for file, name, _ in known), sep="\n")
        return 0
    alive = []
    with tempfile.TemporaryDirectory() as place:
        folders = [Path(place, str(number)) for number in range(given.jobs)]
        for folder in folders:
            folder.mkdir()
            for name in SOURCES:
                copied = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
                copied(ROOT / name, folder / name)
        with ThreadPoolExecutor(given.jobs) as workers:

            def tried(one: tuple[Path, str, str]) -> bool:
                folder = folders.pop()
                try:
                    return _lives(folder, one[0], one[2])
                finally:
                    folders.append(folder)

            for one, lives in zip(known, workers.map(tried, known), strict=True):
                if lives:
                    alive.append(one)
                    print("ALIVE", _told(one[0], one[1]), flush=True)
    print(f"{len(known)} faults, {len(known) - len(alive)} found, {len(alive)} alive, "
          f"{len(equivalent)} equivalent on record")  # fmt: skip
    return 1 if alive else 0


def _told(file: Path, name: str) -> str:
    return f"{file.relative_to(ROOT).as_posix()} {name}"


if __name__ == "__main__":
    sys.exit(main())
