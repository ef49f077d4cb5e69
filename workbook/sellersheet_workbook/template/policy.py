"""Sheet Policy: every value in force, where it is from, and the user's own in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sellersheet.columns import OVERRIDES
from sellersheet.policy import load
from sellersheet.wording import Lang
from sellersheet_workbook.template import live, palette, pieces, policy_rules
from sellersheet_workbook.template.book import DAY, Book, Sheet
from sellersheet_workbook.template.cells import Ref, Span, cell
from sellersheet_workbook.template.palette import LABEL, LONG, NUMBER, TEXT
from sellersheet_workbook.template.policy_rules import WORDS

_EFFECT: Final = 6  # the row of the heading, from 0
HEADER: Final = 13
FIRST: Final = HEADER + 1  # the language row
_SPARE: Final = 8
# The columns, from left to right; those of the table Overrides stand together.
_COLUMNS: Final = (
    ("rule", NUMBER), ("title", TEXT), ("shown", LABEL), ("value", NUMBER), ("start", NUMBER),
    ("reason", NUMBER), ("name", LABEL), ("by", NUMBER), ("standing", NUMBER),
    ("in_force", NUMBER), ("source", LONG), ("note", LONG), ("raw", LABEL), ("snapshot", NUMBER),
)  # fmt: skip
AT: Final = {key: at for at, (key, _) in enumerate(_COLUMNS)}
_TABLE: Final = ("value", "start", "reason", "name")
_FOLDED: Final = ("name", "by")
_RESULTS: Final = ("shown", "standing", "in_force")
# A rule's letter -> the section it stands under; lists that one cell can't replace come last.
_SECTIONS: Final = ("F", "E", "P", "D", "M")
_LISTS: Final = "lists"
_LINE: Final = 15  # points
_TALLEST: Final = 400
# The example orders: a common one, and one on which every fee falls.
_ORDERS: Final = (("usual", 0, 1, True), ("all_fees", 1, 5, False))


def fill(book: Book) -> None:
    """The table first: what stands above it asks for it."""
    sheet = book["policy"]
    sheet.columns(*_widths(book.lang).values())
    for key in _FOLDED:
        folded = {"level": 1, "hidden": True}
        sheet.page.set_column(AT[key], AT[key], sheet.widths[AT[key]], None, folded)
    after = AT[_FOLDED[-1]] + 1
    sheet.page.set_column(after, after, sheet.widths[after], None, {"collapsed": True})
    sheet.put("C4", DAY, book.style("input", "date", align="left"))
    day = sheet["C4"]
    lines = list(_lines(book))
    _values(sheet, lines)
    last = FIRST + len(lines) + _SPARE
    own = _own_table(sheet, lines, last)
    _in_force(sheet, last, day, own)
    policy_rules.add_names(sheet, day, own)
    _head(sheet, last)
    _effect(sheet, day, own)
    _colours(sheet, last)
    sheet.page.freeze_panes(FIRST, 2)
    sheet.print_on_a4(header_row=HEADER)
    # What can be changed: neither the lists at the end, nor sources and notes, which are long.
    sheet.page.print_area(0, 0, FIRST + lines.index(_LISTS), AT["in_force"])
    sheet.tab()


def _widths(lang: Lang) -> dict[str, int]:
    """A list of words is longer in English: no row may be higher than a page."""
    return dict(_COLUMNS) | ({"shown": TEXT, "standing": LABEL} if lang == "en" else {})


def _lines(book: Book) -> Iterator[dict[str, Any] | str]:
    """The values by section, each after the code of its section."""
    by_section: dict[str, list[dict[str, Any]]] = {}
    for row in load().rows(DAY, book.lang):
        section = _LISTS if row["raw"] is None else row["rule"][0]
        by_section.setdefault(section, []).append(row)
    for section in (*_SECTIONS, _LISTS):
        yield section
        yield from by_section[section]


def _values(sheet: Sheet, lines: list[dict[str, Any] | str]) -> None:
    """What does not change: rule, title, and the built-in value with its source."""
    book, lang = sheet.book, sheet.book.lang
    own = {item.key: item.title(lang) for item in OVERRIDES}
    for key, at in AT.items():
        base = "result_header" if key in _RESULTS else "header"
        title = own[key] if key in own else WORDS(f"column_{key}", lang)
        sheet.put_at(HEADER, at, title, book.style(base, align="left", indent=1))
    sheet.page.set_row(HEADER, 36)
    small = book.style("result", text_wrap=True)
    sheet.put_at(FIRST, AT["title"], WORDS("lang", lang), small)
    sheet.put_at(FIRST, AT["raw"], "zh / en", small)
    for down, row in enumerate(lines, FIRST + 1):
        if isinstance(row, str):
            band = book.style("section")
            for at in AT.values():
                sheet.put_at(down, at, None, band)
            sheet.put_at(down, 0, WORDS(f"section_{row}", lang), band)
            sheet.page.set_row(down, 22)
            continue
        raw = row["raw"] if row["raw"] is not None else WORDS("many", lang)
        told = {"rule": row["rule"], "title": row["title"], "raw": raw}
        told |= {"source": _section(row["source"], lang), "note": row["note"]}
        for key, text in told.items():
            sheet.put_at(down, AT[key], text, small)
        date = book.style("result", "date", align="left")
        sheet.put_at(down, AT["snapshot"], row["snapshot"], date)
        widths = _widths(lang)
        lines_needed = max(
            pieces.lines_of(str(text), widths[key])
            for key, text in {**told, "shown": row["value"]}.items()
        )
        sheet.page.set_row(down, max(20, min(_LINE * lines_needed + 5, _TALLEST)))


def _section(source: str, lang: Lang) -> str:
    """Article and section alone: where and when it appeared is told above the table."""
    for article in load().sources.values():
        name = f"《{article.title}》" if lang == "zh" else article.title_en
        source = source.replace(article.text(lang), name)
    return source


def _own_table(sheet: Sheet, lines: list[dict[str, Any] | str], last: int) -> Ref:
    """The table Overrides: a row for each value, some for a second start, and the language."""
    book, lang = sheet.book, sheet.book.lang
    key_style = book.style("result", font_color=palette.GREY)
    kinds = {"value": "general", "start": "date", "reason": "text", "by": "text"}
    styles = {key: book.style("input", kind, text_wrap=True) for key, kind in kinds.items()}
    rows = [None if isinstance(line, str) else line["name"] for line in lines]
    keys = ["lang", *rows, *[""] * (last - FIRST - len(rows))]
    for down, key in enumerate(keys, FIRST):
        if key is None:
            continue
        sheet.put_at(down, AT["name"], key or None, key_style if key else styles["reason"])
        sheet.put_at(down, AT["value"], lang if key == "lang" else None, styles["value"])
        for at in ("start", "reason", "by"):
            sheet.put_at(down, AT[at], None, styles[at])
    first_spare = FIRST + len(rows) + 1
    for down in range(first_spare, last + 1):
        sheet.put_at(down, AT["title"], WORDS("spare", lang), book.style("note"))
    policy_rules.add(sheet, [line if isinstance(line, dict) else None for line in lines],
                     FIRST, first_spare, last, AT)  # fmt: skip
    titles = {item.key: item.title(lang) for item in OVERRIDES}
    head = book.style("header", align="left", indent=1)
    columns = [{"header": titles[key], "header_format": head} for key in _TABLE]
    area = Span(HEADER, AT[_TABLE[0]], last, AT[_TABLE[-1]])
    return sheet.table(area.text, "Overrides", columns, filtered=False)


def _in_force(sheet: Sheet, last: int, day: Ref, own: Ref) -> None:
    """What holds on the day, with the user's own values: three array formulas."""
    names = sheet.ref(Span(FIRST + 1, AT["name"], last, AT["name"]))
    fields = (("shown", "shown", ""), ("standing", "standing", ""), ("in_force", "start", "date"))
    for key, field, number in fields:
        arguments = ("POLICYVALUE", names, day, field, own)
        text = f'=IFNA({sheet.text_of(*arguments)},"")'
        style = _small(sheet, "light" if key == "standing" else "result", number)
        shown = [
            ["" if value == "#N/A" else value for value in row]
            for row in sheet.result_of(*arguments)
        ]
        area = f"{cell(FIRST + 1, AT[key])}:{cell(last, AT[key])}"
        sheet.array(area, text, shown, style, leave=[not row[0] for row in names.rows])


