"""Forms: arguments to fill in under their own titles, and the table that a function makes of them.

The table's array stands on the calculation sheet; what is shown is taken from it cell by cell, so
that rows that a result doesn't have are blank and a mistake is told in one line above the table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sellersheet.facts import catalogue
from sellersheet.functions import cases
from sellersheet.functions.reading import ARGUMENTS
from sellersheet.policy import load, standing_word
from sellersheet.policy.model import Standing
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.wording import Lang, Wording
from sellersheet_workbook.template import live, palette
from sellersheet_workbook.template.book import DAY, Ref, Sheet, Span, cell, hint
from sellersheet_workbook.template.cells import Given, Written, is_error
from sellersheet_workbook.template.content import yes_no
from sellersheet_workbook.template.policy_rules import IS_WRONG

FACTS: Final = Wording("sellersheet_workbook.template", "facts.toml")
CALCULATION_LEFT: Final = 60  # on the calculation sheet, right of what Orders and Home have there
_LINE: Final = 15.5  # points
_VERDICTS: Final = {"PASS": palette.OK, "FAIL": palette.ERROR, "UNKNOWN": palette.WARNING}


class Field(NamedTuple):
    """An argument to fill in: its name, what stands there at first, how it is shown."""

    name: str
    value: Any = None
    number: str = "general"
    choices: Sequence[str] = ()
    title: str = ""


def inputs(
    sheet: Sheet, top: int, fields: Sequence[Field], left: int = 0, over: int = 1
) -> dict[str, Given]:
    """Titles and cells to fill in, one below another; the cells as arguments, by name.

    A title goes ``over`` so many columns.
    """
    book, lang = sheet.book, sheet.book.lang
    given = {}
    at = left + over
    for row, field in enumerate(fields, top):
        item = ARGUMENTS.get(field.name)
        title = field.title or (item.title(lang) if item else field.name)
        result(sheet, row, left, title, over)
        sheet.put_at(row, at, field.value, book.style("input", field.number))
        sheet.page.set_row(row, 20)
        choices = list(field.choices)
        if item and item.kind == "yes_no" and not choices:
            choices = list(yes_no(lang))
        rule: dict[str, Any] = {"validate": "any"}
        if choices:
            rule = {"validate": "list", "source": choices, "error_type": "warning"}
        if item:
            rule |= hint(title, item.help(lang))
        if choices or item:
            sheet.page.data_validation(cell(row, at), rule)
        given[field.name] = sheet.at(row, at).if_given()
    return given


class FormTable(NamedTuple):
    """A table as it is shown: its cells below the header, the first column of each of its own,
    and the array behind it."""

    body: Ref
    lefts: Sequence[int]
    source: Ref

    @property
    def whole(self) -> Span:
        """With its header."""
        return self.body.area._replace(top=self.body.area.top - 1)

    def column(self, at: int) -> Ref:
        """The shown cells of a column, below the header."""
        area, left = self.body.area, self.lefts[at]
        return self.body.sheet.ref(Span(area.top, left, area.bottom, left))


def table(
    sheet: Sheet,
    place: tuple[int, int],
    calculation_row: int,
    size: tuple[int, int],
    call: Sequence[Any],
    numbers: Sequence[str],
    spans: Sequence[int] = (),
    picked: Sequence[int] = (),
    only: Written | None = None,
) -> FormTable:
    """A function's table from that place on: a line for what is wrong, the header, the rows.

    ``size`` are the most rows it can have, header included, and its columns; ``numbers`` says of
    each column how it is shown ("text" for words, "verdict" where some are PASS or FAIL);
    ``spans`` over how many of the sheet's it goes. Of a wide table the columns ``picked`` are
    shown, in that order; where ``only`` does not hold nothing is asked.
    """
    book, (top, left), (rows, columns) = sheet.book, place, size
    behind = book["calculation"]
    area = Span(
        calculation_row,
        CALCULATION_LEFT,
        calculation_row + rows - 1,
        CALCULATION_LEFT + columns - 1,
    )
    behind.growing(area, *call, only=only)
    source = behind.ref(area)
    found = source.rows
    first = behind.at(area.top, area.left).text
    last = behind.at(area.top, area.right).text
    wrong = is_error(found[0][0])
    told = book.style("text", bold=True, font_color=palette.RED, text_wrap=False)
    live.put_below(sheet, top, left, f'IF(ISERROR({first}),{last}&"","")', told)
    picked = picked or range(columns)
    spans = spans or (1,) * len(picked)
    lefts = [left + sum(spans[:at]) for at in range(len(spans))]
    rights = [start + span - 1 for start, span in zip(lefts, spans, strict=True)]
    widths = [sheet.width(*ends) for ends in zip(lefts, rights, strict=True)]
    titles = [found[0][of] for of in picked]
    # What has no title yet gets one of two lines at the most.
    lines = 2 if only and not only.value else max(map(lines_of, titles, widths))
    sheet.page.set_row(top + 1, max(24, _LINE * lines + 7))
    for of, title, start, end in zip(picked, titles, lefts, rights, strict=True):
        at = behind.at(area.top, area.left + of).text
        text = f"={where_sound(first, at)}"
        style = book.style("plain", bold=True, text_wrap=True, align="center")
        style = book.style("result_header") if title and not wrong else style
        sheet.over(top + 1, start, end, style)
        sheet.formula_at(top + 1, start, text, "" if wrong else title, style)
    # Rows that the result has not now are drawn when it has them.
    has = sum(row[0] != "" for row in found) if not wrong else 0
    below = Span(top + 1 + max(has, 1), left, top + rows, rights[-1])
    if has < rows:
        _drawn(sheet, top + 1, below, head=not has)
    for down in range(1, rows):
        lines, row, beside_number = 1, top + 1 + down, False
        for of, number, start, end in zip(picked, numbers, lefts, rights, strict=True):
            at = behind.at(area.top + down, area.left + of).text
            words, joined = number in ("text", "verdict"), ""
            value = found[down][of]
            if words:
                joined = '&""'
            if number == "verdict":
                at, value = in_words(Written(at, value), book.lang)
            text = f"={where_sound(first, at, joined)}"
            value = "" if wrong or is_error(value) else value
            aligned: dict[str, Any] = {"align": "left"} if words else {}
            if words and beside_number:  # which stands at the right of its cell
                aligned["indent"] = 1
            beside_number = not words
            number = "text" if words else number
            base = "result" if down < has else "plain"
            style = book.style(base, number, text_wrap=True, **aligned)
            sheet.over(row, start, end, style)
            sheet.formula_at(row, start, text, value, style)
            room = sheet.width(start, end) - 2 * aligned.get("indent", 0)
            lines = max(lines, lines_of(value, room))
        high(sheet, row, lines)
    body = Span(top + 2, left, top + rows, rights[-1])
    loss = {"type": "cell", "criteria": "<", "value": 0}
    loss["format"] = book.added({"font_color": palette.RED})
    sheet.page.conditional_format(body.top, body.left, body.bottom, body.right, loss)
    return FormTable(sheet.ref(body), lefts, source)


def _drawn(sheet: Sheet, header: int, area: Span, *, head: bool) -> None:
    """Lines of rows that have a result, and the header of one: a saved blank is a space."""
    lines = {"border": 1, "border_color": palette.LINE}
    blocks = [(area, lines)]
    if head:
        look = {**lines, "font_color": palette.WHITE, "bg_color": palette.BLUE}
        blocks.append((Span(header, area.left, header, area.right), look))
    for block, look in blocks:
        test = f"=LEN(TRIM(${cell(block.top, block.left)}))>0"
        rule = {"type": "formula", "criteria": test, "format": sheet.book.added(look)}
        sheet.page.conditional_format(*block, rule)


def where_sound(first: str, at: str, joined: str = '&""') -> str:
    """A cell of a table: blank where the inputs are wrong, which a line above tells.

    Any other error than #VALUE! stands: without the functions there is no result.
    """
    return f'IFERROR(IF(ERROR.TYPE({first})=3,"",{at}{joined}),{at}{joined})'


def high(sheet: Sheet, row: int, lines: int) -> None:
    """The height of a row for so many lines."""
    sheet.page.set_row(row, max(20, _LINE * lines + 4))


def lines_of(value: Any, width: float) -> int:
    """How many lines a text needs in a column of that width."""
    text = value if isinstance(value, str) else ""
    return sum(max(1, math.ceil(wide(part) / width)) for part in text.split("\n"))


def wide(text: str) -> float:
    """About the width of a small text, in the units of a column's width."""
    return sum(1.85 if ord(character) > 0x2E7F else 0.86 for character in text)


