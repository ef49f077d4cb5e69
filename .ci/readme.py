"""Fills the README's tables from the registries; with --pictures also draws its picture.

python .ci/readme.py             writes README.md anew
python .ci/readme.py --check     fails when README.md is stale
python .ci/readme.py --pictures  renders the demo's result (LibreOffice, pdftoppm)
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from sellersheet.columns import INPUT, OUTPUT, Column
from sellersheet.functions.registry import FUNCTIONS
from sellersheet.policy import load

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "pictures" / "result.png"
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
    "functions": functions,
    "input": lambda: columns(INPUT),
    "output": lambda: columns(OUTPUT),
    "fees": fees,
}


def filled(text: str) -> str:
    """The text with every marked block made anew."""
    for name, make in BLOCKS.items():
        start, end = f"<!-- made: {name} -->", f"<!-- end: {name} -->"
        pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
        block = f"{start}\n\n{make()}\n\n{end}"
        text, count = pattern.subn(lambda _, block=block: block, text)
        if count != 1:
            sys.exit(f"README.md has no place for {name}")
    return text


def draw() -> None:
    """The first page of the demo's result workbook."""
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        run = {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL}
        subprocess.run(
            [sys.executable, "-m", "sellersheet_addin.cli", "demo", "-o", "demo", "--lang", "zh"],
            **run,
        )
        book = next(Path(folder, "demo").glob("*.xlsx"))
        soffice = shutil.which("soffice") or sys.exit("LibreOffice is not installed")
        subprocess.run(
            [
                soffice,
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--convert-to",
                "pdf",
                str(book),
            ],
            **run,
        )
        pdf = next(Path(folder).glob("*.pdf"))
        subprocess.run(
            [
                "pdftoppm",
                "-r",
                "110",
                "-f",
                "1",
                "-l",
                "1",
                "-singlefile",
                "-png",
                str(pdf),
                str(PICTURE.with_suffix("")),
            ],
            **run,
        )


def main() -> None:
    if "--pictures" in sys.argv:
        draw()
    old = README.read_text(encoding="utf-8")
    new = filled(old)
    if "--check" in sys.argv and new != old:
        sys.exit("README.md is stale: run python .ci/readme.py")
    if new != old:
        README.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
