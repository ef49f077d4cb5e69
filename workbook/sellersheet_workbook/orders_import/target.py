"""The file of orders that an import fills: read, and written with every other column kept."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from sellersheet.amounts import CENTS, FACTORS
from sellersheet.columns import INPUT, OUTPUT, TABLES, Column, column
from sellersheet.exchange import FxRates
from sellersheet.exchange import currency as code_of
from sellersheet.intake.doubts import NOTHING_ASKED
from sellersheet.intake.grid import Beside, Grid
from sellersheet.intake.headers import listed, places, understand
from sellersheet.intake.titles import as_titled
from sellersheet.intake.vocabulary import header_text
from sellersheet.money import Ints, Mask
from sellersheet.tables import read_table
from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.files.writing import KINDS, write_frame
from sellersheet_workbook.orders_import.intake import NEEDED
from sellersheet_workbook.orders_import.merging import (
    TARGET,
    Array,
    Merged,
    Rows,
    as_cells,
    text_cells,
)
from sellersheet_workbook.patch.package import LOCKED
from sellersheet_workbook.problems import FileProblem, ImportProblem

_RICH: Final = re.compile(
    r"xl/(charts|chartsheets|drawings|pivot|tables|vbaProject|comments|threaded|media|embeddings|external)"
)
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_LOST: Final = re.compile(
    rb"<(?:\w+:)?(?:f|mergeCells|dataValidations|conditionalFormatting|hyperlinks|sheetProtection)"
    rb"[ />]"
)
_BOOK: Final = "xl/workbook.xml"
_DIGITS: Final = 9  # of a pound that is less than a milligram


@dataclass(frozen=True, slots=True)
class Target:
    """The orders as they stand in the file; no rows where there is no file yet. ``units`` are those
    of columns whose header names another than the column's own; ``currency`` is where the column
    of currencies stands, in which all that is imported is CNY."""

    path: Path
    frame: pd.DataFrame
    places: dict[str, int]
    rows: Rows
    sheet: str | None = None
    encoding: str = "utf-8-sig"
    units: Mapping[str, str] = field(default_factory=dict)
    currency: int | None = None

    @property
    def filled(self) -> set[int]:
        """The columns in which new rows hold something."""
        given = set(self.places.values())
        return given if self.currency is None else {*given, self.currency}

    @property
    def calculated(self) -> bool:
        """Whether results of an earlier calculation stand in it."""
        names = {name for item in OUTPUT for name in (item.key, item.zh, item.en)}
        return bool(names & {header_text(label) for label in self.frame.columns})


def read_target(path: Path, fx: FxRates) -> Target:
    """The file, or an empty one; what an import would spoil is a Problem."""
    if path.suffix.lower() not in KINDS:
        raise FileProblem("target_kind", path=path, kinds=" ".join(KINDS))
    if not path.exists():
        return no_orders(path)
    grid = read_grid(path)
    if path.suffix.lower() == ".xlsx":
        _refuse_more_than_a_table(path)
    found = target_of(path, grid, fx)
    return replace(found, sheet=grid.sheet, encoding=grid.encoding or "utf-8-sig")


def no_orders(path: Path) -> Target:
    """Where there are none yet."""
    nothing = np.zeros(0, dtype=np.int64)
    return Target(path, pd.DataFrame(), {}, Rows({}, {}, nothing, nothing))


def target_of(path: Path, source: Grid, fx: FxRates) -> Target:
    """The orders that stand at ``path``."""
    labels = [header_text(cell) for cell in source.top[0]]
    body = source.below(0)
    frame = body.frame.set_axis(pd.Index(labels[: body.frame.shape[1]], dtype=object), axis=1)
    found = places(labels, "orders")
    if missing := [key for key in NEEDED if key not in found]:
        titles = {f"title_{lang}": column("orders", missing[0]).title(lang) for lang in LANGS}
        raise ImportProblem("target_missing", path=path, headers=listed(labels), **titles)
    if body.ragged:
        row = source.first_row + 1 + body.ragged[0]
        raise ImportProblem("target_ragged", path=path, row=row)
    units = own_units(path, labels, source.beside, "orders")
    codes = understand(labels, "orders").places.get("currency")
    if codes and {code_of(str(cell)) for cell in frame.iloc[:, codes.at].dropna()} - {"CNY"}:
        raise ImportProblem("target_currency", path=path, header=codes.header.text)
    currency = codes.at if codes else None
    return Target(path, frame, found, _rows(source, frame, fx), units=units, currency=currency)


def own_units(path: object, labels: Sequence[str], beside: Beside, table: str) -> dict[str, str]:
    """The units of a table's columns, in which what comes in is to be written. What comes in is in
    CNY: a Problem where a column is in another currency, or where only formats say what cells
    mean. ``path`` is the file or the sheet."""
    understood, _ = as_titled(beside.above, understand(labels, table), NOTHING_ASKED, table)
    kinds = {item.key: item.kind for item in TABLES[table]}
    units: dict[str, str] = {}
    for key, place in understood.places.items():
        kind = kinds.get(key)
        if kind not in ("money", "cost", "grams", "cm"):
            continue
        if place.header.currency not in ("", "CNY"):
            raise ImportProblem("target_currency", path=path, header=place.header.text)
        for part in beside.shown.get(place.at, ()):
            percent = part.percent and kind == "cost"
            other = part.unit != "" and FACTORS.get(part.unit) != 1
            foreign = part.currency not in ("", "" if place.unit == CENTS else "CNY")
            if percent or other or foreign:
                raise ImportProblem("target_formats", path=path, header=place.header.text)
        if place.unit == CENTS or FACTORS.get(place.unit, 1) != 1:
            units[key] = place.unit
    return units


def converted(cells: pd.Series[Any], unit: str) -> pd.Series[Any]:
    """Numbers in a column's own unit as those of another one, without what floats leave behind:
    ¥1.10 is 110 and not 110.00000000000001."""
    if not unit:
        return cells
    return (cells * 100 if unit == CENTS else cells / FACTORS[unit]).round(_DIGITS)


def write_target(target: Target, merged: Merged, lang: Lang) -> None:
    """Every row stays in its place with its other columns; new rows follow."""
    frame = updated_frame(target, merged, lang)
    write_frame(frame, target.path, lang=lang, sheet=target.sheet, encoding=target.encoding)


def updated_frame(target: Target, merged: Merged, lang: Lang) -> pd.DataFrame:
    """The table that is to be written."""
    old = target.frame
    changed = {change.key: change for change in merged.updates}
    keys = {place: key for key, place in target.places.items()}
    columns: list[pd.Series[Any]] = []
    labels: list[Any] = []
    for at, label in enumerate(old.columns):
        cells = old.iloc[:, at].reset_index(drop=True)
        labels.append(label)
        if at == target.currency:
            columns.append(_in_cny(cells, merged))
            continue
        item = _item(keys.get(at, ""))
        if item is None or item.key not in merged.latest:
            columns.append(cells)  # new rows are blank there
            continue
        change = changed.get(item.key)
        rows = change.before if change else np.zeros(0, dtype=np.int64)
        source = np.concatenate(
            [change.after if change else rows, merged.latest[item.key][merged.before :]]
        )
        fresh = _from(item, merged, source, lang, target.units.get(item.key, ""))
        columns.append(_placed(cells, rows, fresh))
    for item in INPUT:
        if item.key in target.places or not (merged.latest.get(item.key, np.zeros(0)) >= 0).any():
            continue
        columns.append(_from(item, merged, merged.latest[item.key], lang))
        labels.append(item.title(lang))
    frame = pd.DataFrame(dict(enumerate(columns)))
    frame.columns = pd.Index(labels, dtype=object)
    return frame


def _from(item: Column, merged: Merged, source: Ints, lang: Lang, unit: str = "") -> pd.Series[Any]:
    given: Mask = source >= 0
    values: Array = merged.rows.values[item.key][np.maximum(source, 0)]
    return converted(as_cells(item, values, given, lang), unit)


def _in_cny(cells: pd.Series[Any], merged: Merged) -> pd.Series[Any]:
    """The currencies with that of new rows, and of blank ones whose other cells change."""
    rows = merged.changed
    rows = rows[cells.isna().to_numpy()[rows]]
    return _placed(cells, rows, pd.Series(["CNY"] * (len(rows) + merged.new)))


def _placed(old: pd.Series[Any], at: Ints, fresh: pd.Series[Any]) -> pd.Series[Any]:
    """The old cells with fresh ones at those places, the rest of the fresh ones after them."""
    if not len(fresh):
        return old
    if old.isna().all():
        old = pd.Series([None] * len(old), dtype=object).astype(fresh.dtype)
    if old.dtype != fresh.dtype:
        fresh = _fitted(fresh, old)
    if old.dtype != fresh.dtype:
        old, fresh = _loose(old), _loose(fresh)
    found = pd.concat([old, fresh.iloc[len(at) :]], ignore_index=True)
    found.iloc[at] = fresh.iloc[: len(at)].to_numpy()
    return found


def _fitted(fresh: pd.Series[Any], old: pd.Series[Any]) -> pd.Series[Any]:
    """The cells in the type of the old ones, where they can take it."""
    dtype = old.dtype
    if isinstance(dtype, pd.StringDtype):
        return text_cells(fresh).astype(dtype)
    numeric = pd.api.types.is_numeric_dtype
    if isinstance(dtype, np.dtype) and dtype.kind == "f" and numeric(fresh.dtype):
        return pd.Series(fresh.to_numpy(dtype=np.float64, na_value=np.nan))
    both_days = pd.api.types.is_datetime64_any_dtype
    if isinstance(dtype, np.dtype) and both_days(dtype) and both_days(fresh.dtype):
        return fresh.astype(dtype)
    return fresh


def _loose(cells: pd.Series[Any]) -> pd.Series[Any]:
    plain = cells.astype(object)
    return plain.where(plain.notna(), None)


def _rows(grid: Grid, frame: pd.DataFrame, fx: FxRates) -> Rows:
    """Typed as every table is; a cell that can't be read counts as blank."""
    nothing = np.full(len(frame), TARGET, dtype=np.int64)
    numbers = np.arange(len(frame)) + grid.first_row + 1
    if not len(frame):
        return Rows({}, {}, nothing, numbers)
    table = read_table(grid, "orders", fx=fx)
    keys = [item.key for item in INPUT if item.key in table.header]
    return Rows(
        {key: table.columns[key] for key in keys},
        {key: table.given[key] for key in keys},
        nothing,
        numbers,
    )


def _item(key: str) -> Column | None:
    return next((item for item in INPUT if item.key == key), None)


def _refuse_more_than_a_table(path: Path) -> None:
    """A Problem where the workbook has what writing the table anew would lose."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        sheets = [name for name in names if _SHEET.fullmatch(name)]
        rich = len(sheets) > 1 or any(map(_RICH.match, names))
        locked = any(LOCKED.search(archive.read(name)) for name in names if name == _BOOK)
        if rich or locked or any(_LOST.search(archive.read(name)) for name in sheets):
            raise ImportProblem("target_rich", path=path)
