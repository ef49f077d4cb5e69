"""A bill as it comes: which of its columns are meant, and one table of amounts from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from sellersheet import columns
from sellersheet.cells import word
from sellersheet.exchange import FxRates, currency
from sellersheet.headers import find_header, header_text, match, promote_header
from sellersheet.tables import Table, read_table
from sellersheet.wording import Problem, Wording
from sellersheet_workbook.reading import Read

PARTS: Final = ("service", "operation", "rush", "repack", "freight", "refund", "subsidy")
AMOUNTS: Final = (*PARTS, "fee", "amount")
IGNORE: Final = "ignore"
CHARGES: Final = columns.column("bill", "part").choices
_TOTALS: Final = frozenset(
    {"合计", "总计", "小计", "共计", "total", "subtotal", "grandtotal", "sum"}
)
_NO_TYPE: Final = "—"
_LISTED: Final = 12


class BillProblem(Problem):
    """A bill that can't be compared at all."""

    wording = Wording("sellersheet_workbook.reconcile", "problems.toml")


def read_bill_table(
    read: Read, fx: FxRates, rename: Mapping[str, str], charges: Mapping[str, str]
) -> tuple[Table, int]:
    """The typed table ``bill`` and how many rows of totals were left out.

    ``rename`` says which column a header stands for (``ignore``: none), ``charges`` which
    part a word of the charge type stands for. Lines above the header are passed over.
    """
    frame, first_row = read.frame, read.first_row
    at = find_header(frame, "bill")
    if at is not None:
        frame, first_row = promote_header(frame, at), first_row + at + 1
    frame, rename = _renamed(frame, rename)
    places = match(frame.columns, "bill", rename)
    _require(frame, places)
    frame = frame.copy()
    totals = _totals(frame.iloc[:, places["order_id"]])
    if totals.any():
        frame.loc[totals] = None
    if "currency" in places:
        for key in AMOUNTS:
            if key in places:
                _add_currency(frame, places[key], frame.iloc[:, places["currency"]])
    if "part" in places:
        filled = frame.iloc[:, places["order_id"]].notna()
        _put(frame, places["part"], _named(frame.iloc[:, places["part"]], filled, charges))
    table = read_table(
        frame, "bill", fx=fx, rename=rename, first_row=first_row, ragged=_ragged(read, first_row)
    )
    return table, int(totals.sum())


def _ragged(read: Read, first_row: int) -> tuple[int, ...]:
    return tuple(row for row in read.ragged if row >= first_row)


def _renamed(frame: pd.DataFrame, rename: Mapping[str, str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """The frame without ignored columns, and the rest of ``rename``."""
    texts = [header_text(label) for label in frame.columns]
    known = [item.key for item in columns.TABLES["bill"]]
    keys = ", ".join((*known, IGNORE))
    wanted: dict[str, str] = {}
    for header, key in rename.items():
        if header not in texts:
            raise BillProblem("no_header", header=header, headers=_listed(texts))
        if key not in (*known, IGNORE):
            raise BillProblem("no_key", header=header, key=key, keys=keys)
        wanted[header] = key
    # A header that is named takes the place of the one that was understood.
    taken = {key for key in wanted.values() if key != IGNORE}
    found = match([text if text not in wanted else "" for text in _unique(texts)], "bill")
    dropped = {position for key, position in found.items() if key in taken}
    dropped |= {at for at, text in enumerate(texts) if wanted.get(text) == IGNORE}
    kept = [at for at in range(frame.shape[1]) if at not in dropped]
    return frame.iloc[:, kept], {text: key for text, key in wanted.items() if key != IGNORE}


def _unique(texts: list[str]) -> list[str]:
    return [text if text not in texts[:at] else "" for at, text in enumerate(texts)]


def _require(frame: pd.DataFrame, places: Mapping[str, int]) -> None:
    texts = [header_text(label) for label in frame.columns]
    if "order_id" not in places:
        item = columns.column("bill", "order_id")
        looked = ", ".join((item.zh, item.en, *item.also))
        raise BillProblem("no_order", looked=looked, headers=_listed(texts))
    if "part" in places and not {"amount", "fee"} & set(places):
        header = texts[places["part"]]
        raise BillProblem("no_type", header=header, headers=_listed(texts))
    if not set(AMOUNTS) & set(places):
        titles = {key: columns.column("bill", key) for key in (*AMOUNTS, "part")}
        raise BillProblem(
            "no_amounts",
            parts=", ".join(f"{titles[key].zh} {titles[key].en}" for key in PARTS),
            sums=f"{titles['fee'].zh} {titles['fee'].en}",
            part=f"{titles['part'].zh} {titles['part'].en}",
            amount=f"{titles['amount'].zh} {titles['amount'].en}",
            headers=_listed(texts),
            keys=", ".join((*AMOUNTS, "part")),
        )


def _listed(texts: list[str]) -> str:
    filled = [text for text in texts if text]
    return " | ".join(filled[:_LISTED]) + (" | …" if len(filled) > _LISTED else "")


def _totals(order_ids: pd.Series[Any]) -> pd.Series[bool]:
    """Rows that add others up: 合计 stands where an order number should."""
    texts = order_ids.astype(str)
    words = texts[~texts.str.contains(r"\d", regex=True)].unique()
    return texts.isin({text for text in words if word(text.rstrip(":：")) in _TOTALS})


def _add_currency(frame: pd.DataFrame, at: int, currencies: pd.Series[Any]) -> None:
    """The amounts in other currencies with their currency before them, to be read as text."""
    words = currencies.astype(object).where(currencies.notna(), "")
    codes = {text: currency(str(text)) or str(text).strip() for text in words.unique()}
    foreign = words.map(codes).where(words != "", "CNY")
    cells = frame.iloc[:, at].astype(object)
    rows = ((foreign != "CNY") & cells.notna()).to_numpy()
    if rows.any():
        cells[rows] = foreign[rows] + " " + cells[rows].astype(str)
        _put(frame, at, cells)


def _named(
    cells: pd.Series[Any], filled: pd.Series[bool], charges: Mapping[str, str]
) -> pd.Series[Any]:
    """The words of the charge type, each as what it was said to stand for. A charge without
    a type is refused as a word that is not known."""
    known = {item.key for item in CHARGES}
    for text, key in charges.items():
        if key not in known:
            raise BillProblem("no_charge", word=text, key=key, keys=", ".join(sorted(known)))
    meant = {word(text): key for text, key in charges.items()}
    texts = cells.astype(object)
    distinct = {text: meant.get(word(str(text)), text) for text in texts.dropna().unique()}
    return texts.map(distinct).where(texts.notna() | ~filled, _NO_TYPE)


def _put(frame: pd.DataFrame, at: int, cells: pd.Series[Any]) -> None:
    frame.isetitem(at, np.asarray(cells, dtype=object))
