"""One order export as typed rows; what can't be taken is named row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from sellersheet.cells import word
from sellersheet.columns import column
from sellersheet.exchange import FxRates
from sellersheet.exchange import currency as currency_of
from sellersheet.headers import header_text
from sellersheet.issues import seen
from sellersheet.money import Mask
from sellersheet.rawcells import Form, split, texts
from sellersheet.tables import Table, read_table
from sellersheet.wording import Lang
from sellersheet_workbook.orders_import.headers import (
    Place,
    below_title,
    skipped_statuses,
    total_words,
    understand,
)
from sellersheet_workbook.orders_import.memory import Memory
from sellersheet_workbook.orders_import.problems import WORDS
from sellersheet_workbook.orders_import.rows import Array, Rows, plain_texts
from sellersheet_workbook.reading import Read, read_frame

_TRADED: Final = ("paid_cny", "refund_cny")  # what a column of currencies speaks of
_EXCEL_DIGITS: Final = 15
_SCIENTIFIC: Final = r"\d(?:\.\d+)?[eE]\+\d+"
_BARE: Final = r"[\d.,\s+-]+"
_KILOGRAMS: Final = r"(?i)\s*(?:kgs?|千克|公斤)$"


@dataclass(frozen=True, slots=True)
class Terms:
    """How exports are read: exchange rates, the shop of files that name none, the headers.

    ``columns`` says which column a header stands for, over all that is known of it.
    """

    fx: FxRates
    columns: Mapping[str, str]
    memory: Memory
    shop: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an export held. ``left`` lists the rows that were refused or passed over.

    ``left`` has row, column, value, message and the row as it stood. ``recalled`` is what
    was remembered of the headers, ``given`` all that was said about them.
    """

    path: Path
    rows: Rows
    read: int
    refused: int
    passed: int
    left: pd.DataFrame
    places: tuple[Place, ...]
    left_out: tuple[str, ...]
    labels: tuple[str, ...]
    recalled: dict[str, str]
    given: dict[str, str]


def take(path: Path, number: int, terms: Terms, lang: Lang) -> Taken:
    """The rows of a file; a file that can't be taken at all is a Problem."""
    read = read_frame(path, fill_merged=True)
    frame, first_row = below_title(read.frame, read.first_row, terms.columns)
    labels = tuple(header_text(label) for label in frame.columns)
    recalled = terms.memory.recall(labels)
    given = recalled | {name: key for name, key in terms.columns.items() if name in labels}
    understood = understand(labels, given)
    places = understood.places
    cells = {key: frame.iloc[:, place.at].rename(place.header) for key, place in places.items()}
    if read.merged:
        _count_once(cells, places, path, read, first_row)
    cut = _cut(cells["order_id"])
    for key, place in places.items():
        if key not in ("currency", "status") and column("orders", key).kind == "text":
            cells[key] = plain_texts(cells[key])
        if place.factor != 1:
            cells[key] = _times(cells[key], place.factor)
    foreign = _priced(cells, places)
    table = _table(cells, places, terms.fx, first_row, read.ragged)
    reasons = _reasons(cells, table, cut, foreign)
    left, refused, passed = _left(cells, places, table, reasons, frame, lang)
    rows = _rows(table, cells, number, first_row, ~(_any(reasons) | table.bad | table.empty))
    if terms.shop:
        rows = _with_shop(rows, terms.shop)
    return Taken(
        path, rows, int((~table.empty).sum()), refused, passed, left,
        tuple(places.values()), understood.left_out, labels, recalled, given,
    )  # fmt: skip


def _any(reasons: list[tuple[str, str, Mask]]) -> Mask:
    """The rows that have a reason not to be taken."""
    found: Mask = np.logical_or.reduce([mask for _, _, mask in reasons])
    return found


