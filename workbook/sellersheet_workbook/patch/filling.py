"""Values put into the cells of a sheet, with what follows from that for the workbook.

Formulas, merged and protected cells and pivot tables may not be written over.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from sellersheet_workbook.files.cell_texts import is_day
from sellersheet_workbook.patch.areas import Area, cell_ref
from sellersheet_workbook.patch.package import MAIN, Package
from sellersheet_workbook.patch.placing import Fill, Spots, placed, spots
from sellersheet_workbook.patch.sheet import SheetPart
from sellersheet_workbook.patch.sheet_index import KEY, SheetIndex
from sellersheet_workbook.patch.start_tags import MISSING, Ints, attributes
from sellersheet_workbook.patch.workbook_part import GENERAL, Styles, WorkbookPart

_FORMULA_ENDS: Final = (b"</f>", b":f>")
_DAYS_TO_1904: Final = dt.timedelta(days=1462)
_GROUPED: Final = ("array", "dataTable", "shared")


@dataclass(frozen=True, slots=True)
class CellValues:
    """New values for the rows ``rows`` of a column.

    Where the column has no cells there, they look like the cell ``like`` (row, column),
    in ``number_format`` if the workbook has it, or else in the general one.
    """

    column: int
    rows: Ints
    values: pd.Series[Any]
    like: tuple[int, int] | None = None
    number_format: str | None = None


class Filling:
    """Writes cells into the parts of a package."""

    def __init__(self, package: Package, workbook: WorkbookPart) -> None:
        self._package = package
        self._workbook = workbook
        self._no_formulas = False  # none are ever written

    def fill(self, sheet: SheetPart, targets: Sequence[CellValues], *, formulas: bool) -> None:
        """Writes the values, or raises an EditProblem and changes nothing."""
        targets = [target for target in targets if len(target.rows)]
        if not targets:
            return
        places = [spots(sheet.index, target.column, target.rows) for target in targets]
        replaced = _check(self._package, sheet, self._styles, places, formulas=formulas)
        fills = [
            self._fill(sheet, target, place) for target, place in zip(targets, places, strict=True)
        ]
        before = sheet.data
        made = placed(sheet.index, fills)
        del places, fills, sheet.index  # of a large sheet as large as its text
        self._package.replace(sheet.part, made)
        if self._package.read(sheet.part) == before:
            return
        if replaced:
            self._drop_calculation_order()
        if self._has_formulas():
            part = self._package.book_part
            self._package.replace(part, self._workbook.recalculated_on_load())

    @cached_property
    def _styles(self) -> Styles:
        for link in self._package.links(self._package.book_part).values():
            if link.kind == "styles" and self._package.has(link.target):
                return Styles(self._package.tree(link.target))
        return Styles(None)

    def _fill(self, sheet: SheetPart, target: CellValues, place: Spots) -> Fill:
        values = target.values
        if not place.there.any():
            style = self._new_style(sheet, target, day=_all_days(values))
            place = replace(place, style=np.full(len(place.rows), style, dtype=np.int32))
        shown = all(self._styles.shows_day(style) for style in np.unique(place.style).tolist())
        if shown and self._workbook.from_1904:
            values = values.map(lambda day: day - _DAYS_TO_1904 if is_day(day) else day)
        return Fill(place, values, serial_days=shown)

    def _new_style(self, sheet: SheetPart, target: CellValues, *, day: bool) -> int:
        style = _style_at(sheet.index, *target.like) if target.like else MISSING
        if style == MISSING:
            style = sheet.column_style(target.column)
        if day:
            known = self._styles.shows_day(style)
            return style if known else self._styles.beside(style, GENERAL, day=True)
        if target.number_format is None:
            return style
        found = self._styles.beside(style, target.number_format, day=False)
        return found if found != MISSING else self._styles.beside(style, GENERAL, day=False)

    def _drop_calculation_order(self) -> None:
        """Drops calcChain.xml: Excel builds it anew from the formulas that are left."""
        for link in self._package.links(self._package.book_part).values():
            if link.kind == "calcChain":
                self._package.drop(link.target)

    def _has_formulas(self) -> bool:
        if self._no_formulas:
            return False
        links = self._package.links(self._package.book_part).values()
        if any(link.kind == "calcChain" for link in links):
            return True
        texts = (self._package.read(sheet.part) for sheet in self._workbook.sheets)
        self._no_formulas = not any(end in text for text in texts for end in _FORMULA_ENDS)
        return not self._no_formulas


def _style_at(index: SheetIndex, row: int, column: int) -> int:
    key = row * KEY + column
    at = int(np.searchsorted(index.cells.key, key))
    if at < len(index.cells.key) and index.cells.key[at] == key:
        return int(index.cells.style[at])
    return MISSING


def _all_days(values: pd.Series[Any]) -> bool:
    """Whether there is nothing but days."""
    if pd.api.types.is_object_dtype(values.dtype):
        filled = values[values.notna()]
        return len(filled) > 0 and all(map(is_day, filled))
    return pd.api.types.is_datetime64_any_dtype(values.dtype)


@dataclass(frozen=True, slots=True)
class _Formula:
    cell: int  # in the index
    kind: str
    ref: str | None
    group: str


def _check(
    package: Package, sheet: SheetPart, styles: Styles, targets: Sequence[Spots], *, formulas: bool
) -> bool:
    """Whether formulas are among the cells to be written; an EditProblem where none may be.

    With ``formulas`` they may be, as far as they do not reach beyond the targets.
    """
    for area in sheet.merged:
        if ref := _first_in(targets, area):
            raise sheet.problem("merged", cell=ref, area=area.ref)
    for part in sheet.parts("pivotTable"):
        location = package.tree(part).find(f"{{{MAIN}}}location")
        area = sheet.area("" if location is None else location.get("ref", ""))
        if ref := _first_in(targets, area):
            raise sheet.problem("pivot", cell=ref, area=area.ref)
    if sheet.protected:
        _check_unlocked(sheet, styles, targets)
    taken = np.concatenate([place.at[place.there] for place in targets])
    taken = taken[sheet.index.cells.formula[taken]]
    if len(taken) and not formulas:
        ref = _ref(sheet, int(taken.min()))
        raise sheet.problem("formula", cell=ref, count=f"{len(taken):,}")
    _check_groups(sheet, targets, taken)
    return bool(len(taken))


def _check_unlocked(sheet: SheetPart, styles: Styles, targets: Iterable[Spots]) -> None:
    for place in targets:
        for style in np.unique(place.style[place.there]).tolist():
            if not styles.unlocked(style):
                at = np.flatnonzero(place.there & (place.style == style))[0]
                cell = cell_ref(int(place.rows[at]), place.column)
                raise sheet.problem("protected", cell=cell)
        if not place.there.all():
            cell = cell_ref(int(place.rows[~place.there][0]), place.column)
            raise sheet.problem("protected", cell=cell)


def _check_groups(sheet: SheetPart, targets: Sequence[Spots], taken: Ints) -> None:
    taken_cells = set(taken.tolist())
    shared: defaultdict[str, list[_Formula]] = defaultdict(list)
    for formula in _grouped_formulas(sheet):
        if formula.kind == "shared":
            shared[formula.group].append(formula)
            continue
        area = sheet.area(formula.ref or _ref(sheet, formula.cell))
        inside = sum(len(_rows_in(place, area)) for place in targets)
        if inside and (formula.kind == "dataTable" or inside < math.prod(area.size)):
            cell = _first_in(targets, area)
            raise sheet.problem("array_formula", cell=cell, area=area.ref)
    for group in shared.values():
        left = [formula for formula in group if formula.cell not in taken_cells]
        masters = [formula for formula in group if formula.ref is not None]
        if left and any(formula.cell in taken_cells for formula in masters):
            cell, other = _ref(sheet, masters[0].cell), _ref(sheet, left[0].cell)
            raise sheet.problem("shared_formula", cell=cell, other=other)


def array_areas(sheet: SheetPart) -> Iterator[Area]:
    """The areas that array formulas and data tables fill."""
    for formula in _grouped_formulas(sheet):
        if formula.kind != "shared":
            yield sheet.area(formula.ref or _ref(sheet, formula.cell))


def _grouped_formulas(sheet: SheetPart) -> Iterator[_Formula]:
    """Every formula that stands for more than its own cell."""
    index = sheet.index
    if not index.cells.formula.any():
        return
    tags = re.compile(rb"<%bf\s[^<>]*>" % index.prefix)
    for found in tags.finditer(index.data, index.start, index.end):
        try:
            said = attributes(found[0])
        except ValueError as error:
            raise sheet.problem("sheet_form") from error
        kind = said.get("t", "normal")
        if kind in _GROUPED:
            cell = int(np.searchsorted(index.cells.start, found.start())) - 1
            yield _Formula(cell, kind, said.get("ref"), said.get("si", ""))


def _rows_in(place: Spots, area: Area) -> Ints:
    if not area.left <= place.column <= area.right:
        return place.rows[:0]
    low, high = np.searchsorted(place.rows, [area.top, area.bottom + 1])
    return place.rows[low:high]


def _first_in(targets: Iterable[Spots], area: Area) -> str:
    """The first target in the area; "" for none."""
    for place in targets:
        rows = _rows_in(place, area)
        if len(rows):
            return cell_ref(int(rows[0]), place.column)
    return ""


def _ref(sheet: SheetPart, cell: int) -> str:
    key = int(sheet.index.cells.key[cell])
    return cell_ref(key // KEY, key % KEY)