def in_words(told: Written, lang: Lang) -> tuple[str, Any]:
    """A text of a function with its verdicts as the sheet's language has them."""
    text, value = told.text, told.value
    for code, word in cases.verdict_words(lang).items():
        for here in (f" {code} ", code) if word != code else ():  # as cases.told has it
            text = f'SUBSTITUTE({text},"{here}","{word}")'
    return text, cases.told(value, lang) if isinstance(value, str) else value


def verdict_lights(lang: Lang) -> dict[str, tuple[str, str]]:
    """Green, red and amber for the words of verdicts."""
    return {word: _VERDICTS[code] for code, word in cases.verdict_words(lang).items()}


def standing_lights(lang: Lang) -> dict[str, tuple[str, str]]:
    """For the words of how a value of the policy stands."""
    lights: dict[Standing, tuple[str, str]] = {
        "stated": palette.OK, "read": palette.NOTE, "assumed": palette.WARNING, "own": palette.OWN,
    }  # fmt: skip
    return {standing_word(standing, lang): colour for standing, colour in lights.items()}


def lights(sheet: Sheet, area: Span, colours: dict[str, tuple[str, str]]) -> None:
    """Colours by the words of the cells."""
    for word, colour in colours.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"'}
        rule |= {"format": sheet.book.light(colour)}
        sheet.page.conditional_format(*area, rule)


