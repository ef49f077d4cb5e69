"""One file of orders in, one file of results out, and a file of the rows that were refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd

import sellersheet
from sellersheet.cards import Card
from sellersheet.exchange import FxRates
from sellersheet.intake.doubts import NOTHING_ASKED, Asked
from sellersheet.intake.grid import Grid
from sellersheet.intake.headers import title
from sellersheet.orders import OrderResults, SkuCosts, compute_orders
from sellersheet.policy import Policy
from sellersheet.summary import By, summarise
from sellersheet.wording import Lang
from sellersheet_workbook.batch.result_book import write_result_book
from sellersheet_workbook.batch.sources import WORDS, joined
from sellersheet_workbook.files.reading import read_grids
from sellersheet_workbook.files.writing import KINDS, Headers, bears_keys, write_frame
from sellersheet_workbook.keeping import together
from sellersheet_workbook.keeping.atomic import check_replaceable
from sellersheet_workbook.keeping.inputs import given, resolved
from sellersheet_workbook.keeping.together import Together, finish_results
from sellersheet_workbook.problems import FileProblem

Step = Literal["read", "compute", "write"]
STEPS: Final[tuple[Step, ...]] = ("read", "compute", "write")
SUMMARIES: Final[tuple[By, ...]] = ("month", "country", "category", "sku", "shop")


@dataclass(frozen=True)
class Terms:
    """What orders are computed with; ``as_of`` is the day of rows without a date, ``asked``
    what the user says of the table of orders.

    ``given`` names what the user gave, for the sheet About: (own_policy, rates, fx or
    costs; the file or the figures). ``said`` is what the user says of headers, in these
    files too: ``--column`` as it stands.
    """

    policy: Policy
    card: Card
    fx: FxRates
    sku_costs: SkuCosts | None
    as_of: date
    given: tuple[tuple[str, str], ...] = ()
    asked: Asked = NOTHING_ASKED
    said: tuple[str, ...] = ()

    @property
    def files(self) -> list[Path]:
        """The files among what was given."""
        return [path for _, told in self.given if (path := Path(told)).is_file()]

    def compute(self, grid: Grid) -> OrderResults:
        """The results of orders as they stand in a file or a live table."""
        return compute_orders(
            grid,
            self.policy,
            self.card.rates,
            as_of=self.as_of,
            fx=self.fx,
            sku_costs=self.sku_costs,
            asked=self.asked,
        )


@dataclass(frozen=True)
class Batch:
    """What a batch did: the results, where they were written, and the file of refused rows."""

    results: OrderResults
    target: Path
    report: Path | None
    refused: int


def run_batch(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    terms: Terms,
    lang: Lang,
    *,
    sheets: Sequence[str] = (),
    encoding: str | None = None,
    headers: Headers | None = None,
    on_step: Callable[[Step], None] = lambda step: None,
) -> Batch:
    """Read, compute, write. Every row of ``source`` stands in ``target``, in the same order.

    ``target`` is .xlsx (with summaries and charts), .csv, .tsv or .parquet, and no file that
    is read. Rows that were refused are listed in a .csv beside it; both are of one run, and
    an old list is removed when there are none, unless somebody has worked on it: then it is
    kept. With ``headers`` as key both have the keys of result columns as headers. ``sheets``
    are those of a workbook that are read, ``*`` all with orders.
    """
    source, target = Path(source), Path(target)
    if target.suffix.lower() not in KINDS:
        raise FileProblem("target_kind", path=target, kinds=" ".join(KINDS))
    keys = bears_keys(target, headers)
    listed = report_path(target, lang)
    with given(source, *terms.files):
        finish_results(target)
        for path in (target, listed):  # found before the work
            check_replaceable(resolved(path))
        on_step("read")
        grids = read_grids(source, sheets=sheets, encoding=encoding)
        on_step("compute")
        results = terms.compute(joined(grids, lang))
        on_step("write")
        with together.results(target, listed) as change:
            write_results(results, target, terms, lang, keys=keys)
            count = _report(results, listed, change, lang, keys=headers == "key")
    return Batch(results, target, listed if count else None, count)


def write_results(
    results: OrderResults, target: Path, terms: Terms, lang: Lang, *, keys: bool = False
) -> None:
    """The rows with their results, in the format of the target's extension."""
    frame = results.frame(lang)
    if target.suffix.lower() != ".xlsx":
        write_frame(frame, target, lang=lang, keys=keys)
        return
    summaries = {by: summarise(results, by, lang) for by in SUMMARIES if _has(results, by)}
    about = about_results(results, terms, lang)
    write_result_book(target, frame, summaries, results.refused_rows(lang), about, lang)


