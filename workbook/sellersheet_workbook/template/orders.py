"""Sheet Orders: one table of inputs and results, the results from one ORDERTABLE."""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from sellersheet.columns import INPUT, OUTPUT, Column
from sellersheet.wording import Lang
from sellersheet_workbook.template import live, order_table
from sellersheet_workbook.template.book import Book, Sheet
from sellersheet_workbook.template.cells import Span, Written, cell, is_number
from sellersheet_workbook.template.content import WORDS
from sellersheet_workbook.template.order_table import (
    COLUMNS,
    FIRST,
    FOLDED,
    GIVEN,
    GIVEN_FROM,
    GIVEN_TO,
    HEADER,
    below,
    body,
    head_style,
    name_parts,
    place,
    style_of,
    width,
)
from sellersheet_workbook.template.palette import BLUE, TEXT, WARNING
from sellersheet_workbook.template.pieces import as_shown, high, lines_of, sentence, total
from sellersheet_workbook.template.policy_rules import IS_WRONG

CALCULATION_TOP: Final = 2  # the row of ORDERTABLE's header on the calculation sheet
_RESULTS: Final = {item.key: at for at, item in enumerate(OUTPUT)}
_BAND: Final = GIVEN_FROM + 12  # the last column of the line that says how things are
_FROZEN: Final = GIVEN_FROM + 2  # the results before, shop and order number stay in sight
_TOLD: Final = place("reason")  # what is told above the table begins here
_SUMMED: Final = ("refund_cny", "goods_lost_cny", "cost_cny", "other_cny")


def fill(book: Book) -> None:
    """The inputs, the calculation, the results, then what stands above the header."""
    sheet = book["orders"]
    _inputs(sheet)
    _calculation(book)
    _results(sheet)
    _table(sheet)
    _totals(sheet)
    _above(sheet)
    order_table.add(sheet)
    sheet.page.freeze_panes(FIRST, _FROZEN)
    sheet.print_on_a4(wide=3, header_row=HEADER)  # on one page across nobody could read it
    sheet.page.repeat_columns(place("order_id"))
    sheet.page.print_area(0, 0, _printed(book), len(COLUMNS) - 1)
    sheet.tab()


def _printed(book: Book) -> int:
    """The last row that is printed; rows inserted above it are printed too."""
    return FIRST + max(len(book.content.lines), 1) + 2


def _inputs(sheet: Sheet) -> None:
    book = sheet.book
    # Cells without a value have no cell in the file: the column's format is theirs.
    styles = [style_of(book, item) for item in COLUMNS]
    sheet.columns(*(width(item) for item in COLUMNS))
    for at, item in enumerate(COLUMNS):
        title = item.title(book.lang)
        folded = {"level": 1, "hidden": True} if item in FOLDED else {}
        folded |= {"collapsed": True} if at == GIVEN_TO + 1 else {}
        sheet.page.set_column(at, at, sheet.widths[at], styles[at], folded)
        sheet.put_at(HEADER, at, title, head_style(book, item))
    for down, line in enumerate(book.content.lines):
        for at, item in enumerate(GIVEN, GIVEN_FROM):
            value = line.get(item.key)
            if value is not None:
                sheet.put_at(FIRST + down, at, value, styles[at])


def _calculation(book: Book) -> None:
    """ORDERTABLE over all live rows, on the hidden calculation sheet."""
    sheet = book["calculation"]
    name_parts(book)
    sheet.put("A1", WORDS("calculation", book.lang), book.style("note"))
    names = book.names
    bottom = CALCULATION_TOP + book.content.rows
    sheet.call(
        f"{cell(CALCULATION_TOP, 0)}:{cell(bottom, len(OUTPUT) - 1)}",
        "ORDERTABLE",
        *(names[name] for name in ("OrderInputs", "Rates", "Overrides", "Fx", "SKU_costs")),
    )
    book.name("Results", sheet.ref(Span(CALCULATION_TOP + 1, 0, bottom, len(OUTPUT) - 1)))


