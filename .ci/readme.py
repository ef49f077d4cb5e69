"""Fills docs/reference.md from the registries and docs/architecture.md from the imports; with
--pictures also draws the README's pictures.

python .ci/readme.py             writes both anew
python .ci/readme.py --check     fails when one is stale
python .ci/readme.py --pictures  renders the template's sheets (LibreOffice, pdftoppm)
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from rooms import picture

from sellersheet.columns import INPUT, OUTPUT, Column
from sellersheet.functions.registry import FUNCTIONS
from sellersheet.policy import load
from sellersheet_workbook.template import committed

ROOT = Path(__file__).resolve().parent.parent
# The printed page of the template, and its share of the page's height from the top.
PICTURES = {"home": (1, 0.435), "quote": (4, 0.395)}
DPI = 150
MARGIN = int(0.36 * DPI)
ON = date(2024, 12, 31)


def functions() -> str:
    """Every worksheet function with what it gives."""
    rows = ["| function | gives | 说明 |", "|---|---|---|"]
    rows += [f"| `{item.signature}` | {item.en} | {item.zh} |" for item in FUNCTIONS.values()]
    return "\n".join(rows)


def columns(items: tuple[Column, ...]) -> str:
    """Columns by key with both headers and help."""
    rows = ["| key | 表头 | header | what |", "|---|---|---|---|"]
    for item in items:
        needed = "**required.** " if item.required else ""
        rows.append(f"| `{item.key}` | {item.zh} | {item.en} | {needed}{item.help_en} |")
    return "\n".join(rows)


def fees() -> str:
    """The values behind the fees, with rule and standing."""
    rows = ["| rule | value | in force | standing |", "|---|---|---|---|"]
    rows += [
        f"| {row['rule']} | {row['title']} (`{row['name']}`) | {row['value']} "
        f"| {row['standing_word']} |"
        for row in load().rows(ON, "en")
        if row["rule"].startswith("F") and row["kind"] != "table"
    ]
    return "\n".join(rows)


BLOCKS = {
    "reference.md": {
        "functions": functions,
        "input": lambda: columns(INPUT),
        "output": lambda: columns(OUTPUT),
        "fees": fees,
    },
    "architecture.md": {"rooms": picture},
}


def filled(file: str, text: str) -> str:
    """The text with every marked block made anew."""
    for name, make in BLOCKS[file].items():
        start, end = f"<!-- made: {name} -->", f"<!-- end: {name} -->"
        pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
        block = f"{start}\n\n{make()}\n\n{end}"
        text, count = pattern.subn(lambda _, block=block: block, text)
        if count != 1:
            sys.exit(f"docs/{file} has no place for {name}")
    return text


def draw() -> None:
    """Pages of the template, calculated by the add-in in LibreOffice."""
    sys.path.insert(0, str(ROOT))
    from tests import addin_in_libreoffice

    (ROOT / "docs" / "pictures").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        book, pdf = Path(folder, "book.xlsx"), Path(folder, "book.pdf")
        book.write_bytes(committed("zh").read_bytes())
        with addin_in_libreoffice.started() as office:
            office.open(book)
            office.save(pdf, "calc_pdf_Export")
            office.close()
        for name, (page, share) in PICTURES.items():
            subprocess.run(
                ["pdftoppm", "-png", "-singlefile", "-r", str(DPI), "-f", str(page),
                 "-l", str(page), "-x", str(MARGIN), "-y", str(MARGIN),
                 "-W", str(int(8.27 * DPI) - 2 * MARGIN),
                 "-H", str(int(11.69 * DPI * share)), str(pdf),
                 str(ROOT / "docs" / "pictures" / name)],
                check=True,
            )  # fmt: skip


def main() -> None:
    if "--pictures" in sys.argv:
        draw()
    for name in BLOCKS:
        file = ROOT / "docs" / name
        old = file.read_text(encoding="utf-8")
        new = filled(name, old)
        if "--check" in sys.argv and new != old:
            sys.exit(f"docs/{name} is stale: run python .ci/readme.py")
        if new != old:
            file.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
