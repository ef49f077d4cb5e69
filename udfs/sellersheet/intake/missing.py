"""What is said where a table lacks a column: what was found, and what is likely meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sellersheet import columns
from sellersheet.columns import Column
from sellersheet.intake import vocabulary
from sellersheet.intake.headers import CellsOf, TableProblem, listed
from sellersheet.intake.vocabulary import parsed
from sellersheet.wording import LANGS


def require(
    texts: Sequence[str],
    table: str,
    present: Iterable[str],
    cells: CellsOf | None,
    others: Sequence[str],
    needed: Sequence[str] = (),
) -> None:
    """TableProblem where a required column is missing: all of them, the headers, what is
    likely meant by its cells, and the other sheets."""
    present = set(present)
    wanted = [item for item in columns.TABLES[table] if item.required or item.key in needed]
    missing = [item for item in wanted if item.key not in present]
    if present and not missing:
        return
    missing = missing or list(columns.TABLES[table][:4])
    fields: dict[str, Any] = _titles(missing)
    fields["headers"] = listed(texts) or "—"
    fields["key"] = missing[0].key
    more = {f"sheets_{lang}": "" for lang in LANGS}
    if others:
        more = {
            f"sheets_{lang}": TableProblem.wording("other_sheets", lang, sheets=list(others))
            for lang in LANGS
        }
    near = _nearest(missing, texts, table, cells)
    if near is None:
        raise TableProblem("missing", **fields, **more)
    item, header = near
    fields |= {"near": header, "key": item.key, "near_zh": item.zh, "near_en": item.en}
    raise TableProblem("missing_near", **fields, **more)


def kind_fits(item: Column, cells: Sequence[Any]) -> bool:
    """Whether most of the cells look as the column's cells look."""
    filled = [cell for cell in cells if cell is not None and str(cell).strip()]
    if not filled:
        return False
    fits = _FITS.get(item.kind)
    if fits is None:
        return not all(isinstance(cell, float | int) for cell in filled) or item.key == "order_id"
    good = sum(bool(fits.fullmatch(str(cell).strip())) or _is_number(cell, item) for cell in filled)
    return good * 2 > len(filled)


_NUMBER: Final = re.compile(r"[^\d\-+.]{0,6}\s*[-+]?\d[\d,]*(\.\d+)?\s*[^\d.]{0,4}", re.ASCII)
_FITS: Final = {
    "money": _NUMBER,
    "rate": _NUMBER,
    "number": _NUMBER,
    "grams": _NUMBER,
    "cm": _NUMBER,
    "count": re.compile(r"\d{1,6}(\.0)?"),
    "date": re.compile(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}.*"),
    "country": re.compile(r"[A-Za-z]{2,3}|[A-Za-z .,'()]{4,}|[\u3400-\u9fff]{2,8}"),
}


def _is_number(cell: Any, item: Column) -> bool:
    return isinstance(cell, float | int) and item.kind != "country"


def _nearest(
    missing: Sequence[Column], texts: Sequence[str], table: str, cells: CellsOf | None
) -> tuple[Column, str] | None:
    """A missing column and the header that it likely is: near by name, and its cells fit."""
    spare = {
        vocabulary.plain(text): at
        for at, text in enumerate(texts)
        if text and getattr(vocabulary.meaning(parsed(text), table), "key", "") == ""
    }
    for item in missing:
        for name in vocabulary.names_of(table, item.key):
            for near in difflib.get_close_matches(vocabulary.plain(name), spare, n=3, cutoff=0.5):
                at = spare[near]
                if cells is not None and kind_fits(item, cells(at)):
                    return item, texts[at]
    return None


def _titles(items: Sequence[Column]) -> dict[str, str]:
    return {
        "title_zh": "、".join(item.zh for item in items),
        "title_en": ", ".join(item.en for item in items),
    }
