"""Sheet Policy: every value that the formulas read, by the day from which it holds.

People type their own values over the shipped ones. The calculation sheet has them upright, one
name a value, in the units of the rules, and lists those that are the user's own in the table
Overrides, so that the command computes with the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from sellersheet.columns import OVERRIDES
from sellersheet.money import RATE_UNIT, cents
from sellersheet.policy import load, standing_word
from sellersheet.policy.kinds import MONEY, RATIOS
from sellersheet.policy.model import PolicyValue
from sellersheet.policy.shown import shown
from sellersheet.rules.deposit import DEPOSIT_VALUES
from sellersheet.rules.fees import FEE_VALUES
from sellersheet.rules.payment_plan import PLAN_VALUES
from sellersheet.symbols import Symbol, call, choose, native, unknown, wrong
from sellersheet_workbook.files.book import text_width
from sellersheet_workbook.plain.block import put
from sellersheet_workbook.plain.reading import cell_of, sure
from sellersheet_workbook.plain.words import WORDS
from sellersheet_workbook.template import palette, pieces
from sellersheet_workbook.template.book import DAY, Book, Sheet
from sellersheet_workbook.template.cells import Ref, Span, cell
from sellersheet_workbook.template.content import words_of
from sellersheet_workbook.template.palette import LABEL, LONG, NUMBER, TEXT

PERIODS: Final = 4
_NEVER: Final = 2_958_465  # 9999-12-31: a period that is not used
SHOP_NUMBERS: Final = (
    "shop_age_min_days", "violations_max", "sell_through_min", "positive_rate_min",
)  # fmt: skip
_GROUPS: Final = {
    "fees": (*FEE_VALUES, "rush_free_days"),
    "deposit": DEPOSIT_VALUES,
    "plan": PLAN_VALUES,
    "shop": SHOP_NUMBERS,
}
VALUES: Final = tuple(name for names in _GROUPS.values() for name in names)
_HEADER: Final = 5  # the row of the headers, from 0
_OWN: Final = 4  # the column of the first period
_WIDTHS: Final = {"zh": (TEXT, NUMBER, NUMBER, LABEL), "en": (TEXT, NUMBER, LABEL, LABEL)}
_NUMBERS: Final = {"money_cny": "money", "money_usd": "money", "rate": "rate", "days": "count",
                   "count": "count"}  # fmt: skip


class Typed(NamedTuple):
    """What stands in cells that people may type over: further periods from a day on, each with
    its own values by name, as they are typed; and rows of the table of rates."""

    periods: Mapping[dt.date, Mapping[str, Any]] = {}
    rates: Sequence[Mapping[str, Any]] | None = None


def fill(book: Book, typed: Typed) -> None:
    """The sheet, and its values for the formulas on the calculation sheet."""
    _shown(book, _starts(), typed)
    _names(book)
    _own_table(book)


def _starts() -> list[dt.date]:
    days = {entry.start for name in VALUES for entry in load().value(name).entries}
    found = sorted(days)
    if len(found) >= PERIODS:
        raise ValueError(f"{len(found)} periods leave none of {PERIODS} for own values")
    return found


def _row(name: str) -> int:
    """The row of a value on the sheet, below the heading of its group."""
    headings = next(at for at, names in enumerate(_GROUPS.values(), 1) if name in names)
    return _HEADER + 1 + headings + VALUES.index(name)


def _cells(book: Book, name: str) -> list[Ref]:
    row, sheet = _row(name), book["policy"]
    return [sheet.at(row, _OWN + at) for at in range(PERIODS)]


def _shown(book: Book, starts: list[dt.date], typed: Typed) -> None:
    sheet, lang = book["policy"], book.lang
    sheet.columns(*_WIDTHS[lang], *[NUMBER] * PERIODS, LONG)
    sheet.put("A1", WORDS("policy_title", lang), book.style("title"))
    sheet.page.set_row(0, 30)
    sheet.put("A2", WORDS("policy_about", lang), book.style("note"))
    sheet.put("A3", WORDS("policy_how", lang), book.style("note"))
    sheet.put("A4", WORDS("policy_day", lang), book.style("label"))
    sheet.put("B4", DAY, book.style("input", "date", align="left"))
    book.name("As_of", sheet["B4"])
    sheet.link_home("D4")
    titles = [WORDS(f"policy_{key}", lang) for key in ("name", "unit", "standing", "built_in")]
    for at, title in enumerate(titles):
        sheet.put_at(_HEADER, at, title, book.style("header"))
    sheet.over(4, _OWN, _OWN + PERIODS - 1, book.style("header"))
    sheet.put_at(4, _OWN, WORDS("policy_from", lang), book.style("header"))
    days = sorted({*starts, *typed.periods})
    for at in range(PERIODS):
        day = days[at] if at < len(days) else None
        base = "result" if at < len(starts) else "input"
        style = book.style(base, "date", align="center", bold=True)
        sheet.put_at(_HEADER, _OWN + at, day, style)
        told = {"validate": "date", "criteria": ">", "value": dt.date(2015, 1, 1)}
        told |= {"error_message": WORDS("policy_wrong_day", lang)}
        sheet.page.data_validation(cell(_HEADER, _OWN + at), told)
    sheet.put_at(_HEADER, _OWN + PERIODS, WORDS("policy_source", lang),
                 book.style("header", align="left"))  # fmt: skip
    sheet.page.set_row(_HEADER, 24)
    for group, names in _GROUPS.items():
        heading = book.style("heading", font_size=12)
        sheet.put_at(_row(names[0]) - 1, 0, WORDS(f"policy_{group}", lang), heading)
        for name in names:
            own = [typed.periods.get(day, {}).get(name) for day in days]
            _value_row(sheet, name, starts, own)
    sheet.page.freeze_panes(_HEADER + 1, 1)
    sheet.print_on_a4(wide=2, header_row=_HEADER)
    sheet.page.repeat_columns(0, 0)
    sheet.tab()


def _value_row(sheet: Sheet, name: str, starts: list[dt.date], own_values: list[Any]) -> None:
    book, lang, row = sheet.book, sheet.book.lang, _row(name)
    value = load().value(name)
    plain, title = book.style("result", font_size=10), value.title(lang)
    lines = 1 + (text_width(title) > _WIDTHS[lang][0] * 1.05)
    sheet.page.set_row(row, 6 + 14 * lines)
    number = _NUMBERS.get(value.kind, "general")
    sheet.put_at(row, 0, title, book.style("result", font_size=10, text_wrap=True))
    unit = {"money_cny": "¥", "money_usd": "$", "rate": "%"}.get(value.kind)
    sheet.put_at(row, 1, unit or (value.unit_zh if lang == "zh" else value.unit_en), plain)
    given = {entry.start: entry for entry in value.entries}
    built_in = " → ".join(shown(value, entry.value, lang) for entry in value.entries)
    sheet.put_at(row, 3, built_in, plain)
    for at in range(PERIODS):
        entry = given.get(starts[at]) if at < len(starts) else None
        held = None if entry is None else _as_typed(value, entry.value, lang)
        if at < len(own_values) and own_values[at] is not None:
            held = own_values[at]
        sheet.put_at(row, _OWN + at, held, book.style("input", number, align="right"))
        if value.kind == "choice":
            words = words_of(value.allowed, lang)
            sheet.page.data_validation(cell(row, _OWN + at), {"validate": "list", "source": words})
    row_entry = load().row(name, starts[-1], lang)
    sheet.put_at(row, _OWN + PERIODS, row_entry["source"], plain)
    cells = enumerate(_cells(book, name))
    own = call("OR", *(_is_own(one, value, starts, at, lang) for at, one in cells))
    word = choose(own, standing_word("own", lang), row_entry["standing_word"])
    put(sheet, row, 2, word, book.style("light", border=1, border_color=palette.LINE))
    lights = {standing_word("own", lang): palette.OWN} | pieces.standing_lights(lang)
    pieces.lights(sheet, Span(row, 2, row, 2), lights)


def _as_typed(value: PolicyValue, exact: Any, lang: Any) -> Any:
    """An exact value as it is typed into a cell."""
    if value.kind in MONEY:
        return exact / 100
    if value.kind == "choice":
        return words_of([item for item in value.allowed if item.key == exact], lang)[0]
    return float(exact) if value.kind in RATIOS else exact


def _is_own(ref: Ref, value: PolicyValue, starts: list[dt.date], at: int, lang: Any) -> Symbol:
    """Whether what stands in a period is not the shipped value."""
    entry = next((e for e in value.entries if at < len(starts) and e.start == starts[at]), None)
    held = "" if entry is None else _as_typed(value, entry.value, lang)
    typed = cell_of(ref)
    own: Symbol = (typed != "") & (typed != held) if entry is not None else typed != ""
    return own


def _names(book: Book) -> None:
    """One column a value, one row a period: what the rules over cells ask for."""
    sheet = book["values"]
    column = 0

    def upright(name: str, cells: list[Symbol], *, named: bool = True) -> Ref:
        nonlocal column
        sheet.put_at(0, column, name, book.style("note"))
        for at, symbol in enumerate(cells):
            put(sheet, 1 + at, column, symbol)
        column += 1
        body = sheet.ref(Span(1, column - 1, PERIODS, column - 1))
        return book.name(name, body) if named else body

    header = [cell_of(book["policy"][cell(_HEADER, _OWN + at)]) for at in range(PERIODS)]
    upright("Periods", _in_order(header))
    known: dict[str, list[Symbol]] = {group: [] for group in _GROUPS}
    for group, names in _GROUPS.items():
        for name in names:
            value = load().value(name)
            held = upright(f"{name} held", _held(book, name, column), named=False)
            given = [cell_of(sheet.at(held.area.top + at, held.area.left))
                     for at in range(PERIODS)]  # fmt: skip
            for part, cells in _typed(value, given).items():
                upright(f"{name}{part}", cells)
            known[group].append(book.names[name])  # type: ignore[arg-type]
    for group, columns in known.items():
        upright(f"{group}_known", [_all_known(columns, at) for at in range(PERIODS)])


def _held(book: Book, name: str, column: int) -> list[Symbol]:
    """What holds in each period: its own cell, else what held in the one before."""
    sheet = book["values"]
    found = []
    for at, ref in enumerate(_cells(book, name)):
        above = native(sheet.at(at, column).text, _value_of(sheet, at, column))
        found.append(choose(cell_of(ref) == "", above if at else unknown(), cell_of(ref)))
    return found


def _value_of(sheet: Sheet, row: int, column: int) -> Callable[[], Any]:
    return lambda: sheet.at(row, column).value


def _in_order(days: list[Symbol]) -> list[Symbol]:
    """The starts, wrong altogether where one does not come after the one before."""
    late = [(day != "") & (day <= before) for before, day in pairwise(days)]
    gaps = [(day != "") & (before == "") for before, day in pairwise(days)]
    sound = call("OR", *late, *gaps)
    return [choose(sound, wrong(), choose(day == "", _NEVER, day)) for day in days]


def _all_known(columns: list[Any], at: int) -> Symbol:
    cells = [column.sheet.at(column.area.top + at, column.area.left) for column in columns]
    errors = call("OR", *(call("ISERROR", cell_of(ref)) for ref in cells))
    return choose(errors, unknown(), 1)


def _typed(value: PolicyValue, held: list[Symbol]) -> dict[str, list[Symbol]]:
    """What holds in each period in the units of the rules; #N/A where it is not on record."""
    if value.kind == "choice":
        return {"": [_key(given, value) for given in held]}
    if value.kind in MONEY:
        return {"": [_number(given, value, cents(sure(given))) for given in held]}
    if value.kind in RATIOS:
        units = [call("INT", sure(given) * RATE_UNIT + 0.5) for given in held]
        divisors = [call("GCD", unit, RATE_UNIT) for unit in units]
        columns: dict[str, list[Symbol]] = {"": [], "_den": []}
        for given, unit, common in zip(held, units, divisors, strict=True):
            inexact = abs(given * RATE_UNIT - unit) >= 0.001
            for part, whole in (("", unit), ("_den", RATE_UNIT)):
                exact = choose(inexact, unknown(), whole // common)
                columns[part].append(_number(given, value, exact))
        return columns
    return {"": [_number(given, value, choose(given == call("INT", given), given, wrong()))
                 for given in held]}  # fmt: skip


def _number(given: Symbol, value: PolicyValue, typed: Symbol) -> Symbol:
    """The typed value where the cell is a number within the value's bounds."""
    low = 0 if value.low is None else float(value.low)
    high = (1 if value.kind == "rate" else 1_000_000_000) if value.high is None else float(
        value.high)  # fmt: skip
    sound = (given >= low) & (given <= high)
    read = choose(call("ISNUMBER", given), choose(sound, typed, wrong()), wrong())
    return choose(call("ISERROR", given), given, read)


def _key(given: Symbol, value: PolicyValue) -> Symbol:
    """The key of a choice's word."""
    found: Symbol = wrong()
    for item in value.allowed:
        known = call("OR", *(given == word for word in (item.key, item.zh, item.en)))
        found = choose(known, item.key, found)
    return found


def _own_table(book: Book) -> None:
    """The table Overrides: the user's own values as the command reads them."""
    sheet, lang, starts = book["values"], book.lang, _starts()
    top = PERIODS + 3
    titles = [item.title(lang) for item in OVERRIDES]
    for at, title in enumerate(titles):
        sheet.put_at(top, at, title, book.style("note"))
    row = top + 1
    for name in VALUES:
        value = load().value(name)
        for at, ref in enumerate(_cells(book, name)):
            own = _is_own(ref, value, starts, at, lang)
            start = cell_of(book["policy"][cell(_HEADER, _OWN + at)])
            for column, symbol in enumerate((name, cell_of(ref), start)):
                style = book.style("plain", "date") if column == 2 else None
                put(sheet, row, column, choose(own, symbol, ""), style)
            row += 1
    columns = [{"header": title} for title in titles]
    area = Span(top, 0, row - 1, len(titles) - 1).text
    sheet.table(area, "Overrides", columns, filtered=False)
