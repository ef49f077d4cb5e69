"""Sheet Rates: the rate card, whether its rows can be used, and what a parcel costs by it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sellersheet.cards import PUBLISHED, shipped_card
from sellersheet.cells import read_cells
from sellersheet.columns import RATES
from sellersheet.policy import load
from sellersheet.wording import Lang, Wording
from sellersheet_workbook.template import live, palette, pieces
from sellersheet_workbook.template.book import DAY, Book, Sheet, hint
from sellersheet_workbook.template.cells import Ref, Span, cell, is_error
from sellersheet_workbook.template.palette import GAP, LABEL, LONG, NUMBER, TEXT

WORDS: Final = Wording("sellersheet_workbook.template", "rates.toml")
_MATRIX: Final = 8  # the row of its countries, from 0
_LINES: Final = 5
_DESTINATIONS: Final = 17
_ACROSS: Final = 2  # the column of the first; a line has those before
_HEADER: Final = _MATRIX + _LINES + 6
_FIRST: Final = _HEADER + 1
_ROWS: Final = 60
_NUMBERS: Final = {"money": "money", "date": "date", "grams": "grams", "cm": "grams"}
_WIDE: Final = {"line": LABEL, "source": TEXT, "note": LONG}
_PLACE: Final = {item.key: at for at, item in enumerate(RATES)}
_CHINESE: Final = {"unknown": "未知", "stated": "原文写明"}
_FIGURES: Final = ("money", "grams", "cm")
_PRINTED: Final = _FIRST + 3  # the last row that is printed: the card as shipped has one
_CHECK: Final = len(RATES) + 1  # a column apart, so that the table may be sorted


def fill(book: Book) -> None:
    """The table first: the matrix and the checks ask it."""
    sheet = book["rates"]
    sheet.columns(*(_WIDE.get(item.key, NUMBER) for item in RATES), GAP, NUMBER, LONG)
    card = _table(sheet)
    fee = _top_fees(sheet, card)
    checks = _checks(sheet, fee)
    _matrix(sheet, card)
    _head(sheet, checks)
    sheet.page.freeze_panes(0, 2)
    sheet.print_on_a4(wide=2, header_row=_HEADER)
    # Sources and notes are for the screen.
    sheet.page.print_area(0, 0, _PRINTED, _PLACE["source"] - 1)
    sheet.tab()


def _table(sheet: Sheet) -> Ref:
    """The table Rates, with the rows that the package knows."""
    book, lang = sheet.book, sheet.book.lang
    pieces.heading(sheet, _HEADER - 2, WORDS("card", lang), WORDS("import", lang))
    sheet.page.set_row(_HEADER, 36)
    head = book.style("header", align="left", valign="top")  # no filter button covers its words
    known = shipped_rows(lang)
    for down in range(len(known)):
        sheet.page.set_row(_FIRST + down, 32)  # sources and notes have two lines
    for at, item in enumerate(RATES):
        sheet.put_at(_HEADER, at, item.title(lang), head)
        number = _NUMBERS.get(item.kind, "text" if item.key != "divisor" else "general")
        style = book.style("input", number, text_wrap=item.key in ("source", "note"))
        for down in range(_ROWS):
            value = known[down][at] if down < len(known) else None
            sheet.put_at(_FIRST + down, at, value, style)
        rule = {"validate": "any"} | hint(item.title(lang), item.help(lang))
        sheet.page.data_validation(_FIRST, at, _FIRST + _ROWS - 1, at, rule)
    columns = [{"header": item.title(lang), "header_format": head} for item in RATES]
    area = f"{cell(_HEADER, 0)}:{cell(_HEADER + _ROWS, len(RATES) - 1)}"
    return sheet.table(area, "Rates", columns)


def shipped_rows(lang: Lang = "en") -> list[list[Any]]:
    """The rows of the shipped card as cells, its words in the language."""
    table = shipped_card().table
    words = _CHINESE
    if lang == "en":
        words = {entry.note_zh: entry.note_en for entry in load().value(PUBLISHED).entries}
    columns = []
    for item in RATES:
        raw = table.raw[table.header[item.key]]
        read = read_cells(item, raw)
        cells = [None if gap else value for gap, value in zip(read.blank, raw, strict=True)]
        if item.kind in _FIGURES:
            cells = [None if text is None else float(text) for text in cells]
        elif item.kind == "date":
            cells = [None if text is None else dt.date.fromisoformat(text) for text in cells]
        if item.kind == "text":
            cells = [words.get(str(text), text) for text in cells]
        columns.append(cells)
    return [list(row) for row in zip(*columns, strict=True)]


def _column(sheet: Sheet, key: str) -> Ref:
    at = _PLACE[key]
    return sheet.ref(Span(_FIRST, at, _HEADER + _ROWS, at))


def _top_fees(sheet: Sheet, card: Ref) -> Ref:
    """What the functions charge at the top of every band: it shows that they use the row."""
    country, top, line, start = (
        _column(sheet, key) for key in ("country", "to_g", "line", "start")
    )
    arguments = (country, top, None, None, None, line, start, card, sheet.book.names["Fx"])
    text = f'=IFNA({sheet.text_of("LOGISTICSFEE", *arguments)},"")'
    found = sheet.result_of("LOGISTICSFEE", *arguments)
    shown = [["" if fee == "#N/A" else fee for fee in row] for row in found]
    area = Span(_FIRST, _CHECK, _HEADER + _ROWS, _CHECK)
    style = sheet.book.style("result", "money")
    sheet.array(area.text, text, shown, style)
    return sheet.ref(area)


def _checks(sheet: Sheet, fee: Ref) -> Ref:
    """A sentence for each row: complete, numbers, bands, overlap, gap, in use."""
    book, lang = sheet.book, sheet.book.lang
    for at, code in enumerate(("top_fee", "check"), _CHECK):
        sheet.put_at(_HEADER, at, WORDS(code, lang), book.style("result_header"))
    for down in range(_FIRST, _FIRST + _ROWS):
        blank, rest = _check_text(sheet, down)
        none = live.WORDS("short", lang)
        text = f'=IF({blank},"",IF(Live,{rest},"{none}"))'
        sheet.formula_at(down, _CHECK + 1, text, None, book.style("result", text_wrap=True))
    area = Span(_FIRST, _CHECK + 1, _HEADER + _ROWS, _CHECK + 1)
    live.cover(sheet, area, "short")
    for begin, colours in (("✔", palette.OK), ("△", palette.WARNING), ("✘", palette.ERROR)):
        test = {"type": "text", "criteria": "begins with", "value": begin}
        rule = test | {"format": book.light(colours)}
        sheet.page.conditional_format(*area, rule)
    return sheet.ref(area)


def _check_text(sheet: Sheet, row: int) -> tuple[str, str]:
    """Whether the row is blank, and what to say of one that is not."""
    lang = sheet.book.lang
    here = {key: f"${cell(row, at)}" for key, at in _PLACE.items()}
    whole = {
        key: _column(sheet, key).local
        for key in ("country", "line", "goods", "from_g", "to_g", "start")
    }
    inputs = f"${cell(row, 0)}:${cell(row, len(RATES) - 1)}"
    blocks = (("from_g", "registration"), ("round_g", "max_sum_cm"))
    figures = "+".join(
        f"COUNTA({here[first]}:{here[last]})-COUNT({here[first]}:{here[last]})"
        for first, last in blocks
    )
    alike = "*".join(f"({whole[key]}={here[key]})" for key in ("country", "line", "goods", "start"))
    begin = f"N({here['from_g']})"
    # Texts among the bounds are told in their own row; here they count as no bound.
    overlap = f"SUMPRODUCT({alike}*({whole['from_g']}<{here['to_g']})*({whole['to_g']}>{begin}))"
    below = f"SUMPRODUCT({alike}*({whole['to_g']}={begin}))"
    missing = " + ".join(_title(key, lang) for key in ("country", "to_g", "start"))
    needed = "+".join(f'({here[key]}="")' for key in ("country", "to_g", "start"))
    prices = f"COUNT({here['first_price']},{here['step_price']},{here['per_kg']},"
    prices += f"{here['registration']})"
    tests = (
        (f"{needed}>0", WORDS("missing", lang, columns=missing)),
        (f"{figures}>0", WORDS("not_number", lang)),
        (f"NOT(ISNUMBER({here['start']}))", WORDS("not_day", lang)),
        (f"{here['to_g']}<={begin}", WORDS("upside_down", lang)),
        (f"{prices}=0", WORDS("no_price", lang)),
        (f"{overlap}>1", WORDS("overlap", lang)),
        (f"NOT(ISNUMBER({cell(row, _CHECK)}))", WORDS("unused", lang)),
        (f"AND({begin}>0,{below}=0)", WORDS("gap", lang)),
    )
    text = f'"{WORDS("fine", lang)}"'
    for test, told in reversed(tests):
        text = f'IF({test},"{told}",{text})'
    return f"COUNTA({inputs})=0", text


def _title(key: str, lang: Any) -> str:
    return RATES[_PLACE[key]].title(lang)


def _matrix(sheet: Sheet, card: Ref) -> None:
    """Destinations across, lines down: what a parcel of the chosen weight costs."""
    book, lang = sheet.book, sheet.book.lang
    pieces.heading(sheet, _MATRIX - 3, WORDS("matrix", lang))
    inputs = (("weight", 89.0, "grams"), ("day", DAY, "date"))
    for at, (code, value, number) in enumerate(inputs):
        sheet.put_at(_MATRIX - 2, 3 * at, WORDS(code, lang), book.style("label"))
        sheet.put_at(_MATRIX - 2, 3 * at + 1, value, book.style("input", number))
    # On the first page across, which ends soon.
    note = book.style("long_note")
    sheet.over(_MATRIX - 1, 0, 5, note)
    sheet.page.set_row(_MATRIX - 1, 34)
    sheet.put_at(_MATRIX - 1, 0, WORDS("matrix_note", lang), note)
    weight, day = (sheet.at(_MATRIX - 2, at) for at in (1, 4))
    sheet.over(_MATRIX, 0, _ACROSS - 1, book.style("header"))
    sheet.put_at(_MATRIX, 0, WORDS("line", lang), book.style("header"))
    codes, names = book.names["CountryCodes"], book.names["CountryNames"]
    head = book.style("result_header")
    sheet.page.set_row(_MATRIX, 36)
    for at in range(_DESTINATIONS):
        code, name = codes.rows[at][0], names.rows[at][0]
        text = f'INDEX({codes.text},{at + 1})&" "&INDEX({names.text},{at + 1})'
        sheet.formula_at(_MATRIX, _ACROSS + at, f"={text}", f"{code} {name}", head)
        sheet.formula_at(
            _MATRIX + _LINES + 1, _ACROSS + at, f'=INDEX({codes.text},{at + 1})&""', code,
            book.style("note", font_color=palette.WHITE),
        )  # fmt: skip
    last = _ACROSS + _DESTINATIONS - 1
    destinations = sheet.ref(Span(_MATRIX + _LINES + 1, _ACROSS, _MATRIX + _LINES + 1, last))
    lines = list(dict.fromkeys(row[_PLACE["line"]] for row in shipped_rows()))
    for down in range(_LINES):
        row = _MATRIX + 1 + down
        style = book.style("input", "text")
        sheet.over(row, 0, _ACROSS - 1, style)
        sheet.put_at(row, 0, lines[down] if down < len(lines) else None, style)
        line = sheet.at(row, 0).if_given()
        arguments = (destinations, weight, None, None, None, line, day, card, book.names["Fx"])
        call = sheet.text_of("LOGISTICSFEE", *arguments)
        blank = f'{sheet.at(row, 0).text}=""'
        text = f'=IF({blank},"",IFNA({call},"—"))'
        found = sheet.result_of("LOGISTICSFEE", *arguments)
        shown = [["—" if is_error(fee) else fee for fee in fees] for fees in found]
        if line.value == "":
            shown = [[""] * _DESTINATIONS]
        area = f"{cell(row, _ACROSS)}:{cell(row, last)}"
        sheet.array(area, text, shown, book.style("result", "money", align="right"))
    _matrix_colours(sheet)


def _matrix_colours(sheet: Sheet) -> None:
    book = sheet.book
    area = (_MATRIX + 1, _ACROSS, _MATRIX + _LINES, _ACROSS + _DESTINATIONS - 1)
    good = {"type": "cell", "criteria": ">=", "value": 0, "format": book.light(palette.OK)}
    none = {"type": "cell", "criteria": "==", "value": '"—"'}
    none |= {"format": book.added({"font_color": palette.FAINT})}
    sheet.page.conditional_format(*area, none | {"stop_if_true": True})
    pieces.grey_errors(sheet, Span(*area))
    blank = {"type": "cell", "criteria": "==", "value": '""', "format": book.added({})}
    sheet.page.conditional_format(*area, blank | {"stop_if_true": True})
    sheet.page.conditional_format(*area, good)


def _head(sheet: Sheet, checks: Ref) -> None:
    """Title, and what is to be said of the whole card."""
    book, lang = sheet.book, sheet.book.lang
    sheet.page.set_row(0, 30)
    sheet.put("A1", WORDS("title", lang), book.style("title"))
    sheet.link_home("A2")
    sheet.put("B2", WORDS("about", lang), book.style("note"))
    told = checks.local
    counts = {
        "fine": f'COUNTIF({told},"✔*")',
        "hints": f'COUNTIF({told},"△*")',
        "wrong": f'COUNTIF({told},"✘*")',
    }
    covered = "+".join(
        f"(COUNT({cell(_MATRIX + 1, at)}:{cell(_MATRIX + _LINES, at)})>0)"
        for at in range(_ACROSS, _ACROSS + _DESTINATIONS)
    )
    fields = {key: f'"&{text}&"' for key, text in counts.items()}
    fields |= {"covered": f'"&({covered})&"', "all": str(_DESTINATIONS)}
    usual, empty = WORDS("state", lang, **fields), WORDS("empty", lang)
    filled = "+".join(counts.values())
    # Rows inserted among those that are printed are printed too.
    more = f"COUNTA(A{_FIRST + 1}:A{_HEADER + 1 + _ROWS})>ROWS(A{_FIRST + 1}:A{_PRINTED + 1})"
    usual = f'"{usual}"&IF({more},"{WORDS("not_printed", lang)}","")'
    state = f'IF({filled}=0,"{empty}",IF({counts["wrong"]}>0,"✘ ","✔ ")&{usual})'
    style = book.style("text", bold=True, valign="vcenter")
    sheet.over(2, 0, 11, style)
    sheet.page.set_row(2, 36)
    live.put(sheet, 2, 0, state, style, 11)
    live.colours(sheet, Span(2, 0, 2, 11), fine=palette.NOTE)