def _small(sheet: Sheet, base: str, number: str) -> Any:
    """A result cell with a border."""
    more: dict[str, Any] = {"text_wrap": True, "valign": "vcenter"}
    if base == "light":
        more |= {"border": 1, "border_color": palette.LINE}
    if number:
        more["align"] = "left"
    return sheet.book.style(base, number, **more)


def _head(sheet: Sheet, last: int) -> None:
    """Title, the day, and whether the own values can be used."""
    book, lang = sheet.book, sheet.book.lang
    pieces.head(sheet, WORDS, line=False, version=load().version)
    sheet.put("B3", WORDS("how", lang), book.style("note"))
    sheet.put("B4", WORDS("day", lang), book.style("label"))
    articles = WORDS("and", lang).join(source.text(lang) for source in load().sources.values())
    sheet.put("E4", WORDS("articles", lang, articles=articles), book.style("note"))
    count = own_count(sheet, last)
    some = WORDS("some", lang, count=f'"&{count}&"')
    text = f'IF({policy_rules.IS_WRONG},"✘ "&PolicyWrong,IF({count}=0,"{WORDS("none", lang)}",'
    text += f'"{some}"))'
    sheet.page.set_row(4, 36)
    style = book.style("text", valign="vcenter", bold=True)
    right = AT["note"] - 1
    sheet.over(4, 0, right, style)
    live.put(sheet, 4, 0, text, style, right)
    live.colours(sheet, Span(4, 0, 4, right), fine=palette.NOTE)


