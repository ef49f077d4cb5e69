"""One order export as typed rows; what can't be taken is named row by row.

What headers stand for is remembered for every set of headers, in a file of the user's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from sellersheet.columns import INPUT
from sellersheet.exchange import FxRates
from sellersheet.intake.doubts import WORDS as DOUBTS
from sellersheet.intake.doubts import Asked, Remark, of_rows, weight_of
from sellersheet.intake.headers import Fate
from sellersheet.intake.order_lines import keys_of_orders
from sellersheet.intake.vocabulary import header_text, keys_of
from sellersheet.issues import seen
from sellersheet.money import Mask
from sellersheet.orders.flow import CLOSED, refund_unknown
from sellersheet.tables import Table, read_table
from sellersheet.wording import Lang
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.keeping import make_private, user_folder
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.orders_import.merging import Array, Rows
from sellersheet_workbook.problems import ORDERS_IMPORT

NEEDED = ("order_id", "paid_cny")
KEYS = tuple(sorted(keys_of("orders")))
_NAME: Final = "order-headers.json"


@dataclass(frozen=True, slots=True)
class ImportTerms:
    """How exports are read: exchange rates, the shop of files that name none, and what the
    user says of their tables."""

    fx: FxRates
    asked: Asked
    memory: Memory
    shop: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an export held. ``left`` lists the rows that were refused or passed over.

    ``left`` has row, column, value, message and the row as it stood. ``fates`` tells what each
    header was taken for; ``given`` is all that was said about them, ``recalled`` what of it
    was remembered; ``per_order`` are the columns said to hold the whole order's figures.
    """

    path: Path
    rows: Rows
    read: int
    refused: int
    passed: int
    left: pd.DataFrame
    fates: tuple[Fate, ...]
    remarks: tuple[Remark, ...]
    labels: tuple[str, ...]
    recalled: dict[str, str]
    given: dict[str, str]
    per_order: frozenset[str]


def take(path: Path, number: int, terms: ImportTerms, lang: Lang) -> Taken:
    """The rows of a file; a file that can't be taken at all is a Problem."""
    grid = read_grid(path)
    texts = {header_text(cell) for row in grid.top for cell in row}
    recalled = next((said for row in grid.top if (said := terms.memory.recall(row))), {})
    said = {name: key for name, key in terms.asked.columns.items() if header_text(name) in texts}
    whole = tuple(
        name for name in terms.asked.per_order if name in KEYS or header_text(name) in texts
    )
    asked = replace(terms.asked, columns=said, remembered=recalled, needed=NEEDED, per_order=whole)
    table = read_table(grid, "orders", fx=terms.fx, asked=asked)
    labels = tuple(header_text(label) for label in table.raw.columns)
    nameless = (table.columns["order_id"] == "") & table.used
    # Its state is no column of the target: a profit without the refund would be no profit there.
    unknown = refund_unknown(table) & ~nameless
    use = table.used & ~nameless & ~unknown
    left = _left(table, nameless, unknown, lang)
    rows = _rows(table, number, use)
    if terms.shop:
        rows = _with_shop(rows, terms.shop)
    passed = int(table.left.sum())
    return Taken(
        path, rows, int((~table.empty).sum()), len(left) - passed, passed, left,
        table.fates, (*table.remarks, *_doubts(table, use)), labels, recalled, {**recalled, **said},
        keys_of_orders(asked, table.header),
    )  # fmt: skip


def _doubts(table: Table, use: Mask) -> list[Remark]:
    """What is doubtful of rows that are taken: a weight of kilograms or grams is left out."""
    found = []
    for code, rows in table.doubts.items():
        count = int(np.count_nonzero(rows & use))
        if count and weight_of(code) == "warning":
            found.append(of_rows(code, count))
    return found


