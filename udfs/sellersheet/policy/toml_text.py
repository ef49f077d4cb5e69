"""What the text of a policy file may be, looked at before it is parsed.

Nothing that a person writes is near these limits. A text beyond them costs the parser time and
memory by the square of its length, or ends it in the middle.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import Any, Final

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
