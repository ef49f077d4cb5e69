"""The entries of the menus, by the names of the buttons in ``excel/ribbon.toml``, and what they
do before their action: files are asked for, a page is opened that tells every function."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from sellersheet.functions.registry import FUNCTIONS
from sellersheet.wording import Lang, Wording
from sellersheet_workbook import host
from sellersheet_workbook.host.program import told
from sellersheet_workbook.keeping import make_private
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.update.share import share_path

WORDS: Final = Wording("sellersheet_addin", "tasks.toml")
_PATTERNS: Final = {
    "tables": "*.xlsx;*.xlsm;*.xls;*.csv;*.tsv;*.txt;*.parquet;*.ods",
    "books": "*.xlsx;*.xlsm;*.xls;*.ods",
    "texts": "*.csv;*.tsv;*.txt",
    "all": "*.*",
    "copy": "*.xlsx",
}
# What a file with a table may be: all of them first, since an export has any of these endings.
_READ: Final = ("tables", "books", "texts", "all")
_STYLE: Final = (
    "body{font:15px/1.6 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "code{background:#f2f4f7;padding:0 .25em}h3{margin-bottom:0}dt{font-weight:bold}"
)
# The name of a kind of files and its patterns, parted by semicolons.
Kinds: TypeAlias = Sequence[tuple[str, str]]


class Asking(host.Program, Protocol):
    """A program whose user can be asked for files."""

    def ask_open(self, title: str, kinds: Kinds, *, several: bool = False) -> list[Path]:
        """Files that the user chooses; none where the user thinks better of it."""

    def ask_save(self, title: str, kinds: Kinds, proposed: Path) -> Path | None:
        """Where a workbook is to be saved; None where the user thinks better of it."""


def kinds(lang: Lang, *names: str) -> Kinds:
    """The kinds of files that a dialog offers, by their names among the words."""
    return [(WORDS(f"kind_{name}", lang), _PATTERNS[name]) for name in names]


def import_orders(program: Asking) -> bool:
    """Asks for exports of orders and takes them over."""
    files = _chosen(program, "choose_orders", several=True)
    return bool(files) and host.import_orders(program, files)


def import_rates(program: Asking) -> bool:
    """Asks for a rate card and takes it over."""
    files = _chosen(program, "choose_rates")
    return bool(files) and host.import_rates(program, files[0])


def check_bill(program: Asking) -> bool:
    """Asks for the platform's bill and compares it."""
    files = _chosen(program, "choose_bill")
    return bool(files) and host.check_bill(program, files[0])


def share(program: Asking) -> bool:
    """Asks where the copy is to be, and makes it."""
    proposed = share_path(program.path or Path(program.title), program.lang)
    title = WORDS("choose_copy", program.lang)
    target = program.ask_save(title, kinds(program.lang, "copy"), proposed)
    return target is not None and host.share(program, target)


def _chosen(program: Asking, title: str, *, several: bool = False) -> list[Path]:
    words = WORDS(title, program.lang)
    return program.ask_open(words, kinds(program.lang, *_READ), several=several)


@told
def help_page(program: host.Program) -> str:
    """Opens the guide in the browser."""
    path = write_guide(program.folder, program.lang)
    webbrowser.open(path.as_uri())
    return WORDS("guide", program.lang, path=path)


def write_guide(folder: Path, lang: Lang) -> Path:
    """The page in the user's folder; it needs no network."""
    make_private(folder)
    path = folder / f"guide-{lang}.html"
    with replacing(path) as file:
        file.write(_guide(lang).encode())
    return path


def _guide(lang: Lang) -> str:
    """The page's text, made from the registry of functions."""
    title = escape(WORDS("guide_title", lang))
    lines = [
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title>',
        f"<style>{_STYLE}</style><h1>{title}</h1>",
        f"<p>{escape(WORDS('guide_how', lang))}</p><p>{escape(WORDS('guide_errors', lang))}</p>",
    ]
    for category, functions in groupby(FUNCTIONS.values(), lambda item: item.category(lang)):
        lines.append(f"<h2>{escape(category)}</h2>")
        for item in functions:
            table = WORDS("guide_table", lang) if item.table else ""
            lines.append(f"<h3><code>{escape(item.signature)}</code></h3>")
            lines.append(f"<p>{escape(item.help(lang))}{escape(table)}</p><dl>")
            lines += [
                f"<dt>{escape(one.name)}</dt><dd>{escape(one.help(lang))}</dd>"
                for one in item.arguments
            ]
            lines.append("</dl>")
            lines += [f"<p><code>{escape(text)}</code></p>" for text in item.examples]
    return "\n".join(lines) + "\n</html>\n"


# Those of Excel and LibreOffice alike; Excel has some of its own.
TASKS: Final[Mapping[str, Callable[[Asking], bool | None]]] = {
    "update": host.update,
    "undo": host.undo,
    "import_orders": import_orders,
    "import_rates": import_rates,
    "check_bill": check_bill,
    "share": share,
    "selfcheck": host.selfcheck,
    "policy_version": host.policy_version,
    "help_page": help_page,
}
