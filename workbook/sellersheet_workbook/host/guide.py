"""The guide that a menu opens: every worksheet function, as a page for the browser."""

from __future__ import annotations

from html import escape
from itertools import groupby
from pathlib import Path

from sellersheet.functions.registry import FUNCTIONS
from sellersheet.wording import Lang
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.keeping.user_folder import make_private
from sellersheet_workbook.problems import HOST

_STYLE = (
    "body{font:15px/1.6 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "code{background:#f2f4f7;padding:0 .25em}h3{margin-bottom:0}dt{font-weight:bold}"
)


def write_guide(folder: Path, lang: Lang) -> Path:
    """The page in the user's folder; it needs no network."""
    make_private(folder)
    path = folder / f"guide-{lang}.html"
    with replacing(path) as file:
        file.write(guide(lang).encode())
    return path


def guide(lang: Lang) -> str:
    """The page's text, made from the registry of functions."""
    title = escape(HOST("guide_title", lang))
    lines = [
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title>',
        f"<style>{_STYLE}</style><h1>{title}</h1>",
        f"<p>{escape(HOST('guide_how', lang))}</p><p>{escape(HOST('guide_errors', lang))}</p>",
    ]
    for category, functions in groupby(FUNCTIONS.values(), lambda item: item.category(lang)):
        lines.append(f"<h2>{escape(category)}</h2>")
        for item in functions:
            table = HOST("guide_table", lang) if item.table else ""
            lines.append(f"<h3><code>{escape(item.signature)}</code></h3>")
            lines.append(f"<p>{escape(item.help(lang))}{escape(table)}</p><dl>")
            lines += [
                f"<dt>{escape(one.name)}</dt><dd>{escape(one.help(lang))}</dd>"
                for one in item.arguments
            ]
            lines.append("</dl>")
            lines += [f"<p><code>{escape(text)}</code></p>" for text in item.examples]
    return "\n".join(lines) + "\n</html>\n"
