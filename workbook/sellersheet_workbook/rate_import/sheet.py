"""A carrier's price sheet as a raw table of rates.

All that it lacks is told in one message, with the sheet's own headers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from sellersheet.cards import Card
from sellersheet.columns import RATES
from sellersheet.intake import layout
from sellersheet.intake.doubts import NOTHING_ASKED, Asked
from sellersheet.intake.grid import Grid
from sellersheet.intake.headers import (
    Fate,
    Said,
    TableProblem,
    Understood,
    listed,
    score,
    understand,
)
from sellersheet.intake.layout import Layout
from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.rate_import import matrix
from sellersheet_workbook.rate_import.columns import (
    as_written,
    day_of,
    destinations,
    put_currency,
    put_divisor,
    put_notes,
    put_numbers,
    put_zones,
    read_weight_columns,
)
from sellersheet_workbook.rate_import.destinations import (
    country_within,
    line_of,
    start_of,
    units_of,
)
from sellersheet_workbook.rate_import.found import (
    Findings,
    Imported,
    RateSheetProblem,
    plain_number,
)
from sellersheet_workbook.rate_import.prices import SEVERAL, Priced, priced_columns
from sellersheet_workbook.rate_import.pricing import price_rows
from sellersheet_workbook.rate_import.table import CarrierSheet, fill_down, sheet_of

_FILLED: Final = ("country", "line", "goods", "currency", "start", "zone")
_AS_THEY_ARE: Final = ("line", "goods", "max_side_cm", "max_sum_cm", "source", "standing", "note")
Found = dict[str, list[Any]]


def import_rates(
    grid: Grid,
    lang: Lang,
    *,
    asked: Asked = NOTHING_ASKED,
    fill_down: bool = False,
    country: str = "",
    start: dt.date | None = None,
    today: dt.date | None = None,
    several: bool = False,
) -> Imported:
    """A raw price sheet as a raw table of rates, headers in the language asked for.

    ``asked`` says what headers stand for: a column's key, ``band``, ``surcharge``, ``ignore``.
    ``fill_down`` repeats a country and the like over the blank cells below it; merged cells
    need none. ``country`` is that of every row of a sheet without such a column, or the header
    of the column whose names hold it. ``start`` is the day from which the rates hold where the
    sheet has no such column; ``today`` is taken, and told, where nothing names one. A card of
    which a part can't be applied is a RateSheetProblem that names each column and the way out;
    so is a ``country`` or ``start`` that the sheet has itself, unless it is one of ``several``.
    """
    said = Said(asked.columns, asked.remembered)
    found = layout.find(grid, lambda labels: score(labels, "rates", said), asked.header_row)
    if found is None:
        raise TableProblem("no_rows")
    whole = matrix.header_of(grid) if asked.header_row is None else None
    if whole is not None:
        titles = tuple(
            str(cell) for row in grid.top[: whole[0]] for cell in row if cell not in (None, "")
        )
        found = Layout(whole[0], whole[1], titles)
    findings = Findings(grid.first_row + found.at + 1, lang)
    sheet, remarks = sheet_of(grid, found, findings)
    if whole is not None:
        if country and not several:
            raise RateSheetProblem("country_in_headers", value=country)
        titled, _ = units_of(sheet.titles)
        prices = matrix.read(sheet, asked.currency or titled)
        table, rows = _of_matrix(prices, sheet)
        fates: tuple[Fate, ...] = ()
    else:
        table, fates = _of_columns(sheet, said, asked, fill_down, country)
        headers = {fate.key: fate.header for fate in fates}
        if country and "country" in headers and not several:
            raise RateSheetProblem("country_there", header=headers["country"], value=country)
        if start and "start" in headers and not several:
            raise RateSheetProblem("start_there", header=headers["start"], day=f"{start:%Y-%m-%d}")
        rows = list(range(sheet.n))
    _name(table, sheet, rows, (start, today))
    if "start" not in table:
        raise _missing(sheet, ["start"])
    frame = pd.DataFrame(
        {item.title(lang): pd.Series(table[item.key], dtype=object) for item in RATES
         if item.key in table}
    )  # fmt: skip
    blank = [at for at, row in enumerate(rows) if row in findings.wrong or not sheet.filled(row)]
    frame.iloc[blank] = None
    refused = tuple(findings.wrong[row] for row in sorted(findings.wrong))
    empty = sum(not sheet.filled(row) for row in range(sheet.n)) - len(remarks)
    return Imported(
        frame, findings.first_row, refused, tuple(findings.notes), tuple(remarks), fates,
        sheet.n, empty,
    )  # fmt: skip


def sound_rows(card: Card, lang: Lang) -> pd.DataFrame:
    """The sound rows under the registry's headers, numbers as numbers."""
    table = card.table
    rows = sorted(int(row) for row in card.rates.row)
    labels = list(map(str, table.raw.columns))
    found = {
        item.title(lang): table.raw.iloc[rows, labels.index(table.header[item.key])]
        for item in RATES
        if item.key in table.header
    }
    frame = pd.DataFrame(found).reset_index(drop=True)
    for item in RATES:
        if item.kind in ("money", "grams", "cm") and item.title(lang) in frame:
            numbers = pd.to_numeric(frame[item.title(lang)], errors="coerce")
            whole = bool((numbers.dropna() % 1 == 0).all())
            frame[item.title(lang)] = numbers.astype("Int64" if whole else "Float64")
    return frame


