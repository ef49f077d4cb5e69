"""What every VBA module's text must be: ASCII, short lines, CRLF."""

from __future__ import annotations

from typing import Final, Literal

BookKind = Literal["workbook", "addin"]
_LONGEST_LINE: Final = 1023  # in characters, of VBA


class RefusedBuild(Exception):
    """The Excel files cannot be made as they must be; the text says why."""


def finished(text: str) -> str:
    """The text with CRLF; RefusedBuild when VBA could not hold it."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.isascii() or len(line) > _LONGEST_LINE:
            raise RefusedBuild(f"line {number} is not ASCII or too long for VBA: {line}")
    return text.replace("\r\n", "\n").replace("\n", "\r\n")