def own_count(sheet: Sheet, last: int) -> str:
    """How many own values are in use: an expression, and the name OwnCount for it."""
    names = sheet.ref(Span(FIRST, AT["name"], last, AT["name"])).text
    values = sheet.ref(Span(FIRST, AT["value"], last, AT["value"])).text
    behind = sheet.book["calculation"]
    text = f'=SUMPRODUCT(({values}<>"")*({names}<>"")*({names}<>"lang"))'
    behind.formula("H1", text, 0)
    sheet.book.name("OwnCount", behind["H1"])
    return "OwnCount"


def _effect(sheet: Sheet, day: Ref, own: Ref) -> None:
    """What the own values change on an order of 100."""
    book, lang = sheet.book, sheet.book.lang
    sheet.put_at(_EFFECT, 0, WORDS("effect", lang), book.style("heading"))
    titles = [WORDS(f"effect_{key}", lang) for key in ("order", "built_in", "own", "change")]
    for at, title in enumerate(titles, 1):
        sheet.put_at(_EFFECT + 1, at, title, book.style("result_header", align="left", indent=1))
    amount = book.style("result", "money", align="right")
    for down, (code, parcel, days, box) in enumerate(_ORDERS, _EFFECT + 2):
        word = WORDS("oversize", lang) if parcel else None
        given = ("SEMIFEE", 100, 22.6, word, days, box, None, day)
        told = WORDS(code, lang)
        sheet.put_at(down, 1, told, book.style("result", text_wrap=True))
        sheet.page.set_row(down, pieces.LINE * pieces.lines_of(told, sheet.width(1, 1)) + 4)
        before = sheet.call(cell(down, 2), *given, style=amount)
        after = sheet.call(cell(down, 3), *given, own, style=amount)
        style = book.style("result", "change", bold=True)
        text = f"={cell(down, 3)}-{cell(down, 2)}"
        sheet.formula_at(down, 4, text, round(after - before, 2), style)
        book.name(f"Effect_{code}", sheet.at(down, 4))
    pieces.grey_errors(sheet, Span(_EFFECT + 2, 2, _EFFECT + 1 + len(_ORDERS), 4))
    row = _EFFECT + 2 + len(_ORDERS)
    sheet.put_at(row, 1, WORDS("my_orders", lang), book.style("result", text_wrap=True))
    for at, name in ((2, "OrdersBuiltIn"), (3, "OrdersInForce"), (4, "OrdersChange")):
        style = book.style("result", "change" if at == 4 else "money", align="right", bold=at == 4)
        sheet.formula_at(row, at, f'=IF(OwnCount=0,"—",{name})', "—", style)
    sheet.page.set_row(row, 20)


def _colours(sheet: Sheet, last: int) -> None:
    at = AT["standing"]
    pieces.lights(sheet, Span(FIRST + 1, at, last, at), pieces.standing_lights(sheet.book.lang))
    for key in _RESULTS:
        pieces.grey_errors(sheet, Span(FIRST + 1, AT[key], last, AT[key]))
