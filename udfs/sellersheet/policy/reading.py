"""Policy files from disk, with every mistake said in words.

What the text of a file may be is looked at before it is parsed. Nothing that a person writes is
near these limits; a text beyond them costs the parser time and memory by the square of its length,
or ends it in the middle.
"""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from sellersheet.policy.model import Entry, Meta, PolicyValue
from sellersheet.policy.problems import (
    PolicyProblem,
    Unfit,
    from_pydantic,
    listed,
    said,
)

META = "meta.toml"
LARGEST: Final = 256 * 1024  # bytes; all shipped values together are 76 KB
_DEEPEST: Final = 20  # lists in lists, tables in tables
# Texts and comments, in which anything may stand.
_TEXTS: Final = re.compile(
    r"""\#[^\n]*|\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^']|'(?!''))*'''"""
    r"""|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""",
    re.DOTALL,
)
# A key of more than 20 parts, and a number of more than 100 signs.
_KEY: Final = re.compile(r"""(?<![\w"-])(?:(?:[\w-]+|"")[ \t]*\.[ \t]*){20}""")
_NUMBER: Final = re.compile(r"(?<![\w.+-])[+-]?[0-9][\w.+-]{100}")


def read_toml(file: Path | Traversable) -> dict[str, Any]:
    """The content of a TOML file; decimals stay exact."""
    try:
        raw = _bytes(file)
    except FileNotFoundError:
        raise PolicyProblem("no_file", file=file) from None
    except OSError as error:
        raise PolicyProblem("unreadable", file=file, seen=error.strerror or error) from None
    try:
        text = raw.decode("utf-8-sig")  # Notepad puts a byte order mark in front
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PolicyProblem("not_utf8", file=file, line=line) from None
    try:
        return parsed(text)
    except TooMuch as error:
        raise PolicyProblem(error.code, file=file, line=error.line) from None
    except tomllib.TOMLDecodeError as error:
        raise _syntax_problem(file, text, str(error)) from None


def _bytes(file: Path | Traversable) -> bytes:
    """What an ordinary file holds; a pipe or a device could make the reader wait for ever."""
    if not isinstance(file, Path):
        return file.read_bytes()
    if not stat.S_ISREG(file.stat().st_mode) and not file.is_dir():
        raise PolicyProblem("not_a_file", file=file)
    with file.open("rb") as opened:
        raw = opened.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise PolicyProblem("too_much", file=file, most=LARGEST // 1024)
    return raw


def read_folder(folder: Path | Traversable) -> tuple[Meta, dict[str, PolicyValue]]:
    """The policy of a folder: ``meta.toml`` and the values of the files it lists."""
    meta_file = folder.joinpath(META)
    try:
        meta = Meta.model_validate(read_toml(meta_file))
    except ValidationError as error:
        raise from_pydantic(error, Meta, meta_file) from None
    values: dict[str, PolicyValue] = {}
    found_in: dict[str, str] = {}
    for file in (folder.joinpath(name) for name in meta.files):
        for name, record in read_toml(file).items():
            if name in values:
                raise PolicyProblem("defined_twice", file=file, key=name, other=found_in[name])
            values[name] = _value(file, name, record, meta)
            found_in[name] = file.name
    return meta, values


def _value(file: Path | Traversable, name: str, record: object, meta: Meta) -> PolicyValue:
    if not isinstance(record, Mapping):
        raise Unfit(said("not_table"), said("table_needed"), record).problem(file, name)
    try:
        value = PolicyValue.model_validate({**record, "name": name})
    except ValidationError as error:
        raise from_pydantic(error, PolicyValue, file, name) from None
    for number, entry in enumerate(value.entries, 1):
        _check_source(file, f"{name}.entries[{number}]", entry, meta)
    return value


def _check_source(file: Path | Traversable, key: str, entry: Entry, meta: Meta) -> None:
    """A shipped entry names a source on record and one of its headings."""
    source = meta.sources.get(entry.source or "")
    if entry.standing == "own":
        wrong, allowed = said("own_in_data"), said("one_of", words="stated, read, assumed")
        raise Unfit(wrong, allowed, entry.standing, "standing").problem(file, key)
    if source is None:
        allowed = said("one_of", words=listed(meta.sources))
        raise Unfit(said("no_such_source"), allowed, entry.source, "source").problem(file, key)
    for at, section in enumerate((entry.section, *entry.further_sections)):
        if section not in source.sections:
            allowed = said("one_of", words=listed(source.sections))
            where = f"further_sections[{at}]" if at else "section"
            raise Unfit(said("no_such_section"), allowed, section, where).problem(file, key)


def _syntax_problem(file: object, text: str, message: str) -> PolicyProblem:
    lines = text.splitlines() or [""]
    found = re.search(r"at line (\d+)", message)
    line = min(int(found[1]), len(lines)) if found else len(lines)
    return PolicyProblem("syntax", file=file, line=line, seen=lines[line - 1].strip()[:80])


class TooMuch(ValueError):
    """A text beyond the limits: ``code`` says of what, ``line`` where it begins."""

    def __init__(self, code: str, line: int) -> None:
        super().__init__(code)
        self.code, self.line = code, line


def parsed(text: str) -> dict[str, Any]:
    """The content; decimals stay exact. Raises TooMuch or a TOMLDecodeError."""
    bare = _TEXTS.sub(lambda found: '""' + "\n" * found[0].count("\n"), text)
    places = {"long_number": _NUMBER.search(bare), "long_key": _KEY.search(bare)}
    starts = {code: found.start() for code, found in places.items() if found}
    if (deep := _too_deep(bare)) is not None:
        starts["too_deep"] = deep
    for code, at in starts.items():
        raise TooMuch(code, bare.count("\n", 0, at) + 1)
    return tomllib.loads(text, parse_float=Decimal)


def _too_deep(bare: str) -> int | None:
    """Where brackets go too deep."""
    depth = 0
    for found in re.finditer(r"[][{}]", bare):
        depth = depth + 1 if found[0] in "[{" else max(depth - 1, 0)
        if depth > _DEEPEST:
            return found.start()
    return None