def _result_formula(item: Column, row: int, lang: Lang) -> str:
    """The result of the row: by its place below the header, so it may be sorted and moved.

    A row without a status is blank; where there are no errors nothing else is asked either, so
    that saved results stand when nothing is calculated.
    """
    column = xl_col_to_name(place(item.key))
    number = f"ROW()-ROW({column}${HEADER + 1})"
    # LibreOffice takes a text of an array for another than the same text typed in; joined it
    # is one like every other, for conditional colours, filters and COUNTIF.
    joined = '&""' if item.kind == "text" else ""
    found = f"INDEX(Results,{number},{_RESULTS[item.key] + 1}){joined}"
    if item.key == "status":
        given = f"${cell(row, GIVEN_FROM)}:${cell(row, GIVEN_TO)}"
        return f'=IF(COUNTA({given})=0,"",IF({number}>ROWS(Results),"",{found}))'
    status = f"${cell(row, place('status'))}"
    if item.key == "reason":  # where no row can be computed it says why, beside the errors
        fine = order_table.status_word("ok", lang)
        return f'=IF(IFERROR(OR({status}="",{status}="{fine}"),FALSE),"",{found})'
    return f'=IF({status}="","",{found})'


def _results(sheet: Sheet) -> None:
    found = sheet.book.names["Results"].rows
    for item in OUTPUT:
        style, at = style_of(sheet.book, item), place(item.key)
        for down in range(sheet.book.content.rows):
            text = _result_formula(item, FIRST + down, sheet.book.lang)
            value = found[down][_RESULTS[item.key]]
            sheet.formula_at(FIRST + down, at, text, value, style)
            if item.key == "reason" and (lines := lines_of(value, TEXT - 2)) > 1:
                high(sheet, FIRST + down, lines)


def _table(sheet: Sheet) -> None:
    book = sheet.book
    columns: list[dict[str, Any]] = []
    for item in COLUMNS:
        columns.append({"header": item.title(book.lang), "header_format": head_style(book, item)})
        if item in OUTPUT:
            columns[-1]["formula"] = _result_formula(item, FIRST, book.lang)
    area = f"{cell(HEADER, 0)}:{cell(HEADER + book.content.rows, len(COLUMNS) - 1)}"
    sheet.table(area, "Orders", columns)


def _totals(sheet: Sheet) -> None:
    """Sums of what is shown: a filter counts, an error cell doesn't."""
    book, row = sheet.book, HEADER - 1
    style = book.style("total", "money")
    plain = book.style("total")
    sheet.page.set_row(row, 20, plain)
    sheet.put_at(row, 0, WORDS("total", book.lang), plain)
    for at, item in enumerate(COLUMNS):
        if item.kind != "money" or (item in INPUT and item.key not in (*_SUMMED, "paid_cny")):
            continue
        ref = body(book, item.key)
        inner = ref.local
        value = total(ref).value
        sheet.formula_at(row, at, f'=IF(Saved="","",AGGREGATE(9,7,{inner}))', value, style)
    _covered(sheet, row)


def _covered(sheet: Sheet, row: int) -> None:
    """Where not every amount has its fees the totals say so, by how many rows."""
    book, lang = sheet.book, sheet.book.lang
    refs = (body(book, key) for key in ("paid_cny", "total_fee_cny"))
    paid, known = (
        Written(f"AGGREGATE(2,7,{ref.local})", sum(is_number(cell) for (cell,) in ref.rows))
        for ref in refs
    )
    counts = {"paid": as_shown(paid, "#,##0"), "known": as_shown(known, "#,##0")}
    told = sentence(WORDS, "covered", lang, **counts)
    text = f'IF(Saved="","",IF({paid.text}={known.text},"",{told.text}))'
    shown = Written(text, "" if paid.value == known.value else told.value)
    sheet.show(row, _TOLD, shown, book.style("total", font_color=WARNING[0]))