def about_results(results: OrderResults, terms: Terms, lang: Lang) -> list[tuple[str, str]]:
    """What was computed with what: versions, then every value used with source and standing."""
    policy = terms.policy
    lines = [
        (WORDS("about", lang), ""),
        (WORDS("version", lang), f"sellersheet {sellersheet.__version__}"),
        (WORDS("policy", lang), f"{policy.version} ({policy.digest})"),
        *((WORDS(code, lang), told) for code, told in terms.given),
        (WORDS("as_of", lang), terms.as_of.isoformat()),
        (WORDS("rows", lang), f"{results.table.n:,}"),
        (WORDS("refused", lang), f"{int(results.refused.sum()):,}"),
        (WORDS("left_out", lang), f"{int(results.table.left.sum()):,}"),
        (WORDS("blank_rows", lang), f"{int(results.table.empty.sum()):,}"),
        (WORDS("at_risk", lang), f"¥{results.at_risk.sum() / 100:,.2f}"),
        (WORDS("not_official", lang), WORDS("not_official_text", lang)),
        (WORDS("read_as", lang), ""),
        *_reading(results, lang),
        (WORDS("values", lang), ""),
    ]
    for row in policy.rows(terms.as_of, lang):
        if row["rule"].startswith("F") and row["value"]:
            told = [row["value"], row["standing_word"], row["source"]]
            own = WORDS("replaced", lang, old=row["replaced"]) if row["replaced"] else ""
            text = " | ".join(part for part in (*told, own, row["note"]) if part)
            lines.append((f"{row['title']} ({row['rule']})", text))
    return lines


def _reading(results: OrderResults, lang: Lang) -> list[tuple[str, str]]:
    """What every header was taken for, and what has to be known of the table."""
    lines = []
    for fate in results.table.fates:
        if not fate.header:
            continue
        told = title("orders", fate.key, lang) if fate.key else WORDS(f"header_{fate.how}", lang)
        unit = " ".join(part for part in (fate.unit, fate.currency) if part)
        lines.append((fate.header, f"{told} ({unit})" if unit else told))
    remark = WORDS("remark", lang)
    return lines + [(remark, said.text(lang)) for said in results.remarks]


def report_path(target: Path, lang: Lang) -> Path:
    """Where the refused rows of a batch are listed."""
    return target.with_name(f"{target.stem}-{WORDS('report', lang)}.csv")


def _report(results: OrderResults, path: Path, change: Together, lang: Lang, *, keys: bool) -> int:
    """The list of refused rows and how many there are; without any an old one goes."""
    refused = results.refused_rows(lang)
    if refused.empty:
        change.remove(path)
        return 0
    titles = {key: key if keys else WORDS(f"report_{key}", lang) for key in refused.columns}
    at = results.table.issues.places(refused["row"].to_numpy(dtype=np.int64))
    rows = results.table.raw.iloc[at].reset_index(drop=True)
    listed = pd.concat([refused.rename(columns=titles), rows], axis=1)
    write_frame(listed, path, lang=lang, keys=keys)
    return len(refused)


def _has(results: OrderResults, by: By) -> bool:
    return by == "month" or by in results.table.columns
