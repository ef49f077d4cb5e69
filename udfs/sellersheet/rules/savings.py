"""What a parcel would save by a step of its rate card: F8. Freight need not grow with weight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from sellersheet.money import Ints
from sellersheet.rules.card_lookup import Freight
from sellersheet.rules.freight import MG_PER_GRAM

_FIRST_BLOCK: Final = 1_024  # grams that are priced at once at first; then four times as many
_LARGEST_BLOCK: Final = 65_536


class Step(NamedTuple):
    """A change of weight in whole grams, and the freight after it in CNY cents."""

    grams: int
    fee: int


class Steps(NamedTuple):
    """The fewest grams less that cost less, the fewest that do so in another row of the card,
    and the fewest grams more that cost less; None where there are none."""

    lighter: Step | None
    lighter_row: Step | None
    heavier: Step | None


def next_steps(weight_mg: int, freight_of: Callable[[Ints], Freight], most_mg: int) -> Steps:
    """F8: the nearest cheaper weights of one parcel, in whole grams less or more.

    ``freight_of`` prices weights in mg by the card, ``most_mg`` is the heaviest that it takes.
    Every gram is priced by the card's own rows: none is passed over on the ground that freight
    should grow with weight.
    """
    now = freight_of(np.array([weight_mg], dtype=np.int64))
    if not now.known[0]:
        return Steps(None, None, None)
    fee, row = int(now.fee[0]), int(now.place[0])

    def nearest(sign: int, grams: int, *, other_row: bool = False) -> Step | None:
        done, block = 0, _FIRST_BLOCK
        while done < grams:
            tried = np.arange(done + 1, min(done + block, grams) + 1, dtype=np.int64)
            found = freight_of(weight_mg + sign * MG_PER_GRAM * tried)
            cheaper = found.known & (found.fee < fee)
            if other_row:
                cheaper &= found.place != row
            hits = np.flatnonzero(cheaper)
            if len(hits):
                at = int(hits[0])
                return Step(int(tried[at]), int(found.fee[at]))
            done, block = done + len(tried), min(4 * block, _LARGEST_BLOCK)
        return None

    less, more = (weight_mg - 1) // MG_PER_GRAM, (most_mg - weight_mg) // MG_PER_GRAM
    lighter = nearest(-1, less)
    return Steps(
        lighter,
        nearest(-1, less, other_row=True) if lighter else None,
        nearest(1, more),
    )
