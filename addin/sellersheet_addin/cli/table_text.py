"""A table as lines of text that fit a screen."""

from __future__ import annotations

from itertools import zip_longest
from typing import Final

from sellersheet_addin.cli.folding import columns_of, fold, longest_unit

_GAP: Final = "  "
_NARROWEST: Final = 12  # a column of texts squeezed below this is no longer read
_TITLE: Final = 8  # and a title below this


def table_lines(
    titles: list[str],
    rows: list[list[str]],
    width: int,
    right: frozenset[int] = frozenset(),
    whole: frozenset[int] = frozenset(),
) -> list[str]:
    """The lines of a table of at most ``width`` columns.

    One too wide for that, however its texts are broken, is told a row at a time.

    Args:
        right: the places of columns aligned to the right, which are not broken.
        whole: those of other columns that are not broken.
    """
    widths = _widths([titles, *rows], width, right | whole)
    if widths is None:
        return _by_rows(titles, rows, width)
    rule = ["─" * wide for wide in widths]
    lines = ["", *_row(titles, widths, right), _GAP.join(rule).replace(" ", "─")]
    for row in rows:
        lines += _row(row, widths, right)
    return [*lines, ""]


def _widths(rows: list[list[str]], width: int, kept: frozenset[int]) -> list[int] | None:
    """Of each column: its longest cell, cut down until all fit: first the titles over the
    columns in ``kept``, then the widest texts."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(_longest, column)) for column in columns]
    least = [
        max(min(wide, _NARROWEST), *map(longest_unit, column))
        for wide, column in zip(widths, columns, strict=True)
    ]
    for place in kept:
        least[place] = max(map(_longest, columns[place][1:]), default=0)
        least[place] = max(least[place], min(_TITLE, widths[place]))
    for _ in range(sum(widths) + len(_GAP) * (len(widths) - 1) - width):
        free = [place for place, wide in enumerate(widths) if wide > least[place]]
        if not free:
            return None
        widths[max(free, key=lambda place: (place in kept, widths[place]))] -= 1
    return widths


def _longest(cell: str) -> int:
    return max(map(columns_of, cell.split("\n")))


def _row(cells: list[str], widths: list[int], right: frozenset[int]) -> list[str]:
    folded = [fold(cell, wide) for cell, wide in zip(cells, widths, strict=True)]
    lines = []
    for pieces in zip_longest(*folded, fillvalue=""):
        padded = []
        for place, piece in enumerate(pieces):
            blank = " " * (widths[place] - columns_of(piece))
            padded.append(blank + piece if place in right else piece + blank)
        lines.append(_GAP.join(padded).rstrip())
    return lines


def _by_rows(titles: list[str], rows: list[list[str]], width: int) -> list[str]:
    """Of each row its first cell, then every other one after its title."""
    lines = []
    for first, *cells in rows:
        lines += ["", *fold(first, width)]
        for title, cell in zip(titles[1:], cells, strict=True):
            if cell not in ("", "—"):
                lines += fold(f"  {title}  {cell}", width, hang=4)
    return [*lines, ""]
