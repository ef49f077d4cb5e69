"""Which files of orders are meant by folders, patterns and names."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from sellersheet.wording import LANGS
from sellersheet_workbook.batch.one import WORDS
from sellersheet_workbook.files.file_kind import PARQUETS, TEXTS, WORKBOOKS
from sellersheet_workbook.keeping.made import is_result
from sellersheet_workbook.problems import FileProblem

_KINDS: Final = (*TEXTS, *WORKBOOKS, *PARQUETS)
# What a batch writes is no input of the next one.
_OURS: Final = tuple(f"-{WORDS(code, lang)}" for code in ("result", "report") for lang in LANGS)
# Nor is what was kept of a file that stands beside it: the same orders once more.
_COPY: Final = re.compile(r"\.(bak-\d{8}-\d{6}(-\d+)?|undone-\d+|kept-\d+)$")
_PATTERN: Final = "*?["


def is_several(given: Sequence[Path]) -> bool:
    """Whether more is meant than one file by its name."""
    return len(given) != 1 or given[0].is_dir() or _is_pattern(given[0])


def expand(
    given: Sequence[Path],
    wanted: Callable[[Path], bool] | None = None,
    kinds: Sequence[str] = _KINDS,
) -> list[Path]:
    """The files meant, each once, sorted: a folder stands for all files of orders below it.

    Patterns (``2024-*/*.xlsx``) are expanded here, since the shell of Windows leaves them
    as they are. Hidden files, what programs leave beside an open workbook, parts of a data
    set and results of earlier batches are left out of folders and patterns, unless ``wanted``
    says itself which files of the ``kinds`` are taken.
    """
    take = wanted or _orders
    found: dict[Path, Path] = {}
    for item in given:
        if item.is_dir():
            files = [path for path in item.rglob("*") if take(path)]
        elif _is_pattern(item):
            found_here = glob.glob(str(item), recursive=True)  # noqa: PTH207 (may be absolute)
            files = [path for path in map(Path, found_here) if take(path)]
        else:
            files = [item]
        if not files:
            raise FileProblem("no_files", path=item, kinds=" ".join(kinds))
        for file in files:
            found.setdefault(file.resolve(), file)
    return [found[path] for path in sorted(found)]


def common_folder(sources: Sequence[Path]) -> Path:
    """The deepest folder that all of them are in."""
    try:
        return Path(os.path.commonpath([path.resolve().parent for path in sources]))
    except ValueError as error:  # several drives of Windows
        raise FileProblem("several_drives", path=sources[-1]) from error


def _is_pattern(path: Path) -> bool:
    return any(sign in str(path) for sign in _PATTERN) and not path.exists()


def _orders(path: Path) -> bool:
    return (
        path.suffix.lower() in _KINDS
        and not path.name.startswith((".", "~$"))
        and not path.stem.endswith(_OURS)
        and not _COPY.search(path.stem)
        and not any(part.startswith("month=") for part in path.parts)
        and path.is_file()
        and not _is_result(path)
    )


def _is_result(path: Path) -> bool:
    try:
        return is_result(path)
    except OSError:
        return False  # it is named among those that can't be read
