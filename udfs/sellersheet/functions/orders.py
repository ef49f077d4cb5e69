"""ORDERTABLE, SUMMARY, RULEDIFF: whole tables with a header in, whole tables out."""

from __future__ import annotations

import marshal
from typing import Any, Final

import numpy as np
import pandas as pd

from sellersheet.amounts import CENTS, THOUSANDS
from sellersheet.columns import INPUT, OUTPUT, TABLES, column
from sellersheet.days import date_of
from sellersheet.exchange import currency
from sellersheet.functions.answers import Finished, gives_a_table
from sellersheet.functions.blocks import (
    BLANK,
    NA,
    VALUE,
    CallProblem,
    ErrorCell,
    error_text,
    rows_of,
    used_rows,
)
from sellersheet.functions.cases import Case
from sellersheet.functions.ranges import CallTerms, card, exchange, grid_of, language_of, terms
from sellersheet.functions.ranges import sku_costs as costs_by_sku
from sellersheet.functions.table_totals import TableLines, sort_column
from sellersheet.impact import Side, impact_table, rule_impact
from sellersheet.intake import layout
from sellersheet.intake.doubts import NOTHING_ASKED
from sellersheet.intake.grid import Above, Grid
from sellersheet.intake.headers import Place, score, understand
from sellersheet.intake.titles import as_titled
from sellersheet.orders import OrderResults, Status, compute_orders
from sellersheet.orders.marks import WORDS as MARK_WORDS
from sellersheet.orders.marks import Mark
from sellersheet.rawcells import split
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.summary import GROUPINGS
from sellersheet.tables import read_table
from sellersheet.wording import LANGS, Lang

_BY_VALUE: Final = 2  # the form of marshal without marks for objects that stand twice
_KEYS: Final = {"results": {item.key for item in OUTPUT}, "orders": {item.key for item in INPUT}}
_ADDED_UP: Final = frozenset({"paid_cny", "total_fee_cny", "profit_cny", *FEE_PARTS})
_NUMBERS: Final = (*FEE_PARTS, "total_fee_cny", "profit_cny", "chargeable_g", "margin")
_NEED_FREIGHT: Final = ("logistics_fee_cny", "total_fee_cny")


@gives_a_table(len(OUTPUT) - 1)
def ORDERTABLE(  # noqa: N802 - the name in Excel
    orders_with_header: Any,
    rates: Any = None,
    policy: Any = None,
    fx: Any = None,
    sku_costs: Any = None,
    as_of: Any = None,
) -> Any:
    """F1 to F16: every result column of an order table, with a header, row beside row.

    A blank row gives blanks; a wrong one #VALUE! in its amounts, one before the rules
    #N/A, an unknown freight #N/A in freight and totals; the reason says why.
    """
    used = terms(policy)
    size, rows = len(rows_of(orders_with_header)), used_rows(orders_with_header)
    header = [item.title(used.lang) for item in OUTPUT]
    if len(rows) < 2:
        return [header, *([BLANK] * len(OUTPUT) for _ in range(size - 1))]
    results = compute_orders(
        grid_of(tuple(rows)),
        used.policy,
        card(rates, used.policy).rates,
        as_of=date_of(Case(used.lang, as_of=as_of).day),
        fx=exchange(fx),
        sku_costs=costs_by_sku(sku_costs, fx),
    )
    table = _cells(results, used.lang)
    above = results.table.issues.first_row - 2  # rows above the header, such as a title
    blanks = [[BLANK] * len(OUTPUT)] * (size - results.table.n - above - 1)
    return Finished([*[[BLANK] * len(OUTPUT)] * above, header, *table, *blanks])


def _cells(results: OrderResults, lang: Lang) -> list[list[Any]]:
    """The result columns as rows of cells: a number, a blank, or the error that its row has."""
    none = np.full(results.table.n, BLANK, dtype=object)
    none[(results.marks & Mark.NO_RULE) != 0] = NA
    none[results.status == Status.LEFT] = BLANK
    none[(results.marks & Mark.REFUSED) != 0] = VALUE
    none[results.status == Status.EMPTY] = BLANK
    unknown = none.copy()
    unknown[results.computed & ~results.freight_known] = NA
    cells = np.empty((len(OUTPUT), results.table.n), dtype=object)
    for line, (key, values) in zip(cells, results.columns(lang).items(), strict=True):
        line[:] = values
        if key in _NUMBERS:
            missing = np.isnan(values)
            line[missing] = (unknown if key in _NEED_FREIGHT else none)[missing]
    rows: list[list[Any]] = cells.T.tolist()
    return rows


