"""The month-end update: tables in, results, summaries and a log line out, through a port.

Nothing here knows a file or a program; what is written is planned first and whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

import sellersheet
from sellersheet.columns import OUTPUT, TABLES
from sellersheet.intake.grid import grid_of_frame
from sellersheet.money import Mask
from sellersheet.orders import OrderResults, Status
from sellersheet.summary import By, country_shown, summarise, total
from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.problems import UPDATE, UpdateProblem
from sellersheet_workbook.update.given import (
    Columns,
    Port,
    closed_months,
    filled_table,
    first_row,
    terms_of,
)
from sellersheet_workbook.update.result_columns import (
    cells,
    differing,
    result_headers,
    stored_cells,
    with_stored,
)

if TYPE_CHECKING:
    from sellersheet_workbook.batch.one import Terms

SUMMARIES: Final[tuple[By, ...]] = ("month", "country", "category", "sku")
_STEPS: Final = ("read", "compute", "write")
_LOG: Final = (
    "time",
    "version",
    "policy",
    "given",
    "rows",
    "refused",
    "kept",
    "paid_cny",
    "total_fee_cny",
    "profit_cny",
)


@dataclass(frozen=True)
class Listing:
    """Cells by result column: the header, what is stored, what is new, and which rows count.

    ``first_row`` is the number of the first row as the user sees it.
    """

    headers: dict[str, str]
    stored: dict[str, list[Any] | None]
    new: dict[str, list[Any]]
    masks: dict[str, Mask]
    first_row: int

    @property
    def count(self) -> int:
        """How many cells."""
        return sum(int(np.count_nonzero(mask)) for mask in self.masks.values())

    def frame(self) -> pd.DataFrame:
        """row, column, stored, new, row by row."""
        found = []
        for number, item in enumerate(OUTPUT):
            at = np.flatnonzero(self.masks[item.key])
            sides = (
                np.full(len(at), None) if side is None else np.array(side, dtype=object)[at]
                for side in (self.stored[item.key], self.new[item.key])
            )
            found.append((at, np.full(len(at), number, dtype=np.int8), *sides))
        rows, which, old, now = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.argsort(rows, kind="stable")  # in a row, as the columns stand
        # Millions of cells: a name is not an object for each of them.
        names = pd.Categorical.from_codes(
            which[order], pd.Index([self.headers[item.key] for item in OUTPUT])
        )
        return pd.DataFrame(
            {
                "row": rows[order] + self.first_row,
                "column": names,
                "stored": pd.Series(old[order], dtype=object),
                "new": pd.Series(now[order], dtype=object),
            }
        )


@dataclass(frozen=True)
class Report:
    """What an update writes, or would write.

    ``results`` have the stored values in the rows of closed months. ``columns`` are none where
    the table holds all of it: formulas that are right stay, but not those of closed months.
    ``changed`` tells what changes; ``kept`` has row, column, stored and new of what would have
    changed had its month not been closed.
    """

    results: OrderResults
    columns: Columns
    summaries: dict[By, pd.DataFrame]
    refused: pd.DataFrame
    changed: Listing
    kept: pd.DataFrame
    log: dict[str, Any]
    lang: Lang

    @property
    def changes(self) -> pd.DataFrame:
        """Every cell that changes: made when it is asked for, of millions of cells."""
        return self.changed.frame()

    @property
    def rows(self) -> int:
        """The rows that hold anything."""
        return int((self.results.status != Status.EMPTY).sum())


def plan(
    port: Port, terms: Terms, now: dt.datetime, lang: Lang, closed: Iterable[str] = ()
) -> Report:
    """What an update would write; ``closed`` are months as 2024-09. Nothing is written."""
    months = closed_months(port, closed)
    orders, terms, results = compute(port, terms, lang)
    kept_rows = _in_months(results, months)
    # Nothing is written into a row of totals: what stands there is its own.
    totals = results.table.doubts.get("total_row", np.zeros(results.table.n, dtype=bool))
    headers = result_headers(orders.columns, lang)
    stored = {key: stored_cells(orders, header) for key, header in headers.items()}
    computed = {word: results.columns(word) for word in LANGS}
    differ = {key: differing(key, stored[key], tuple(computed.values())) for key in headers}
    new = {key: cells(column) for key, column in computed[lang].items()}
    del computed
    changed, kept = (
        Listing(headers, stored, new, {key: mask & rows for key, mask in differ.items()},
                first_row(orders))
        for rows in (~kept_rows & ~totals, kept_rows & ~totals)
    )  # fmt: skip
    kept_cells = kept.frame()
    columns = {
        header: _keeping(stored[key], new[key], kept_rows | totals)
        for key, header in headers.items()
        if changed.count or kept_rows.any()
    }
    if kept_rows.any():
        results = with_stored(results, stored, kept_rows)
    refused = results.refused_rows(lang)
    return Report(
        results=results,
        columns=columns,
        summaries={by: summarise(results, by, lang) for by in SUMMARIES if _has(results, by)},
        refused=refused,
        changed=changed,
        kept=kept_cells,
        log=_log(results, terms, now, lang, len(refused), len(kept_cells)),
        lang=lang,
    )


def compute(port: Port, terms: Terms, lang: Lang) -> tuple[pd.DataFrame, Terms, OrderResults]:
    """The orders of the port, what they are computed with, and their results."""
    _tell(port, "read", lang)
    orders = filled_table(port, "orders")
    if orders is None:
        raise UpdateProblem("no_orders")
    terms = terms_of(port, terms, lang)
    _tell(port, "compute", lang)
    grid = grid_of_frame(
        orders.reset_index(drop=True), first_row(orders), beside=port.beside("orders")
    )
    return orders, terms, terms.compute(grid)


def write(port: Port, report: Report) -> None:
    """Write what was planned."""
    lang = report.lang
    _tell(port, "write", lang)
    port.write_columns("orders", report.columns)
    port.write_table("summary", _one_table(report.summaries, lang))
    port.write_table("refused", _titled(report.refused, lang))
    port.write_table("kept", _titled(report.kept, lang))
    port.append_log(report.log)
    for remark in report.results.remarks:
        if remark.warns:
            port.message(remark.text(lang))
    if len(report.kept):
        port.message(UPDATE("kept", lang, count=f"{report.kept['row'].nunique():,}"))
    port.progress(len(_STEPS), len(_STEPS), UPDATE("step_done", lang))


def log_row(now: dt.datetime, lang: Lang, **more: Any) -> dict[str, Any]:
    """A row of the log under its headers; what is not given stays blank."""
    row = dict.fromkeys(_LOG) | more
    row |= {"time": now.strftime("%Y-%m-%d %H:%M:%S"), "version": sellersheet.__version__}
    return {UPDATE(f"log_{key}", lang): row[key] for key in _LOG}


def _tell(port: Port, step: str, lang: Lang) -> None:
    port.progress(_STEPS.index(step), len(_STEPS), UPDATE(f"step_{step}", lang))


def _in_months(results: OrderResults, months: frozenset[str]) -> Mask:
    """The rows of these months that hold anything."""
    named = results.days.astype("datetime64[D]").astype("datetime64[M]").astype(str)
    found: Mask = np.isin(named, list(months)) & (results.status != Status.EMPTY)
    return found


def _keeping(stored: list[Any] | None, new: list[Any], kept: Mask) -> list[Any]:
    if not kept.any():
        return new
    old = [None] * len(new) if stored is None else stored
    pairs = zip(old, new, kept.tolist(), strict=True)
    return [was if keep else value for was, value, keep in pairs]


def _log(
    results: OrderResults, terms: Terms, now: dt.datetime, lang: Lang, refused: int, kept: int
) -> dict[str, Any]:
    sums = total(results, lang).iloc[0]
    keys = ("paid_cny", "total_fee_cny", "profit_cny")
    amounts = {key: None if pd.isna(sums[key]) else float(sums[key]) for key in keys}
    return log_row(
        now,
        lang,
        policy=f"{terms.policy.version} ({terms.policy.digest})",
        given=UPDATE("between", lang).join(told for _, told in terms.given) or None,
        rows=int((results.status != Status.EMPTY).sum()),
        refused=refused,
        kept=kept,
        **amounts,
    )


def _one_table(summaries: dict[By, pd.DataFrame], lang: Lang) -> pd.DataFrame:
    """All summaries below one another, with what each is by in the first column."""
    frames = []
    for by, summary in summaries.items():
        frame = summary.astype(object)  # a column may be without values in one of them
        if by == "country":
            frame["group"] = [country_shown(str(group), lang) for group in frame["group"]]
        frame["group"] = frame["group"].astype(str)
        frame.insert(0, "by", UPDATE(f"by_{by}", lang))
        frames.append(frame)
    titles = {item.key: item.title(lang) for item in TABLES["summary"]}
    whole = pd.concat(frames, ignore_index=True)
    return whole.rename(columns={"by": UPDATE("by", lang), **titles})


def _titled(frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    return frame.rename(columns={key: UPDATE(f"title_{key}", lang) for key in frame.columns})


def _has(results: OrderResults, by: By) -> bool:
    return by == "month" or by in results.table.columns