def _count_once(
    cells: dict[str, pd.Series[Any]],
    places: Mapping[str, Place],
    path: Path,
    read: Read,
    first: int,
) -> None:
    """An amount in a merged cell stays in its first row; 0 in the others."""
    bare = read_frame(path).frame.iloc[first - read.first_row :].reset_index(drop=True)
    for key, place in places.items():
        if key in ("currency", "status") or column("orders", key).kind != "money":
            continue
        own = bare.iloc[:, place.at].reindex(range(len(cells[key])))
        repeated = own.isna().to_numpy() & cells[key].notna().to_numpy()
        cells[key] = cells[key].astype(object).mask(repeated, 0.0)


def _cut(ids: pd.Series[Any]) -> Mask:
    """Order numbers that a spreadsheet has cut to 15 digits or written as 8.1E+15."""
    raw = split(ids)
    scientific = plain_texts(ids).str.fullmatch(_SCIENTIFIC).fillna(False).to_numpy(dtype=bool)
    at = np.flatnonzero((raw.form == Form.NUMBER) & (np.abs(raw.number) >= 10**_EXCEL_DIGITS))
    for row in at:
        digits = f"{raw.number[row]:.0f}"
        scientific[row] = not digits[_EXCEL_DIGITS:].strip("0") or raw.number[row] >= 2**53
    found: Mask = scientific
    return found


def _times(cells: pd.Series[Any], factor: float) -> pd.Series[Any]:
    """Numbers times the factor; what is no number stays to be refused."""
    plain = plain_texts(cells).str.replace(_KILOGRAMS, "", regex=True)
    number = pd.to_numeric(plain, errors="coerce").astype("float64") * factor
    found = number.round(6).astype(object).where(number.notna(), cells.astype(object))
    return pd.Series(found, name=cells.name)


def _priced(cells: dict[str, pd.Series[Any]], places: Mapping[str, Place]) -> tuple[Mask, Mask]:
    """Amounts written with their currency; where the currency is missing, and where unknown."""
    n = len(cells["paid_cny"])
    codes = np.full(n, "", dtype=object)
    missing = unknown = np.zeros(n, dtype=bool)
    if "currency" in cells:
        words = plain_texts(cells["currency"]).fillna("").to_numpy(dtype=object)
        at, distinct = pd.factorize(words)
        found = np.array([currency_of("".join(text.split())) for text in distinct], dtype=object)
        codes = found[at]
        unknown = (codes == "") & (words != "")
        bare = plain_texts(cells["paid_cny"]).str.fullmatch(_BARE).fillna(False)
        missing = (words == "") & bare.to_numpy(dtype=bool) & (not places["paid_cny"].currency)
    for key, place in places.items():
        if key in ("currency", "status") or column("orders", key).kind != "money":
            continue
        own = place.currency
        if own or (key in _TRADED and "currency" in cells):
            cells[key] = _with_currency(cells[key], np.full(n, own, dtype=object) if own else codes)
    return missing, unknown


def _with_currency(cells: pd.Series[Any], codes: Array) -> pd.Series[Any]:
    amounts = texts(cells, split(cells))
    wanted = (amounts != "") & (codes != "") & (codes != "CNY")
    written = cells.astype(object).to_numpy(copy=True)
    written[wanted] = amounts[wanted] + " " + codes[wanted]
    return pd.Series(written, dtype=object, name=cells.name)


def _table(
    cells: Mapping[str, pd.Series[Any]], places: Mapping[str, Place], fx: FxRates, first_row: int,
    ragged: tuple[int, ...],
) -> Table:  # fmt: skip
    """The known columns typed, each under the header that it has in the file."""
    known = [key for key in places if key not in ("currency", "status")]
    frame = pd.DataFrame(dict(enumerate(cells[key] for key in known)))
    frame.columns = pd.Index([places[key].header for key in known], dtype=object)
    rename = {places[key].header: key for key in known}
    below = [row for row in ragged if row >= first_row]
    return read_table(frame, fx=fx, rename=rename, first_row=first_row, ragged=below)