def _left(table: Table, nameless: Mask, unknown: Mask, lang: Lang) -> pd.DataFrame:
    """The rows not taken with the reason and as they stood."""
    lines: list[tuple[int, str, str, str]] = []
    places = {fate.key: fate.at for fate in table.fates}
    for code, mask in table.doubts.items():
        if weight_of(code) == "left":
            rows = np.flatnonzero(mask & table.left)
        elif code in CLOSED:
            rows = np.flatnonzero(mask & unknown)
        else:
            continue
        at = places["order_id"]
        if code != "total_row":
            at = places.get("status", at)
        for row in rows.tolist():
            header, value = table.raw.columns[at], seen(table.raw.iat[row, at])
            said = ORDERS_IMPORT("closed", lang) if code in CLOSED else DOUBTS(code, lang)
            number = int(table.issues.sheet_rows(np.array([row]))[0])
            lines.append((number, header, value, said))
    for row in np.flatnonzero(nameless).tolist():
        number = int(table.issues.sheet_rows(np.array([row]))[0])
        header = table.header["order_id"]
        lines.append(
            (number, header, "", ORDERS_IMPORT("no_order", lang, row=number, header=header))
        )
    names = ["row", "column", "value", "message"]
    left = pd.concat(
        [
            pd.DataFrame(lines, columns=names).astype(object),
            table.issues.frame(lang).astype(object),
        ]
    )
    left = left.astype({"row": np.int64}).drop_duplicates("row").sort_values("row", kind="stable")
    left = left.reset_index(drop=True)
    stood_at = table.issues.places(left["row"].to_numpy(dtype=np.int64))
    stood = table.raw.iloc[stood_at].reset_index(drop=True)
    stood.columns = pd.Index(_distinct([header_text(label) for label in table.raw.columns]))
    return pd.concat([left, stood.astype(object)], axis=1)


def _distinct(labels: list[str]) -> list[str]:
    count: dict[str, int] = {}
    found = []
    for label in labels:
        count[label] = count.get(label, 0) + 1
        found.append(label if count[label] == 1 else f"{label} ({count[label]})")
    return found


def _rows(table: Table, number: int, use: Mask) -> Rows:
    keys = [item.key for item in INPUT if item.key in table.header]
    given = {key: ~table.blank[key] if key in table.blank else table.given[key] for key in keys}
    given["paid_cny"] = np.ones(table.n, dtype=bool)
    return Rows(
        {key: table.columns[key][use] for key in keys},
        {key: given[key][use] for key in keys},
        np.full(int(use.sum()), number, dtype=np.int64),
        table.issues.sheet_rows(np.flatnonzero(use)),
    )


def _with_shop(rows: Rows, shop: str) -> Rows:
    named = rows.values.get("shop", np.full(rows.n, "", dtype=object))
    values = {"shop": np.where(named == "", shop, named), **_without_shop(rows.values)}
    given = {"shop": np.ones(rows.n, dtype=bool), **_without_shop(rows.given)}
    return replace(rows, values=values, given=given)


def _without_shop(columns: Mapping[str, Array]) -> dict[str, Array]:
    return {key: values for key, values in columns.items() if key != "shop"}


def memory_path() -> Path:
    """In the user's folder."""
    return user_folder() / _NAME


class Memory:
    """Header -> column key by set of headers; ``path`` None remembers nothing.

    A file that can't be understood counts as empty.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._known = _read(path) if path else {}
        self._changed = False

    def recall(self, labels: Iterable[object]) -> dict[str, str]:
        """What was said about the headers of this set."""
        return dict(self._known.get(_set(labels), {}))

    def remember(self, labels: Iterable[object], given: Mapping[str, str]) -> None:
        """Keep what is said about this set of headers, until ``save``."""
        name = _set(labels)
        if self.path and given and self._known.get(name) != dict(given):
            self._known[name] = dict(given)
            self._changed = True

    def save(self) -> bool:
        """Write the file where something changed; an OSError or a FileProblem where it can't."""
        if not self.path or not self._changed:
            return False
        make_private(self.path.parent)
        with replacing(self.path) as file:
            file.write(json.dumps(self._known).encode())
        return True


def _set(labels: Iterable[object]) -> str:
    return " | ".join(sorted({text for text in map(header_text, labels) if text}))


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(data, dict):
        return {}
    return {
        str(name): {str(header): key for header, key in said.items() if key in keys_of("orders")}
        for name, said in data.items()
        if isinstance(said, dict)
    }
