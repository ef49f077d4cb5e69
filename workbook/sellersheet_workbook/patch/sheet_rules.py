"""What may not be written over: formulas, merged and protected cells, pivot tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sellersheet_workbook.patch.areas import Area, cell_ref
from sellersheet_workbook.patch.package import MAIN, Package
from sellersheet_workbook.patch.placing import Spots
from sellersheet_workbook.patch.sheet import SheetPart
from sellersheet_workbook.patch.sheet_index import KEY
from sellersheet_workbook.patch.start_tags import Ints, attributes
from sellersheet_workbook.patch.styles import Styles

_GROUPED: Final = ("array", "dataTable", "shared")


@dataclass(frozen=True, slots=True)
class _Formula:
    cell: int  # in the index
    kind: str
    ref: str | None
    group: str


def check(
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
    taken = np.concatenate([spots.at[spots.there] for spots in targets])
    taken = taken[sheet.index.cells.formula[taken]]
    if len(taken) and not formulas:
        ref = _ref(sheet, int(taken.min()))
        raise sheet.problem("formula", cell=ref, count=f"{len(taken):,}")
    _check_groups(sheet, targets, taken)
    return bool(len(taken))


def _check_unlocked(sheet: SheetPart, styles: Styles, targets: Iterable[Spots]) -> None:
    for spots in targets:
        for style in np.unique(spots.style[spots.there]).tolist():
            if not styles.unlocked(style):
                at = np.flatnonzero(spots.there & (spots.style == style))[0]
                cell = cell_ref(int(spots.rows[at]), spots.column)
                raise sheet.problem("protected", cell=cell)
        if not spots.there.all():
            cell = cell_ref(int(spots.rows[~spots.there][0]), spots.column)
            raise sheet.problem("protected", cell=cell)


def _check_groups(sheet: SheetPart, targets: Sequence[Spots], taken: Ints) -> None:
    taken_cells = set(taken.tolist())
    shared: defaultdict[str, list[_Formula]] = defaultdict(list)
    for formula in _grouped_formulas(sheet):
        if formula.kind == "shared":
            shared[formula.group].append(formula)
            continue
        area = sheet.area(formula.ref or _ref(sheet, formula.cell))
        inside = sum(len(_rows_in(spots, area)) for spots in targets)
        size = (area.bottom - area.top + 1) * (area.right - area.left + 1)
        if inside and (formula.kind == "dataTable" or inside < size):
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


def _rows_in(spots: Spots, area: Area) -> Ints:
    if not area.left <= spots.column <= area.right:
        return spots.rows[:0]
    low, high = np.searchsorted(spots.rows, [area.top, area.bottom + 1])
    return spots.rows[low:high]


def _first_in(targets: Iterable[Spots], area: Area) -> str:
    """The first target in the area; "" for none."""
    for spots in targets:
        rows = _rows_in(spots, area)
        if len(rows):
            return cell_ref(int(rows[0]), spots.column)
    return ""


def _ref(sheet: SheetPart, cell: int) -> str:
    key = int(sheet.index.cells.key[cell])
    return cell_ref(key // KEY, key % KEY)