def _of_columns(
    sheet: CarrierSheet, said: Said, asked: Asked, filling: bool, country: str
) -> tuple[Found, tuple[Fate, ...]]:
    understood = understand(sheet.labels, "rates", said, sheet.column, SEVERAL)
    places = understood.places
    for key in _FILLED:
        if key in places:
            fill_down(sheet, places[key].at, asked=filling, hint=key == "country")
    titled = units_of(sheet.titles)
    _require(sheet, understood, country)
    columns = priced_columns(understood, titled, sheet)
    weights, no_volume = read_weight_columns(understood, sheet)
    table: Found = {"country": destinations(sheet, understood, country)}
    table |= {
        key: [as_written(cell) for cell in sheet.column(places[key].at)]
        for key in _AS_THEY_ARE
        if key in places
    }
    if "start" in places:
        table["start"] = [day_of(cell) for cell in sheet.column(places["start"].at)]
    priced = price_rows(columns, sheet)
    put_numbers(table, priced, weights, sheet.findings)
    _need_first_weight(sheet, table, columns)
    put_divisor(table, sheet, understood, no_volume)
    put_currency(table, sheet, understood, priced, asked.currency or titled[0])
    put_zones(table, sheet, understood)
    put_notes(table, sheet, asked)
    return table, understood.fates


def _of_matrix(prices: Sequence[matrix.Row], sheet: CarrierSheet) -> tuple[Found, list[int]]:
    table: Found = {
        "country": [row.country for row in prices],
        "from_g": [plain_number(row.low) for row in prices],
        "to_g": [plain_number(row.high) for row in prices],
        "first_price": [plain_number(row.price) for row in prices],
    }
    if any(row.currency not in ("", "CNY") for row in prices):
        table["currency"] = [row.currency or "CNY" for row in prices]
    return table, [row.row for row in prices]


def _name(
    table: Found,
    sheet: CarrierSheet,
    rows: Sequence[int],
    days: tuple[dt.date | None, dt.date | None],
) -> None:
    """Line and start, where they stand in a title or are said, and in no column."""
    filled, findings = [sheet.filled(row) for row in rows], sheet.findings
    if "line" not in table and (line := line_of(sheet.titles, sheet.name)):
        table["line"] = [line if use else None for use in filled]
        findings.note("line", line=line)
    said, today = days
    titled = start_of(sheet.titles)
    day = said or titled or today
    if "start" not in table and day is not None:
        table["start"] = [day if use else None for use in filled]
        if said is None:
            findings.note("start" if titled else "start_today", day=f"{day:%Y-%m-%d}")
        elif titled is not None and titled != said:
            findings.note("start_said", day=f"{said:%Y-%m-%d}", titled=f"{titled:%Y-%m-%d}")


def _require(sheet: CarrierSheet, understood: Understood, country: str) -> None:
    """All that the sheet lacks, in one message, with its own headers."""
    places = understood.places
    lacking = [] if "country" in places or country else ["country"]
    if not {"band", "to_g", "max_g"} & set(places):
        lacking.append("band")
    headed = any(key in places and not places[key].unit for key in ("first_g", "step_g"))
    if not set(understood.more) & {"price", "per_kg", "first_price", "step_price"} and not headed:
        lacking.append("price")
    if lacking == ["country"]:
        for place in (places.get("line"), places.get("goods")):
            names = [] if place is None else sheet.column(place.at)
            for name in names:
                if place and name is not None and (code := country_within(name)):
                    header, value = place.header.text, str(name).strip()
                    raise RateSheetProblem("country_in_name", header=header, value=value, code=code)
    if lacking:
        raise _missing(sheet, lacking)


def _need_first_weight(sheet: CarrierSheet, table: Found, columns: Sequence[Priced]) -> None:
    """A first price and a step price say nothing without the first weight and the step."""
    roles = {item.role for item in columns}
    wanted = [("first", "first_g"), ("step", "step_g")]
    if {"first", "step"} <= roles:
        prices = zip(table.get("first_price", ()), table.get("step_price", ()), strict=False)
        if not any(first and step for first, step in prices):
            return
        lacks = [key for _, key in wanted if not any(table.get(key, ()))]
        if lacks:
            raise _missing(sheet, lacks)


def _missing(sheet: CarrierSheet, keys: Sequence[str]) -> RateSheetProblem:
    words = RateSheetProblem.wording
    fields: dict[str, object] = {}
    for lang in LANGS:
        between = words("between", lang)
        fields[f"columns_{lang}"] = between.join(words(f"lacks_{key}", lang) for key in keys)
        fields[f"do_{lang}"] = words("do_start" if list(keys) == ["start"] else "do_column", lang)
        sheets = between.join(sheet.others)
        fields[f"sheets_{lang}"] = words("other_sheets", lang, sheets=sheets) if sheets else ""
    return RateSheetProblem("missing", headers=listed(sheet.labels) or "—", **fields)
