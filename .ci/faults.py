"""What a small fault is: one comparison, sign, number or branch of a file turned into another."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
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
        left += tree.decorator_list  # frozen=True guards against programmers
    for child in ast.iter_child_nodes(tree):
        if child in left:
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
