"""Units of weights, lengths and amounts: what they are called, and what they are in a column's
own unit. The one list of them, for headers, cells and number formats alike."""

from __future__ import annotations

from typing import Final

# Of each kind of column: unit -> (in the column's own unit, names in lower case).
_KINDS: Final[dict[str, dict[str, tuple[float, tuple[str, ...]]]]] = {
    "grams": {
        "g": (1.0, ("g", "克", "gram", "grams")),
        "kg": (1000.0, ("kg", "kgs", "千克", "公斤")),
        "lb": (453.59237, ("lb", "lbs", "pound", "pounds", "磅")),
        "oz": (28.349523125, ("oz", "ounce", "ounces", "盎司")),
        "斤": (500.0, ("斤", "市斤")),
        "两": (50.0, ("两",)),
    },
    "cm": {
        "cm": (1.0, ("cm", "厘米")),
        "mm": (0.1, ("mm", "毫米")),
        "m": (100.0, ("m", "米")),
        "in": (2.54, ("in", "inch", "inches", "英寸")),
    },
}
CENTS: Final = "1/100"  # of the currency
THOUSANDS: Final = "1000+"  # of the currency: its cents are not there any more
_BESIDE: Final = {
    "%": ("%", "百分比"),
    "day": ("天", "d", "days", "day"),
    CENTS: ("分", "cent", "cents"),
    THOUSANDS: ("千", "千元", "百元", "万", "万元", "百万", "百万元", "k", "thousand", "thousands"),
}
# Name -> unit.
UNITS: Final[dict[str, str]] = {
    name: unit for kind in _KINDS.values() for unit, (_, names) in kind.items() for name in names
} | {name: unit for unit, names in _BESIDE.items() for name in names}
# How many of the column's own unit (grams, centimetres) a unit is.
FACTORS: Final[dict[str, float]] = {
    unit: factor for kind in _KINDS.values() for unit, (factor, _) in kind.items()
}
# The units of each kind of column, and what their names are in its own.
OF_KIND: Final = {kind: frozenset(units) for kind, units in _KINDS.items()}
NAMED: Final[dict[str, dict[str, float]]] = {
    kind: {name: factor for factor, names in units.values() for name in names}
    for kind, units in _KINDS.items()
}
