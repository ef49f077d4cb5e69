"""The nearest cheaper weights of a parcel (F8): every gram tried, one after the other."""

from collections.abc import Callable, Sequence

from .freight import CardRow, card_fee, charged_g

Found = tuple[int, int] | None  # grams less or more, the fee then


def by_card(card: Sequence[CardRow], weight_g: int) -> tuple[int, int] | None:
    """The row that holds a weight and its fee, None where none does."""
    for number, row in enumerate(card):
        if charged_g(row, weight_g, None) is not None:
            fee = card_fee(row, weight_g, None)
            return None if fee is None else (number, fee)
    return None


def nearest(card: Sequence[CardRow], weight_g: int, heaviest: int) -> tuple[Found, Found, Found]:
    """Fewest grams less, fewest less in another row, fewest more; each cheaper than now."""
    priced = {grams: by_card(card, grams) for grams in range(1, max(heaviest, weight_g) + 1)}
    now = priced[weight_g]
    if now is None:
        return None, None, None
    row, fee = now

    def first(step: int, grams: int, wanted: Callable[[int], bool]) -> Found:
        for change in range(1, grams + 1):
            found = priced[weight_g + step * change]
            if found is not None and found[1] < fee and wanted(found[0]):
                return change, found[1]
        return None

    return (
        first(-1, weight_g - 1, lambda _: True),
        first(-1, weight_g - 1, lambda other: other != row),
        first(1, heaviest - weight_g, lambda _: True),
    )