def grey_errors(sheet: Sheet, area: Span) -> None:
    """Error values keep what they are, but do not cry: a line in words says why."""
    test = f"=ISERROR({cell(area.top, area.left)})"
    faint = sheet.book.added({"font_color": palette.FAINT})
    rule = {"type": "formula", "criteria": test, "format": faint}
    sheet.page.conditional_format(*area, rule)


def head(sheet: Sheet, title: str, about: str, last: int | None) -> None:
    """The title, the way back, what the sheet is for; and up to the column ``last`` a line where
    something is wrong, unless the sheet has its own."""
    book = sheet.book
    sheet.page.set_row(0, 32)
    sheet.put("A1", title, book.style("title"))
    sheet.link_home("A2")
    sheet.put("B2", about, book.style("note"))
    if last is None:
        return
    told = f'IF({IS_WRONG},"✘ "&PolicyWrong,"")'
    style = book.style("text", bold=True, valign="vcenter", text_wrap=False)
    live.put(sheet, 2, 0, told, style, last)
    live.colours(sheet, Span(2, 0, 2, last))


def heading(sheet: Sheet, row: int, text: str, note: str = "", column: int = 0) -> None:
    """A heading of a part of the sheet in a band across it, a note below it.

    One of a block at the right comes after that at the left, in the same band.
    """
    band = sheet.book.style("section")
    sheet.page.set_row(row, 24)
    for at in range(len(sheet.widths) if column == 0 else 0):
        sheet.put_at(row, at, None, band)
    sheet.put_at(row, column, text, band)
    if note:
        sheet.put_at(row + 1, column, note, sheet.book.style("note"))


