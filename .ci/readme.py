"""Fills docs/reference.md from the registries and docs/architecture.md from the imports.

python .ci/readme.py             writes both anew
python .ci/readme.py --check     fails when one is stale

The README's pictures: .ci/screens.py.
"""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

from rooms import picture

from sellersheet.columns import INPUT, OUTPUT, Column
from sellersheet.functions.registry import FUNCTIONS
from sellersheet.policy import load

ROOT = Path(__file__).resolve().parent.parent
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


def main() -> None:
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
