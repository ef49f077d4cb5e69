"""What CONTRIBUTING.md and the guides name is there: files, commands, modules."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDES = ("CONTRIBUTING.md", "docs/architecture.md", "[a-z]*/README.md")
FILES = [file for pattern in GUIDES for file in sorted(ROOT.glob(pattern))]
TREE = {
    file.relative_to(ROOT).as_posix()
    for folder in (".ci", "addin", "docs", "tests", "udfs", "workbook")
    for file in (ROOT / folder).rglob("*")
    if "__pycache__" not in file.parts
} | {file.name for file in ROOT.iterdir()}
# A file or folder: from the root, or as it stands in a package ("rules/fees.py", "intake/").
_NAMED = re.compile(r"(?<![\w./…-])((?:[\w.]+/)*[\w*]+\.(?:py|toml|csv|md)|(?:[\w.]+/)+)(?![\w/])")
_MADE_UP = re.compile(r"NAME|example")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_file_that_is_named_is_there(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    named = {hit[1].rstrip("/") for hit in _NAMED.finditer(text) if not _MADE_UP.search(hit[1])}
    assert named
    gone = {name for name in named if not _stands(name)}
    assert not gone


def _stands(name: str) -> bool:
    if "*" in name:
        return any(fnmatch(path, f"*{name}") for path in TREE)
    return any(path == name or path.endswith(f"/{name}") for path in TREE)


def test_every_module_that_is_run_is_there() -> None:
    texts = [file.read_text(encoding="utf-8") for file in FILES]
    modules = {name for text in texts for name in re.findall(r"python -m ([\w.]+)", text)}
    assert {"pytest", "sellersheet_workbook", "tests.benchmarks"} <= modules
    for module in modules - {"venv", "pip"}:
        assert find_spec(module), module
