"""Text folded to the width of a terminal, where a Chinese character takes two columns."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import IO, Final

import click

WIDTH: Final = 80  # where nothing tells another one
_WIDEST: Final = 100  # of help: longer lines are hard to follow
_OPENING: Final = "（“‘《【「"
_CLOSING: Final = "，。；：、！？）”’》】」…"
_WIDE: Final = r"\u2e80-\u9fff\uff00-\uffef"
# What is never broken: a word without spaces, a whole path, a day with its time, or a Chinese
# character with its punctuation.
_UNITS: Final = re.compile(
    rf"\s+|\d{{4}}-\d\d-\d\d \d\d:\d\d"
    rf"|(?:[A-Za-z]:)?[/\\][^\s{_OPENING}{_CLOSING}]{{2,}}[{_CLOSING}]*"
    rf"|[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}{_CLOSING}]+(?: %)?|[{_CLOSING}])"
    rf"[{_CLOSING}]*"
    rf"|[{_OPENING}]+"
)


def width_of(stream: IO[str]) -> int | None:
    """The columns of the terminal that shows the stream; None for a file or a pipe.

    The environment's ``COLUMNS`` says it for any stream.
    """
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else None
    except (OSError, ValueError):
        return None


def columns_of(text: str) -> int:
    """The columns that a line takes: two for each Chinese character."""
    return sum(1 + (unicodedata.east_asian_width(mark) in "WF") for mark in text)


def longest_unit(text: str) -> int:
    """The columns of what can't be broken in a text."""
    return max(map(columns_of, _UNITS.findall(text)), default=0)


def fold(text: str, width: int, hang: int = 0) -> list[str]:
    """The lines of a text, each of at most ``width`` columns where its words let it.

    Args:
        hang: by how many columns the second and later lines of a paragraph go in, beyond
            what the paragraph itself does.
    """
    return [line for paragraph in text.split("\n") for line in _lines(paragraph, width, hang)]


def _lines(paragraph: str, width: int, hang: int) -> Iterator[str]:
    text = paragraph.lstrip(" ")
    start = paragraph[: len(paragraph) - len(text)]
    line, used, empty = start, len(start), True
    for unit in _UNITS.findall(text):
        blank = unit.isspace()
        more = columns_of(unit)
        if used + more > width and not empty and not blank:
            yield line.rstrip()
            line = start + " " * hang
            used, empty = len(line), True
        if empty and blank:
            continue
        line, used, empty = line + unit, used + more, False
    yield line.rstrip()


class Formatter(click.HelpFormatter):
    """click's help, folded by columns instead of characters."""

    def __init__(self, width: int | None = None, max_width: int | None = None) -> None:
        super().__init__(width=width, max_width=max_width or _WIDEST)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """How the command is called."""
        self._write_folded(f"{prefix or ''}{prog} {args}", hang=4)

    def write_text(self, text: str) -> None:
        """A paragraph, at the current indentation."""
        self._write_folded(text)

    def write_example(self, line: str) -> None:
        """A command to copy, the rest of a long one below it; an option keeps its value."""
        kept = re.sub(r" (?!-)", "\0", line)
        self._write_folded(kept, hang=4)

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 24, col_spacing: int = 2
    ) -> None:
        """Terms and what they mean; a long term has a line of its own."""
        rows = list(rows)
        wide = min(max(columns_of(term) for term, _ in rows), col_max) + col_spacing
        for term, meaning in rows:
            start = f"{'':{self.current_indent}}{term}"
            lines = fold(meaning, self.width - self.current_indent - wide)
            below = " " * (self.current_indent + wide)
            if columns_of(term) + col_spacing > wide:
                self.write(f"{start}\n")
                start = ""
            first = start + " " * (len(below) - columns_of(start))
            self.write(f"{first}{lines[0]}".rstrip() + "\n")
            for line in lines[1:]:
                self.write(f"{below}{line}\n")

    def _write_folded(self, text: str, hang: int = 0) -> None:
        indent = " " * self.current_indent
        for line in fold(text, self.width - self.current_indent, hang):
            self.write(f"{indent}{line}".rstrip().replace("\0", " ") + "\n")


class Context(click.Context):
    """A call whose help is folded so."""

    formatter_class = Formatter
