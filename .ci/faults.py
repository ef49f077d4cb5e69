"""What a small fault is: one comparison, sign, number or branch of a file turned into another;
and which tests come by the statement that it stands in."""

from __future__ import annotations

import ast
import copy
import gc
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

_OTHER = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Mod: ast.FloorDiv, ast.Div: ast.Mult,
}  # fmt: skip
FIRST = 30  # so many of the quickest tests before the others


class Place(NamedTuple):
    """Names of class and function, the lines where the function and the statement in it begin;
    no lines for what runs when the file is imported."""

    within: str = "module"
    begins: int = 0
    line: int = 0


_IMPORT = Place()


class Fault(NamedTuple):
    path: str
    name: str
    place: Place
    code: CodeType


def faults(path: Path, told: str) -> Iterator[Fault]:
    """Each fault with a name that outlives changes elsewhere in the file."""
    seen: Counter[str] = Counter()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node, place in nodes(tree):
        for change, new in _changes(node):
            name = f"{told} {place.within}: {ast.unparse(node)[:60]!r} -> {change}"
            seen[name] += 1
            before = copy.copy(node.__dict__)
            node.__dict__.update(new)
            code = compile(ast.fix_missing_locations(tree), str(path), "exec")
            node.__dict__.update(before)
            yield Fault(str(path), name + f" #{seen[name]}" * (seen[name] > 1), place, code)


def nodes(tree: ast.AST, place: Place = _IMPORT) -> Iterator[tuple[ast.AST, Place]]:
    """Every node of what is computed, with its place."""
    left = [getattr(tree, "annotation", None), getattr(tree, "returns", None)]  # X | None
    if isinstance(tree, ast.ClassDef):
        left += tree.decorator_list
    for child in ast.iter_child_nodes(tree):
        # frozen=True and strict=True guard against programmers.
        if child in left or (isinstance(child, ast.keyword) and child.arg == "strict"):
            continue
        within, begins, line = place
        if isinstance(tree, ast.FunctionDef) and child in tree.body and not begins:
            begins = min(node.lineno for node in (tree, *tree.decorator_list))
        if isinstance(child, ast.stmt) and begins:
            line = child.lineno
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            within = child.name if within == "module" else f"{within}.{child.name}"
        yield child, Place(within, begins, line)
        yield from nodes(child, Place(within, begins, line))


def _changes(node: ast.AST) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        other = _OTHER[type(node.ops[0])]
        yield other.__name__, {"ops": [other()]}
    if isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in _OTHER:
        other = _OTHER[type(node.op)]
        yield other.__name__, {"op": other()}
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "without", {"op": ast.UAdd()}
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.UAdd):
        yield "without", {"operand": ast.UnaryOp(node.op, node.operand)}
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "the other", {"value": not node.value}
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield "+ 1", {"value": node.value + 1}
    if isinstance(node, ast.IfExp):
        yield "turned", {"body": node.orelse, "orelse": node.body}


class Seen:
    """A pytest plugin: which tests come by each statement, and what each costs of a core."""

    def __init__(self, files: list[str]) -> None:
        self.files = files
        self.lines: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.seconds: Counter[str] = Counter()
        self.now = ""  # no test: what is computed while tests are gathered

    def watched(self, path: str) -> CodeType:
        """The file's code, which tells of each statement within a function that it comes by."""
        tree = ast.parse(Path(path).read_text(encoding="utf-8"))
        for node, place in list(nodes(tree)):
            for part in ("body", "orelse", "finalbody"):
                block = getattr(node, part, None)
                if isinstance(block, list) and (place.begins or isinstance(node, ast.FunctionDef)):
                    for at in range(len(block) - 1, -1, -1):
                        block[at:at] = ast.parse(f"__seen__({path!r}, {block[at].lineno})").body
        return compile(ast.fix_missing_locations(tree), path, "exec")

    def __call__(self, path: str, line: int) -> None:
        self.lines[path, line].add(self.now)

    def pytest_collection_finish(self) -> None:
        self.kept = [
            item for item in gc.get_objects() if type(item) is _lru_cache_wrapper
            and _file(item.__wrapped__) in self.files
        ]  # fmt: skip

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.now, self.began = nodeid, time.process_time()
        for item in self.kept:  # else only the first who asks would come by
            item.cache_clear()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.seconds[nodeid] = time.process_time() - self.began
        self.now = ""

    def tests(self, fault: Fault) -> tuple[bool, list[str]]:
        """Whether the fault must be there when its file is imported; its tests in their order."""
        found = {
            test for (path, line), tests in self.lines.items() if path == fault.path
            and fault.place.line in (line, 0) for test in tests
        }  # fmt: skip
        early = not fault.place.begins or "" in found
        if not found and fault.place.begins:
            return early, []  # else the file may have no functions to come by
        ranked = sorted(found - {""} or self.seconds, key=self.seconds.__getitem__)
        spent: Counter[str] = Counter()
        for test in ranked:
            spent[test.partition("::")[0]] += self.seconds[test]
        later = sorted(ranked[FIRST:], key=lambda test: (spent[test.partition("::")[0]], test))
        return early, ranked[:FIRST] + later


def _file(function: object) -> str | None:
    return getattr(getattr(function, "__code__", None), "co_filename", None)
