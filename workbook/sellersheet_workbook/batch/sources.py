"""What is read as orders: the files that folders, patterns and names mean, and several sheets of
one file as one table."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from sellersheet.intake import layout
from sellersheet.intake.grid import Above, Beside, Body, Columns, Grid, Shown
from sellersheet.intake.headers import score
from sellersheet.intake.titles import of_titles
from sellersheet.intake.vocabulary import parsed
from sellersheet.wording import LANGS, Lang, Wording
from sellersheet_workbook.files.file_kind import PARQUETS, TEXTS, WORKBOOKS
from sellersheet_workbook.keeping.made import is_result
from sellersheet_workbook.problems import FileProblem

WORDS: Final = Wording("sellersheet_workbook.batch", "batch.toml")
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


def joined(grids: Sequence[Grid], lang: Lang) -> Grid:
    """One grid of the rows of all, with a first column that names their sheet.

    A header that only some sheets have is a column that is blank for the others.
    """
    if len(grids) == 1:
        return grids[0]
    frames, rows, headers, over = [], [], [], []
    for grid in grids:
        found = layout.find(grid, lambda labels: score(labels, "orders"))
        at = found.at if found else 0
        over.append(grid.beside.above | (found.above if found else Above()))
        body = grid.below(at)
        labels = list(found.labels if found else ())[: body.frame.shape[1]]
        labels += [""] * (body.frame.shape[1] - len(labels))
        frame = body.frame.set_axis(pd.MultiIndex.from_tuples(_numbered(labels)), axis=1)
        frame.insert(0, (WORDS("sheet", lang), 0), grid.sheet or "")
        frames.append(frame.astype(object))
        rows.append(np.arange(len(frame)) + grid.first_row + at + 1)
        headers.append(at)
    whole = pd.concat(frames, ignore_index=True)
    names = list(whole.columns)
    starts = np.cumsum([0, *map(len, frames)])
    beside = _together(
        [
            _moved(grid.beside, start - at, [names.index(name) for name in frame.columns[1:]])
            for grid, frame, start, at in zip(grids, frames, starts, headers, strict=False)
        ]
    )
    moved = [
        _over(above, [names.index(name) for name in frame.columns[1:]])
        for above, frame in zip(over, frames, strict=True)
    ]
    absent = {
        at: np.concatenate(
            [
                np.arange(start, start + len(frame)) + 1
                for frame, start in zip(frames, starts, strict=False)
                if name not in frame
            ]
        )
        for at, name in enumerate(names)
        if not all(name in frame for frame in frames)
    }
    beside = replace(beside, absent=absent, above=_one_above(grids, moved))
    whole.columns = pd.RangeIndex(whole.shape[1])
    whole = whole.where(whole.notna(), None)
    numbers = np.concatenate(rows)
    header = [str(name[0]) for name in names]
    body = Body(Columns.of(whole), (), numbers)
    return Grid([header], lambda _: body, beside=beside, sheet=grids[0].sheet)


def _over(above: Above, columns: Sequence[int]) -> Above:
    """What stands above a sheet's table, over the columns of the whole."""
    groups = [
        (text, tuple(columns[at] for at in places if at < len(columns)))
        for text, places in above.groups
    ]
    return replace(above, groups=tuple(groups))


def _one_above(grids: Sequence[Grid], over: Sequence[Above]) -> Above:
    """What stands above the tables, where all say the same of amounts; else they are no one
    table."""
    titles = [of_titles(each.titles) for each in over]
    heads = [[head for head in each.groups if _noted(head[0])] for each in over]
    for grid, title, groups in zip(grids, titles, heads, strict=True):
        if (title.unit, title.currency, groups) != (titles[0].unit, titles[0].currency, heads[0]):
            told = [" | ".join((title.text, *(text for text, _ in groups))).strip(" |") or "-"
                    for title, groups in ((titles[0], heads[0]), (title, groups))]  # fmt: skip
            raise FileProblem(
                "sheets_titled", sheet=grids[0].sheet, title=told[0], other=grid.sheet,
                other_title=told[1],
            )  # fmt: skip
    return over[0]


def _noted(head: str) -> bool:
    note = parsed(head)
    return bool(note.unit or note.currency)


def _moved(beside: Beside, down: int, columns: Sequence[int]) -> Beside:
    """What stands beside a sheet's cells, at their places in the whole."""
    return Beside(
        [(row + down, columns[at]) for row, at in beside.uncached if at < len(columns)],
        {
            columns[at]: [replace(part, rows=part.rows + down) for part in parts]
            for at, parts in beside.shown.items()
            if at < len(columns)
        },
        [
            (top + down, columns[left], bottom + down, columns[left])
            for top, left, bottom, _ in beside.merged
            if left < len(columns)
        ],
        [row + down for row in beside.totals],
    )


def _together(parts: Sequence[Beside]) -> Beside:
    shown: dict[int, list[Shown]] = {}
    for part in parts:
        for at, found in part.shown.items():
            shown.setdefault(at, []).extend(found)
    return Beside(
        [place for part in parts for place in part.uncached],
        shown,
        [area for part in parts for area in part.merged],
        [row for part in parts for row in part.totals],
    )


def _numbered(labels: Sequence[str]) -> list[tuple[str, int]]:
    """Labels told apart where one stands twice."""
    return [(label, labels[:at].count(label)) for at, label in enumerate(labels)]