def contents(sheet: Sheet, row: int, words: str, parts: Sequence[int]) -> None:
    """Links to the parts of a long sheet, side by side: a word each, and the rows."""
    wide_enough = (at for at, width in enumerate(sheet.widths) if width > palette.GAP)
    for word, part, at in zip(words.split("|"), parts, wide_enough, strict=False):
        sheet.link(cell(row, at), sheet, word, cell(part, 0))


def result(sheet: Sheet, row: int, column: int, title: str, over: int = 1) -> None:
    """The title of a cell that stands beside it, over so many columns."""
    style = sheet.book.style("label")
    sheet.over(row, column, column + over - 1, style)
    sheet.put_at(row, column, title, style)


def facts(
    sheet: Sheet,
    top: int,
    topic: str,
    values: Sequence[str],
    spans: tuple[int, int, int],
) -> int:
    """What the articles tell under a topic: in words, and these values as the policy has them;
    the row after it.

    ``spans`` are the columns of the fact, of its standing with its scope, and of its source.
    """
    book, lang = sheet.book, sheet.book.lang
    named = catalogue().topics[topic]
    heading(sheet, top, FACTS("told", lang, topic=named.title(lang)))
    policy = load()
    rows: list[Sequence[str | Written]] = []
    for fact in catalogue().facts:
        if fact.topic == topic:
            about = " · ".join(filter(None, (standing_word("stated", lang), fact.scope(lang))))
            source = policy.sources[fact.source].text(lang, fact.section)
            rows.append((fact.text(lang), about, source))
    rows += [_of_policy(sheet, name) for name in values]
    lefts = [sum(spans[:at]) for at in range(len(spans))]
    places = [(left, left + span - 1) for left, span in zip(lefts, spans, strict=True)]
    titles = [FACTS(code, lang) for code in ("fact", "about", "source")]
    across(sheet, top + 1, titles, places, book.style("header"))
    style = book.style("result", text_wrap=True, font_size=10)
    for down, told in enumerate(rows, top + 2):
        high(sheet, down, across(sheet, down, told, places, style))
    return top + 2 + len(rows)


def across(
    sheet: Sheet, row: int, texts: Sequence[str | Written], places: Sequence[tuple[int, int]],
    style: Any,
) -> int:  # fmt: skip
    """Texts in one row, each over its columns, first and last; how many lines they need."""
    lines = 1
    for text, (left, right) in zip(texts, places, strict=True):
        sheet.over(row, left, right, style)
        if isinstance(text, Written):
            sheet.show(row, left, text, style)
        else:
            sheet.put_at(row, left, text, style)
        words = text.value if isinstance(text, Written) else text
        lines = max(lines, lines_of(words, sheet.width(left, right)))
    return lines


def _of_policy(sheet: Sheet, name: str) -> list[Written]:
    """A value with standing and source, as formulas that follow the user's own."""
    own, lang = sheet.book.names["Overrides"], sheet.book.lang
    row = load().row(name, DAY, lang)
    title, shown, standing, source = (
        sheet.text_of("POLICYVALUE", name, DAY, field, own)
        for field in ("title", "shown", "standing", "source")
    )
    fact = FACTS("valued", lang, fact=row["title"], value=row["value"])
    return [
        Written(f'{title}&"{FACTS("colon", lang)}"&{shown}', fact).joined,
        Written(standing, row["standing_word"]).joined,
        Written(source, row["source"]).joined,
    ]


def reason_of_fee(sheet: Sheet, *call: Any) -> Written:
    """The reason that a call of SEMIFEE_DETAIL gives, behind the status; "" for none."""
    at = len(FEE_PARTS) + 2
    found = sheet.result_of(*call)[0][at]
    return Written(f'INDEX({sheet.text_of(*call)},1,{at + 1})&""', found)
