"""Every sentence shown to a person, in Chinese and in English.

The sentences stand in TOML files beside the packages that say them, one table a
message with the keys ``zh`` and ``en``; fields are written ``{name}``, and where a sentence
gives a command to type, ``{name:=rest}``: the field and what follows it as one word of the
command line. Where it names an option of a command, ``zh_sheet`` and ``en_sheet`` say what to do
to whoever has a spreadsheet in front of them. A program asks for a message by its code and never
joins sentences itself.
"""

from __future__ import annotations

import locale
import os
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any, Final, Literal, get_args

Lang = Literal["zh", "en"]
LANGS: Final[tuple[Lang, ...]] = get_args(Lang)
# A count with what is counted, as an English sentence is written for many: "{rows} rows were".
_COUNTED: Final = re.compile(
    r"\{(\w+)\}((?: (?:more|working|order|sound|blank|wrong|earlier|result|percentage))?) "
    r"(answer|case|cause|cell|character|column|day|file|formula|holiday|hour|line|month|number|"
    r"order|partition|payment|point|problem|rate|remark|row|second|sheet|step|sum|value|week)s\b"
    r"(?: (were|have|are|differ|lack|stand)\b)?"
)
# What a command line takes for more than a letter of a word.
_NOT_OF_A_WORD: Final = re.compile(r"[^\w%+=:,./@-]", re.ASCII)
_BETWEEN: Final[dict[Lang, str]] = {"zh": "、", "en": ", "}
_COUNTS: Final = frozenset({"count", "rows", "columns", "cells", "files", "orders", "most"})
_OF_ONE: Final = {
    "were": "was",
    "have": "has",
    "are": "is",
    "differ": "differs",
    "lack": "lacks",
    "stand": "stands",
}


_IN_A_SHEET: ContextVar[bool] = ContextVar("in_a_sheet", default=False)


@contextmanager
def in_a_sheet() -> Iterator[None]:
    """What is said until the block ends is for cells and menus, where no option can be given."""
    token = _IN_A_SHEET.set(True)
    try:
        yield
    finally:
        _IN_A_SHEET.reset(token)


class Wording:
    """The messages of one TOML file, asked for by code.

    Calling it with a code, a language and the fields gives the sentence. A code that
    is not in the file is a KeyError: it is a mistake of the program, not of the user.
    """

    def __init__(self, package: str, filename: str) -> None:
        self.package = package
        self.filename = filename

    @property
    def messages(self) -> dict[str, dict[str, str]]:
        """All messages: code -> language -> sentence with fields."""
        return _read(self.package, self.filename)

    def __call__(self, code: str, lang: Lang, /, **fields: object) -> str:
        """A field that is a list is written as the language writes lists."""
        message = self.messages[code]
        sentence = message[lang]
        if _IN_A_SHEET.get():
            sentence = message.get(f"{lang}_sheet", sentence)
        if not fields:
            return sentence
        if lang == "en" and any(value == 1 or value == "1" for value in fields.values()):
            sentence = _COUNTED.sub(lambda found: _one(found, fields), sentence)
        shown = {name: _shown(name, fields[name], lang) for name in fields}
        return (
            _COMMANDS.vformat(sentence, (), shown) if ":=" in sentence else sentence.format(**shown)
        )


class _Commands(Formatter):
    """Fields with ``:=`` as words of a command line."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec.startswith("="):
            return in_command(f"{value}{format_spec}".removesuffix("="))
        found: str = super().format_field(value, format_spec)
        return found


_COMMANDS: Final = _Commands()


def in_command(text: str) -> str:
    """A text as one word of a command line of this system, quoted where it has to be."""
    if text and not any(_NOT_OF_A_WORD.match(sign) for sign in text if sign.isascii()):
        return text
    if os.name == "nt":
        return '"' + text.replace('"', '\\"') + '"'
    return shlex.quote(text)


def _shown(name: str, value: object, lang: Lang) -> object:
    """A count with separators of thousands; the number of a row or a year has none."""
    if isinstance(value, list):
        return _BETWEEN[lang].join(map(str, value))
    return f"{value:,}" if name in _COUNTS and type(value) is int else value


def _one(counted: re.Match[str], fields: Mapping[str, object]) -> str:
    """The words for one where the count is one."""
    name, kind, noun, verb = counted.groups()
    value = fields.get(name)
    if not (value == 1 or value == "1"):
        return counted[0]
    return f"{{{name}}}{kind} {noun}" + (f" {_OF_ONE.get(verb, f'{verb}s')}" if verb else "")


class Problem(Exception):
    """Something that the user can mend, with a sentence for it in every language.

    ``code`` names the message in ``wording``; ``fields`` fill it in. ``text(lang)`` is
    what is shown: it says what is wrong, where, the value seen and what to do. A field may be
    a problem itself, or a tuple of several: they are said in the same language.
    """

    wording = Wording("sellersheet", "problems.toml")

    def __init__(self, code: str, /, **fields: object) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields

    def text(self, lang: Lang) -> str:
        """The sentence in the language asked for."""
        return self.wording(self.code, lang, **self.said(lang))

    def said(self, lang: Lang) -> dict[str, object]:
        """The fields as they stand in the sentence."""
        return {name: _said(field, lang) for name, field in self.fields.items()}

    def __str__(self) -> str:
        return self.text(system_language())


def _said(field: object, lang: Lang) -> object:
    if isinstance(field, tuple):
        return "\n".join(str(_said(item, lang)) for item in field)
    return field.text(lang) if hasattr(field, "text") else field


def system_language() -> Lang:
    """``SELLERSHEET_LANG`` if set, else the language of the system; Chinese when unknown."""
    for name in ("SELLERSHEET_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if wanted := os.environ.get(name):
            return _language_of(wanted)
    return _language_of(locale.getlocale()[0] or "zh")


def _language_of(name: str) -> Lang:
    """zh for a Chinese locale name and for none (C, POSIX); en for every other language."""
    short = name.lower()
    return "zh" if short.startswith(("zh", "chinese", "c.", "posix")) or short == "c" else "en"


@cache
def _read(package: str, filename: str) -> dict[str, dict[str, str]]:
    text = resources.files(package).joinpath(filename).read_text(encoding="utf-8")
    return tomllib.loads(text)
