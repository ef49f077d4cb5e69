"""What the user says about a table, over all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Asked:
    """What the user says about a table, over all that is known of it.

    ``columns`` says which column a header stands for, ``remembered`` what was said at an
    earlier time. ``header_row`` is counted as the user counts rows. ``currency`` is that of
    amounts whose currency nothing tells. ``keep``: orders that were not paid are computed.
    ``today``, days since 1970-01-01: order dates after it are doubted. ``needed`` are columns
    without which the table is of no use here. ``words`` says for a
    column what a word, without case and spaces, stands for; "" is a blank of a filled row.
    ``per_order`` are columns, by header or key, whose amounts or weights are those of the whole
    order and stand on each of its lines.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)
    header_row: int | None = None
    currency: str = ""
    keep: bool = False
    day_first: bool | None = None
    today: int | None = None
    needed: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    per_order: tuple[str, ...] = ()


NOTHING_ASKED: Final = Asked()
