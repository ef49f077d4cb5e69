"""Array formulas beyond Excel's 255 characters, taken apart and put together again."""

import re
import zipfile
from html import unescape
from pathlib import Path

import pytest

import sellersheet_workbook
from sellersheet.wording import LANGS
from sellersheet_addin.excel.long_arrays import LONGEST, in_pieces

ASSETS = Path(sellersheet_workbook.__file__).with_name("assets")
LINK = r"'C:\Users\很 长 的 名 字\AppData\Roaming\Microsoft\Excel\XLSTART\sellersheet.xlam'!"


def shipped() -> list[str]:
    found = []
    for lang in LANGS:
        with zipfile.ZipFile(ASSETS / f"sellersheet-{lang}.xlsx") as book:
            for name in book.namelist():
                if name.startswith("xl/worksheets/sheet"):
                    text = book.read(name).decode()
                    found += re.findall(r'<f t="array"[^>]*>([^<]*)</f>', text)
    return [f"={unescape(text)}" for text in found]


def test_every_array_of_the_templates_fits_linked_or_not() -> None:
    plain = shipped()
    linked = [re.sub(r"\b([A-Z_]{6,})\(", lambda call: f"{LINK}{call[1]}(", text) for text in plain]
    long = 0
    for formula in [*plain, *linked]:
        pieces = in_pieces(formula)
        assert pieces is not None, formula
        assert pieces.whole() == formula
        assert len(pieces.short) <= LONGEST
        steps = [pieces.short]
        for name, argument in pieces.put_in:
            assert len(argument) <= LONGEST
            assert steps[-1].count(name) == 1
            steps.append(steps[-1].replace(name, argument))
        assert all(step.count("(") == step.count(")") for step in steps)
        long += len(formula) > LONGEST
    assert long > 10


@pytest.mark.parametrize(
    "formula",
    [
        f'=FAILCODE("{"x" * 300}")',
        "=" + "+".join(f"A{row}" for row in range(200)),
        "=SUM('" + "y" * 260 + "'!A1)",
    ],
)
def test_what_has_no_shorter_parts_is_told(formula: str) -> None:
    assert in_pieces(formula) is None


def test_a_name_that_stands_in_the_formula_is_not_used() -> None:
    formula = f"=SUM(ss_0_,{','.join(f'$AAA${row}00:$AAB${row}00' for row in range(1, 20))})"
    pieces = in_pieces(formula)
    assert pieces is not None
    assert pieces.whole() == formula
    assert "ss_0_" not in [name for name, _ in pieces.put_in]


def test_texts_and_sheet_names_are_not_taken_apart() -> None:
    arguments = ['"a,(b"",c)"', "'x,(y'!A1:B2000000", *["SUM(1,2,3,4,5,6)"] * 20]
    formula = f"=ELIGIBLE({','.join(arguments)})"
    pieces = in_pieces(formula)
    assert pieces is not None
    assert pieces.whole() == formula
    assert all(argument.count('"') % 2 == 0 for _, argument in pieces.put_in)