def _reasons(
    cells: Mapping[str, pd.Series[Any]], table: Table, cut: Mask, money: tuple[Mask, Mask]
) -> list[tuple[str, str, Mask]]:
    """Code, column and rows of every reason beyond the cells themselves; the first counts."""
    ids = table.columns["order_id"]
    found = [("total_row", "order_id", _among(ids, total_words()))]
    if "status" in cells:
        states = plain_texts(cells["status"]).fillna("").to_numpy(dtype=object)
        found.append(("not_paid", "status", _among(states, skipped_statuses())))
    found.append(("no_order", "order_id", (ids == "") & ~table.bad))
    found.append(("cut_order", "order_id", cut))
    found.append(("no_currency", "currency", money[0]))
    found.append(("unknown_currency", "currency", money[1]))
    return [(code, key, mask & ~table.empty) for code, key, mask in found]


def _among(cells: Array, words: frozenset[str]) -> Mask:
    codes, distinct = pd.factorize(cells)
    found: Mask = np.array([word(text) in words for text in distinct], dtype=bool)[codes]
    return found


def _left(
    cells: Mapping[str, pd.Series[Any]], places: Mapping[str, Place], table: Table,
    reasons: list[tuple[str, str, Mask]], frame: pd.DataFrame, lang: Lang,
) -> tuple[pd.DataFrame, int, int]:  # fmt: skip
    """The rows not taken with the reason and as they stood; how many refused and passed over."""
    first = table.issues.first_row
    told = np.zeros(table.n, dtype=bool)
    lines: list[tuple[int, str, str, str]] = []
    passed = 0
    for code, key, mask in reasons:
        at = np.flatnonzero(mask & ~told)
        told[at] = True
        passed += len(at) if code in ("total_row", "not_paid") else 0
        for row in at.tolist():
            header, value = places[key].header, seen(cells[key].iloc[row])
            said = WORDS(code, lang, row=row + first, header=header, value=value)
            lines.append((row + first, header, value, said))
    names = ["row", "column", "value", "message"]
    wrong = table.issues.frame(lang)
    wrong = wrong[~told[wrong["row"].to_numpy(dtype=np.int64) - first]]
    left = pd.concat([pd.DataFrame(lines, columns=names).astype(object), wrong.astype(object)])
    left = left.astype({"row": np.int64}).sort_values("row", kind="stable")
    left = left.reset_index(drop=True)
    stood = frame.iloc[left["row"].to_numpy(dtype=np.int64) - first].reset_index(drop=True)
    stood.columns = pd.Index(_distinct([header_text(label) for label in frame.columns]))
    return pd.concat([left, stood.astype(object)], axis=1), len(left) - passed, passed


def _distinct(labels: list[str]) -> list[str]:
    count: dict[str, int] = {}
    found = []
    for label in labels:
        count[label] = count.get(label, 0) + 1
        found.append(label if count[label] == 1 else f"{label} ({count[label]})")
    return found


def _rows(
    table: Table, cells: Mapping[str, pd.Series[Any]], number: int, first_row: int, use: Mask
) -> Rows:
    keys = [key for key in cells if key in table.columns]
    given = {
        key: ~table.blank[key] if key in table.blank else split(cells[key]).form != Form.BLANK
        for key in keys
    }
    given["paid_cny"] = np.ones(table.n, dtype=bool)
    return Rows(
        {key: table.columns[key][use] for key in keys},
        {key: given[key][use] for key in keys},
        np.full(int(use.sum()), number, dtype=np.int64),
        np.flatnonzero(use) + first_row,
    )


def _with_shop(rows: Rows, shop: str) -> Rows:
    named = rows.values.get("shop", np.full(rows.n, "", dtype=object))
    values = {"shop": np.where(named == "", shop, named), **_without_shop(rows.values)}
    given = {"shop": np.ones(rows.n, dtype=bool), **_without_shop(rows.given)}
    return replace(rows, values=values, given=given)


def _without_shop(columns: Mapping[str, Array]) -> dict[str, Array]:
    return {key: values for key, values in columns.items() if key != "shop"}
