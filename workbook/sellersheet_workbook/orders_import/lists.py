"""What an import tells beside the file of orders: rows that it left, values that gave way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sellersheet.columns import column
from sellersheet.wording import Lang
from sellersheet_workbook.files.writing import write_frame
from sellersheet_workbook.keeping.together import Together
from sellersheet_workbook.orders_import.intake import Taken
from sellersheet_workbook.orders_import.merging import (
    IDENTITY,
    TARGET,
    Merged,
    Replaced,
    as_texts,
)
from sellersheet_workbook.problems import ORDERS_IMPORT


def list_path(target: Path, code: str, lang: Lang) -> Path:
    """Where a list stands: ``left_name`` or ``changes_name``."""
    return target.with_name(f"{target.stem}-{ORDERS_IMPORT(code, lang)}.csv")


def write_left(taken: Sequence[Taken], target: Path, change: Together, lang: Lang) -> Path | None:
    """The rows refused or passed over, as they stood; without any an old list goes."""
    path = list_path(target, "left_name", lang)
    parts = [item.left.assign(file=item.path.name) for item in taken if len(item.left)]
    if not parts:
        change.remove(path)
        return None
    left = pd.concat(parts, ignore_index=True)
    names = ["file", "row", "column", "value", "message"]
    rest = [name for name in left.columns if name not in names]
    titles = {name: ORDERS_IMPORT(f"left_{name}", lang) for name in names}
    write_frame(left[names + rest].rename(columns=titles), path, lang=lang)
    return path


def changes(merged: Merged, files: Sequence[Path], lang: Lang) -> pd.DataFrame:
    """One line a value that gave way: which order, which column, before, after, where from."""
    kinds = (("updated", merged.updates), ("replaced", merged.replaced))
    parts = [_lines(kind, item, merged, files, lang) for kind, items in kinds for item in items]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def write_changes(found: pd.DataFrame, target: Path, lang: Lang) -> Path | None:
    """The list of changes; without any an older list stays as it is."""
    if found.empty:
        return None
    path = list_path(target, "changes_name", lang)
    titles = {name: ORDERS_IMPORT(f"change_{name}", lang) for name in found.columns}
    write_frame(found.rename(columns=titles), path, lang=lang)
    return path


def _lines(
    kind: str, change: Replaced, merged: Merged, files: Sequence[Path], lang: Lang
) -> pd.DataFrame:
    rows = merged.rows
    values, given = rows.values[change.key], rows.given[change.key]
    names = np.array(
        [*(file.name for file in files), ORDERS_IMPORT("in_target", lang)], dtype=object
    )
    assert TARGET == -1  # noqa: S101  the last of the names
    lines = {"kind": np.full(len(change.after), ORDERS_IMPORT(f"kind_{kind}", lang), dtype=object)}
    for key in IDENTITY:
        if key in rows.values:
            lines[key] = rows.values[key][change.after]
    return pd.DataFrame(
        {
            **lines,
            "column": column("orders", change.key).title(lang),
            "before": as_texts(change.key, values[change.before], given[change.before], lang),
            "after": as_texts(change.key, values[change.after], given[change.after], lang),
            "before_file": names[rows.file[change.before]],
            "before_row": rows.row[change.before],
            "after_file": names[rows.file[change.after]],
            "after_row": rows.row[change.after],
        }
    )
