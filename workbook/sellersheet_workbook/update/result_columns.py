"""The result columns of an order table: under which headers they stand, and what stands there."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sellersheet.cells import read_cells
from sellersheet.columns import OUTPUT, TABLES, Wrong
from sellersheet.functions.blocks import error_text
from sellersheet.intake.headers import places
from sellersheet.intake.vocabulary import header_text, plain
from sellersheet.money import Ints, Mask
from sellersheet.orders import OrderResults
from sellersheet.rules.fees import FEE_PARTS, FeeParts
from sellersheet.rules.freight import MG_PER_GRAM
from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.problems import UPDATE

_FORMATS = {"money": "#,##0.00", "rate": "0.00%", "grams": "General"}
_TEXTS = ("status", "reason")
_PLAIN = frozenset({float, type(None)})  # what most cells are, and no error or text is
# What two numbers may differ by and still be the same amount, weight or share.
_SAME = {"money": 0.005, "grams": 0.0005, "rate": 1e-9}


def result_headers(labels: Iterable[object], lang: Lang) -> dict[str, str]:
    """Result column -> the header it has in the table, or is to get there.

    Columns of an earlier update are found again. A column of the user's own that happens
    to have the name of a result is left alone: the result's header is then marked.
    """
    texts = [text for text in map(header_text, labels) if text]
    marked = {
        item.key: text
        for item in OUTPUT
        for text in texts
        if text in {_marked(item.title(word), word) for word in LANGS}
    }
    found: dict[str, str] = {}
    for text in texts:
        for key in places([text], "results"):
            if key not in marked:
                found.setdefault(key, text)
    if not set(FEE_PARTS) <= {*marked, *found}:
        found = {}
    used = {plain(text) for text in texts}
    new = {
        item.key: _marked(item.title(lang), lang)
        if used & {plain(item.title(word)) for word in LANGS}
        else item.title(lang)
        for item in OUTPUT
    }
    return new | found | marked


def number_formats(headers: Iterable[str]) -> dict[str, str]:
    """The number formats that result columns get when they are added."""
    kinds = _kinds()
    found = {header: _FORMATS.get(kinds.get(header, "text")) for header in headers}
    return {header: code for header, code in found.items() if code}


def _kinds() -> dict[str, str]:
    items = (*TABLES["summary"], *OUTPUT)
    return {item.title(lang): item.kind for item in items for lang in LANGS}


def column_kinds(headers: Iterable[str]) -> list[str]:
    """What columns of a table that an update makes hold: text, count, money or rate."""
    kinds = _kinds()
    found = (kinds.get(header, "text") for header in headers)
    return [kind if kind in ("count", "money", "rate") else "text" for kind in found]


def cells(values: npt.NDArray[Any]) -> list[Any]:
    """A column's values, None for a blank."""
    return [None if value != value or value == "" else value for value in values.tolist()]


def stored_cells(frame: pd.DataFrame, header: str) -> list[Any] | None:
    """What stands under the header, None for a blank or a text of spaces; None where there is no
    such column."""
    texts = [header_text(label) for label in frame.columns]
    if header not in texts:
        return None
    column = frame.iloc[:, texts.index(header)]
    gaps = column.isna().to_numpy()
    found = [None if gap else cell for cell, gap in zip(column.tolist(), gaps, strict=True)]
    return [None if isinstance(cell, str) and not cell.strip() else cell for cell in found]


def differing(
    key: str, stored: list[Any] | None, computed: Sequence[Mapping[str, npt.NDArray[Any]]]
) -> Mask:
    """The rows whose stored cell is not what was computed, in whatever language.

    Where nothing could be computed, an error says the same as a blank.
    """
    new = [columns[key] for columns in computed]
    stored = stored or [None] * len(new[0])
    if not _PLAIN.issuperset(map(type, stored)):
        stored = [None if error_text(cell) else cell for cell in stored]
    if key in _TEXTS:
        texts = np.array(["" if cell is None else str(cell) for cell in stored], dtype=object)
        differ: Mask = np.logical_and.reduce([texts != column for column in new])
        return differ
    kind = next(item.kind for item in OUTPUT if item.key == key)
    if _PLAIN.issuperset(map(type, stored)):
        number = np.array(stored, dtype=np.float64)
        empty = np.isnan(number)
    else:
        number = np.array([cell if isinstance(cell, (int, float)) else np.nan for cell in stored])
        empty = np.array([cell is None for cell in stored])
    same = np.abs(number.astype(np.float64) - new[0]) < _SAME[kind]
    blank = empty & np.isnan(new[0])
    unlike: Mask = ~(same | blank)
    return unlike


def with_stored(
    results: OrderResults, stored: dict[str, list[Any] | None], kept: Mask
) -> OrderResults:
    """The results with the stored values in the kept rows."""
    money = {key: _cents(key, stored[key], kept) for key in (*FEE_PARTS, "profit_cny")}
    _, total_known = _cents("total_fee_cny", stored["total_fee_cny"], kept)
    parts = [
        np.where(kept, money[key][0], part)
        for key, part in zip(FEE_PARTS, results.parts, strict=True)
    ]
    profit, profit_known = money["profit_cny"]
    weight = stored["chargeable_g"] or [None] * len(kept)
    grams = [cell if isinstance(cell, (int, float)) else 0 for cell in weight]
    charged = np.rint(np.array(grams, dtype=np.float64) * MG_PER_GRAM).astype(np.int64)
    return dataclasses.replace(
        results,
        parts=FeeParts(*parts),
        freight_known=np.where(kept, total_known, results.freight_known),
        charge_mg=np.where(kept, charged, results.charge_mg),
        profit=np.where(kept, profit, results.profit),
        profit_known=np.where(kept, profit_known, results.profit_known),
    )


def _cents(key: str, stored: list[Any] | None, kept: Mask) -> tuple[Ints, Mask]:
    item = next(item for item in OUTPUT if item.key == key)
    column = pd.Series([None] * len(kept) if stored is None else stored, dtype=object)
    read = read_cells(dataclasses.replace(item, low=None, high=None), column)
    return read.values, ~read.blank & (read.wrong == Wrong.NONE)


def _marked(title: str, lang: Lang) -> str:
    return UPDATE("marked", lang, title=title)
