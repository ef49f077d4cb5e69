"""What a price sheet lacks: all of it in one message, with the sheet's own headers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sellersheet.intake.headers import Understood, listed
from sellersheet.wording import LANGS
from sellersheet_workbook.rate_import.destinations import country_within
from sellersheet_workbook.rate_import.found import RateSheetProblem
from sellersheet_workbook.rate_import.prices import Priced
from sellersheet_workbook.rate_import.table import CarrierSheet

Found = dict[str, list[Any]]


def require(sheet: CarrierSheet, understood: Understood, country: str) -> None:
    """All that the sheet lacks, in one message, with its own headers."""
    places = understood.places
    lacking = [] if "country" in places or country else ["country"]
    if not {"band", "to_g", "max_g"} & set(places):
        lacking.append("band")
    headed = any(key in places and not places[key].unit for key in ("first_g", "step_g"))
    if not set(understood.more) & {"price", "per_kg", "first_price", "step_price"} and not headed:
        lacking.append("price")
    if lacking == ["country"]:
        for place in (places.get("line"), places.get("goods")):
            names = [] if place is None else sheet.column(place.at)
            for name in names:
                if place and name is not None and (code := country_within(name)):
                    header, value = place.header.text, str(name).strip()
                    raise RateSheetProblem("country_in_name", header=header, value=value, code=code)
    if lacking:
        raise missing(sheet, lacking)


def need_first_weight(sheet: CarrierSheet, table: Found, columns: Sequence[Priced]) -> None:
    """A first price and a step price say nothing without the first weight and the step."""
    roles = {item.role for item in columns}
    wanted = [("first", "first_g"), ("step", "step_g")]
    if {"first", "step"} <= roles:
        prices = zip(table.get("first_price", ()), table.get("step_price", ()), strict=False)
        if not any(first and step for first, step in prices):
            return
        lacks = [key for _, key in wanted if not any(table.get(key, ()))]
        if lacks:
            raise missing(sheet, lacks)


def missing(sheet: CarrierSheet, keys: Sequence[str]) -> RateSheetProblem:
    words = RateSheetProblem.wording
    fields: dict[str, object] = {}
    for lang in LANGS:
        between = words("between", lang)
        fields[f"columns_{lang}"] = between.join(words(f"lacks_{key}", lang) for key in keys)
        fields[f"do_{lang}"] = words("do_start" if list(keys) == ["start"] else "do_column", lang)
        sheets = between.join(sheet.others)
        fields[f"sheets_{lang}"] = words("other_sheets", lang, sheets=sheets) if sheets else ""
    return RateSheetProblem("missing", headers=listed(sheet.labels) or "—", **fields)
