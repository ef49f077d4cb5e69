"""Policy: what may be entered in place of a value, and where a wrong one stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from sellersheet.policy import load
from sellersheet.policy.kinds import NUMBERS, WHOLE
from sellersheet.wording import Wording
from sellersheet_workbook.template.book import DAYS, LONGEST_MESSAGE, LONGEST_TITLE, Sheet, hint
from sellersheet_workbook.template.cells import Ref
from sellersheet_workbook.template.content import words_of

WORDS: Final = Wording("sellersheet_workbook.template", "policy.toml")
# A saved blank is a space: see cells.Page.
IS_WRONG: Final = "LEN(PolicyWrong)>1"
_LARGEST: Final = 1_000_000_000


def add(
    sheet: Sheet,
    lines: Sequence[dict[str, Any] | None],
    first: int,
    first_spare: int,
    last: int,
    at: dict[str, int],
) -> None:
    """Validation of every cell of the table; a heading's row has none."""
    lang, page = sheet.book.lang, sheet.page
    languages = {"validate": "list", "source": ["zh", "en"]}
    page.data_validation(first, at["value"], first, at["value"], languages)
    for down, row in enumerate(lines, first + 1):
        if row is not None:
            page.data_validation(down, at["value"], down, at["value"], _rule(row, lang))
    day = {"validate": "date", "criteria": "between", "minimum": DAYS[0], "maximum": DAYS[1]}
    day |= {"error_title": WORDS("column_start", lang), "error_message": WORDS("a_day", lang)}
    page.data_validation(first, at["start"], last, at["start"], day)
    column = xl_col_to_name(at["name"])
    names = f"=${column}${first + 2}:${column}${first_spare}"
    spare = {"validate": "list", "source": names, "show_error": False}
    spare |= hint(WORDS("spare", lang), WORDS("spare_how", lang))
    page.data_validation(first_spare, at["name"], last, at["name"], spare)


def _rule(row: dict[str, Any], lang: Any) -> dict[str, Any]:
    """By the value's kind and bounds; what is allowed stands in both messages."""
    value, title = load().value(row["name"]), row["title"][:LONGEST_TITLE]
    if row["raw"] is None:
        told = WORDS("not_here", lang)
        refused = {"validate": "custom", "value": "=FALSE", "error_title": title}
        return hint(title, told) | refused | {"error_message": told}
    message = WORDS(f"enter_{row['kind']}", lang, raw=row["raw"][:60])
    rule = {"validate": "any"} | hint(title, message)
    if row["kind"] == "choice":
        words = words_of(value.allowed, lang)
        return rule | {"validate": "list", "source": words, "show_error": False}
    if row["kind"] not in NUMBERS:
        return rule
    low = float(value.low) if value.low is not None else 0.0
    high = float(1 if row["kind"] == "rate" else _LARGEST)
    high = float(value.high) if value.high is not None else high
    fields = {"low": f"{low:,.6g}", "high": f"{high:,.6g}" if high < 1e6 else f"{high:,.0f}"}
    if row["kind"] == "rate":
        fields = {"low": f"{low:.6g}", "high": f"{high:.6g}", "raw": row["raw"]}
    told = WORDS("share_range" if row["kind"] == "rate" else "range", lang, **fields)
    return rule | {
        "validate": "integer" if row["kind"] in WHOLE else "decimal",
        "criteria": "between", "minimum": low, "maximum": high,
        "error_title": title, "error_message": f"{title}：{told}"[:LONGEST_MESSAGE],
    }  # fmt: skip


def add_names(sheet: Sheet, day: Ref, own: Ref) -> None:
    """PolicyWrong: why the own values can't be used, with the sheet's row; blank when they can.

    The function counts the rows of the range that it is given; people see the sheet's.
    """
    behind, lang = sheet.book["calculation"], sheet.book.lang
    arguments = ("SEMIFEE_DETAIL", 100, 22.6, None, None, None, None, day, own)
    found = sheet.result_of(*arguments)[0][9]
    behind.formula("F1", f'=INDEX({sheet.text_of(*arguments)},1,10)&""', found)
    begin, end = WORDS("row_begins", lang), WORDS("row_ends", lang)
    start = f'FIND("{begin}",F1)+{len(begin)}'
    stop = f'FIND("{end}",F1)'
    number = f"VALUE(MID(F1,{start},{stop}-({start})))"
    row = f"{number}+{own.area.top + 1}"
    where = WORDS("where", lang, sheet=sheet.title, row=f'"&{row}&"')
    rest = f"MID(F1,{stop}+{len(end.rstrip('('))},{LONGEST_MESSAGE})"
    text = f'=IF(LEN(F1)<2,"",IFERROR("{where}"&{rest},F1))'
    behind.formula("G1", text, found)
    sheet.book.name("PolicyWrong", behind["G1"])