def _above(sheet: Sheet) -> None:
    """Title, how to use it, how many rows are used and what is wrong with them."""
    book, lang = sheet.book, sheet.book.lang
    plain = book.style()
    for row in range(HEADER - 1):
        sheet.page.set_row(row, 30 if row == 0 else 20, plain)
    sheet.page.set_row(HEADER, 34)
    note = book.style("note")
    sheet.put("A1", WORDS("title", lang), book.style("title"))
    sheet.link_home("A2")
    sheet.put_at(1, _TOLD, WORDS("how", lang), note)
    sample = WORDS("sample", lang) if book.content.sample else WORDS("own", lang)
    told = book.style("note", bold=book.content.sample, font_color=WARNING[0])
    sheet.put_at(2, _TOLD, sample, told)
    style = book.style("note", bold=True)
    live.put(sheet, HEADER - 2, _TOLD, _state(book), style, _BAND)
    band = book.style("note", bold=True, font_color=BLUE)
    sheet.put_at(HEADER - 2, GIVEN_TO + 1, WORDS("results", lang), band)


def _state(book: Book) -> str:
    """How many rows are used and need a look; above all, rows beyond the live ones, rows that
    lost their formulas, and amounts that are texts: no sum counts these."""
    lang = book.lang
    far, fars = (below(book, key).local for key in ("paid_cny", "status"))
    status = body(book, "status")
    # An inserted row has no formulas in LibreOffice, and deleted rows take theirs with them.
    empty = f'COUNTIFS({_live(far)},"<>",{_live(fars)},"")'
    fine = f'"<>{order_table.status_word("error", lang)}"'
    # Not "?*": LibreOffice takes a number for a text that matches it.
    filled, numbers = (
        f"COUNTIFS({_live(far)},{test},{_live(fars)},{fine})" for test in ('"<>"', '">-1E+12"')
    )
    texts = f"({filled}-{numbers})"
    beyond = f"COUNTA(INDEX({far},ROWS(Results)+1):INDEX({far},ROWS({far})))"
    used = f"COUNTA({far})"
    counts = {
        code: f'COUNTIF({status.local},"{order_table.status_word(code, lang)}")'
        for code in ("error", "warning", "note")
    }
    fields = {"rows": '"&TEXT(ROWS(Results),"#,##0")&"', "used": f'"&TEXT({used},"#,##0")&"'}
    fields |= {code: f'"&{text}&"' for code, text in counts.items()}
    usual = WORDS("state", lang, **fields)
    paper = f"ROWS(A{FIRST + 1}:A{_printed(book) + 1})"
    usual += f'"&IF({used}>{paper},"{WORDS("not_printed", lang)}","")&"'
    too_many = WORDS("beyond", lang, beyond=f'"&TEXT({beyond},"#,##0")&"', rows=fields["rows"])
    deleted = WORDS("deleted", lang, column=COLUMNS[place("paid_cny")].title(lang))
    # COUNTA counts the error of a deleted column as a cell; ROWS passes it on.
    unfilled = WORDS("unfilled", lang, count=f'"&TEXT({empty},"#,##0")&"')
    as_text = WORDS("as_text", lang, count=f'"&TEXT({texts},"#,##0")&"')
    usual = f'IF({empty}>0,"{unfilled}",IF({texts}>0,"{as_text}","{usual}"))'
    short = WORDS("short", lang, rows=fields["rows"])
    usual = f'IF(ROWS({status.local})<ROWS(Results),"{short}",{usual})'
    return (
        f'IF({IS_WRONG},"✘ "&PolicyWrong,'
        f'IFERROR(IF(ROWS({far})*{beyond}>0,"{too_many}",{usual}),"{deleted}"))'
    )


def _live(far: str) -> str:
    """The cells of a column that ORDERTABLE reads, however many rows were deleted."""
    return f"INDEX({far},1):INDEX({far},ROWS(Results))"
