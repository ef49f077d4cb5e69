"""The picture of docs/architecture.md: which room imports which, read from the code itself.

A room is a folder of a package; modules beside the folders are put together by the layers that
pyproject.toml holds import-linter to. An arrow that follows from others is left out.
"""

from __future__ import annotations

import tomllib
from itertools import product
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {
    "sellersheet_addin": "addin: the ways in",
    "sellersheet_workbook": "workbook: files and workbooks",
    "sellersheet": "udfs: the calculation",
}
_MOST_NAMED = 8
Room = tuple[str, str]


def picture() -> str:
    """The rooms as a mermaid flowchart, each package a box."""
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    rooms = _rooms(graph)
    edges = {
        (rooms[module], rooms[used])
        for module in rooms
        for used in graph.find_modules_directly_imported_by(module)
        if used in rooms and rooms[module] != rooms[used]
    }
    names = {room: f"r{at}" for at, room in enumerate(sorted(set(rooms.values())))}
    lines = ["```mermaid", "flowchart TD"]
    for package, title in PACKAGES.items():
        lines.append(f'    subgraph {package}["{title}"]')
        lines += [
            f'        {name}["{_label(room, rooms)}"]'
            for room, name in names.items()
            if room[0] == package
        ]
        lines.append("    end")
    lines += [f"    {names[a]} --> {names[b]}" for a, b in sorted(_needed(edges))]
    return "\n".join([*lines, "```"])


def _rooms(graph: grimp.ImportGraph) -> dict[str, Room]:
    """Every module with its room: the package, and the folder or the modules beside folders."""
    folders = {
        child for package in PACKAGES for child in graph.find_children(package)
        if graph.find_children(child)
    }  # fmt: skip
    single = _by_layer(folders)
    found: dict[str, Room] = {}
    for module in graph.modules - PACKAGES.keys():
        package, _, rest = module.partition(".")
        if rest == "__main__":  # what a package runs as: everything below it, and read by none
            continue
        top = f"{package}.{rest.partition('.')[0]}"
        if top in folders:
            found[module] = (package, top.rpartition(".")[2])
        else:
            found[module] = (package, single.get(top, ""))
    return found


def _by_layer(folders: set[str]) -> dict[str, str]:
    """The modules beside folders, those of neighbouring layers together: module -> room."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = next(
        contract["layers"]
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract["name"] == "inside the calculation"
    )
    groups: list[list[str]] = [[]]
    for layer in layers:
        modules = layer.split(" | ")
        alone = [module for module in modules if module not in folders]
        if len(alone) < len(modules):
            groups += [alone, []]
        else:
            groups[-1] += alone
    return {
        module: ", ".join(item.rpartition(".")[2] for item in group)
        for group in groups
        for module in group
    }


def _label(room: Room, rooms: dict[str, Room]) -> str:
    """The folder, or the modules; where these are many, that they are the others."""
    others = sorted(module.partition(".")[2] for module, its in rooms.items() if its == room)
    if not room[1] and len(others) > _MOST_NAMED:
        return "modules beside the folders"
    words = room[1].split(", ") if room[1] else others
    rows = [", ".join(words[at : at + 4]) for at in range(0, len(words), 4)]
    return "<br>".join(rows)


def _needed(edges: set[tuple[Room, Room]]) -> set[tuple[Room, Room]]:
    """The edges that no chain of others stands for."""
    nodes = {node for edge in edges for node in edge}
    reached = set(edges)
    for middle in nodes:
        before = {a for a, b in reached if b == middle}
        after = {b for a, b in reached if a == middle}
        reached |= set(product(before, after))
    return {
        (a, b)
        for a, b in edges
        if not any(
            (a, c) in reached and (c, b) in reached
            for c in nodes - {a, b}
            if (c, a) not in reached and (b, c) not in reached
        )
    }