@gives_a_table(2)
def SUMMARY(  # noqa: N802
    table_with_header: Any,
    by: Any,
    top: Any = None,
    order_by: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """Totals of an order table with result columns: a header, then one row a group.

    Without any group a blank row stands below the header: alone, a spreadsheet would repeat it
    over the whole range of an array formula.
    """
    used = terms(policy)
    case = Case(used.lang, by=by, top=top, order_by=order_by, as_of=as_of)
    header = [item.title(used.lang) for item in TABLES["summary"]]
    rows = used_rows(table_with_header)
    none = [header, [BLANK] * len(header)]
    if len(rows) < 2:
        return none
    case.needs("by")
    lines = _lines_of(rows)
    sums = lines.summarise(GROUPINGS[case["by"]], used.policy, date_of(case.day), used.lang)
    if not case.blank("order_by"):
        key, ascending = sort_column(case.text("order_by"))
        if key is None:
            raise CallProblem("unknown_column", value=case.text("order_by"))
        sums = sums.sort_values(key, ascending=ascending, kind="stable")
    if not case.blank("top"):
        sums = sums.head(case["top"])
    cells = sums.astype(object).where(sums.notna(), BLANK)
    return [header, *cells.values.tolist()] if len(cells) else none


@gives_a_table(len(TABLES["impact"]) - 1)
def RULEDIFF(  # noqa: N802
    orders_with_header: Any,
    date_a: Any = None,
    policy_a: Any = None,
    date_b: Any = None,
    policy_b: Any = None,
    by: Any = None,
    rates: Any = None,
    fx: Any = None,
    as_of: Any = None,
) -> Any:
    """F1 to F15 by two sets of rules: the columns ``impact`` with a header, all orders first.

    A side without a day takes each order's own; without own values the built-in ones. Rows
    without a total on both sides are counted and told, and are in none of the sums.
    """
    lang = language_of(policy_a, policy_b)
    case = Case(lang, date_a=date_a, date_b=date_b, by=by, as_of=as_of)
    header = [item.title(lang) for item in TABLES["impact"]]
    rows = used_rows(orders_with_header)
    if len(rows) < 2:
        for cell in (cell for row in rows for cell in row):
            if error := error_text(cell):
                raise ErrorCell(error)
        return [header, [BLANK] * len(header)]
    found = rule_impact(
        read_table(grid_of(tuple(rows)), "orders", fx=exchange(fx)),
        _side(terms(policy_a), rates, case["date_a"]),
        _side(terms(policy_b), rates, case["date_b"]),
        as_of=date_of(case.day),
        fx=exchange(fx),
    )
    group = None if case.blank("by") else GROUPINGS[case["by"]]
    frame: pd.DataFrame = impact_table(found, group, lang)
    cells = frame.astype(object).where(frame.notna(), BLANK)
    return [header, *cells.to_numpy().tolist()]


def _side(used: CallTerms, rates: Any, day: int | None) -> Side:
    on = None if day is None else date_of(int(day))
    return Side(used.policy, card(rates, used.policy), on)


# The blocks typed last, by their bytes: each summary of a sheet is of the same one.
_typed: Final[dict[bytes, TableLines]] = {}
_MOST_KEPT: Final = 2


def _lines_of(rows: list[tuple[Any, ...]]) -> TableLines:
    try:
        key = marshal.dumps(rows, _BY_VALUE)
    except ValueError:  # a cell of a type that only COM has
        return TableLines(_known(grid_of(tuple(rows))))
    found = _typed.pop(key, None)
    if found is None:
        found = TableLines(_known(grid_of(tuple(rows))))
        while len(_typed) >= _MOST_KEPT:
            _typed.pop(next(iter(_typed)), None)
    _typed[key] = found
    return found


def _known(grid: Grid) -> pd.DataFrame:
    """The order and result columns under their keys; rows of totals are left out, and orders
    that the results leave out, as cancelled ones."""
    header = layout.find(grid, lambda labels: score(labels, "orders"))
    labels, at = (header.labels, header.at) if header else ((), 0)
    frame = grid.below(at).frame
    over = header.above if header else Above()
    found = {}
    for table, keys in _KEYS.items():
        as_headed = understand(labels, table)
        understood, titles = as_titled(over, as_headed, NOTHING_ASKED, table)
        for key, place in understood.places.items():
            if key in keys:
                found[key] = frame.iloc[:, place.at]
            if key in _ADDED_UP:
                own = place == as_headed.places[key]
                told = (place.header.text,) if own else titles
                _need_yuan(place, told, understood.places.get("currency"), frame)
    for missing in (key for key in ("paid_cny", "total_fee_cny") if key not in found):
        item = column("summary", missing)
        raise CallProblem("column_missing", title_zh=item.zh, title_en=item.en)
    ids = [frame.iloc[:, 0], *([found["order_id"]] if "order_id" in found else [])]
    totals = layout.totals((split(cells.array) for cells in ids), np.arange(len(frame)))
    made = pd.DataFrame(found)[~totals]
    if "status" not in made:
        return made
    return made[~made["status"].isin([MARK_WORDS("status_left", lang) for lang in LANGS])]


def _need_yuan(
    place: Place, told: tuple[str, ...], codes: Place | None, frame: pd.DataFrame
) -> None:
    """A CallProblem for amounts that a header, a title or a column of currencies puts otherwise;
    ``told`` are the texts that speak of these."""
    if place.unit in (CENTS, THOUSANDS) or place.header.currency not in ("", "CNY"):
        raise CallProblem("not_in_yuan", header=" | ".join(told))
    if codes and not place.header.currency:
        cells = {word for cell in frame.iloc[:, codes.at].dropna() if (word := str(cell).strip())}
        if {currency(word) for word in cells} - {"CNY"}:
            raise CallProblem("not_in_yuan", header=codes.header.text)
