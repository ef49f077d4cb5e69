"""A carrier's price sheet as a rate card: weight bands, prices by unit, blocks of one country."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from sellersheet import countries
from sellersheet.cards import Card
from sellersheet.columns import RATES, column
from sellersheet.exchange import currency
from sellersheet.intake.grid import Grid
from sellersheet.intake.headers import places as places_of
from sellersheet.intake.vocabulary import header_text
from sellersheet.wording import Lang, Problem, Wording

BAND: Final = "band"
_SEARCHED_ROWS: Final = 10
_FILLED: Final = ("country", "line", "goods", "currency", "start")
# Headers that carriers write, beside those of the registry, without their unit.
_NAMES: Final = {
    BAND: "重量段 重量区间 重量范围 计费重量段 重量 weight_band weight_range weight",
    "country": "国家/地区 国家地区 目的国家 国家名称 destination_country country/region",
    "line": "渠道 渠道名称 物流渠道 产品 产品名称 服务 channel service product",
    "goods": "货物属性 产品属性 cargo",
    "registration": "挂号 处理 操作费 票费 handling_fee handling registered_fee",
    "freight": "运费 价格 单价 资费 费率 公斤价 正价 freight price rate",
}
_KEYS: Final = {
    "": "freight",
    **{name.replace("_", " "): key for key, names in _NAMES.items() for name in names.split()},
}
_NOTED: Final = re.compile(r"(?P<name>[^(\[]*?)\s*[(\[]\s*(?P<note>[^)\]]+?)\s*[)\]]")
_PRICED: Final = re.compile(r"(?P<name>.*?)(?P<money>[^\s(\[/]*)/\s*(?P<unit>[^)\]]+)")
_KG: Final = ("kg", "kgs", "千克", "公斤", "1kg")
_GRAM: Final = ("g", "克", "gram", "grams")
_PARCEL: Final = ("票", "件", "单", "包裹", "parcel", "piece", "pcs", "order", "shipment")
_NUMBER: Final = r"(\d+(?:\.\d+)?)\s*(kgs?|千克|公斤|g|克)?"
_WEIGHT: Final = r"(?:w|weight|重量|实重|计费重|x)"
_FORMS: Final = (
    re.compile(rf"{_NUMBER}\s*(?:-|~|—|–|至|到|to)\s*{_NUMBER}"),
    re.compile(rf"{_NUMBER}\s*<\s*{_WEIGHT}\s*(?:<=|≤|≦)\s*{_NUMBER}"),
    re.compile(rf"()()(?:{_WEIGHT}\s*)?(?:<=|≤|≦)\s*{_NUMBER}"),
    re.compile(rf"()(){_NUMBER}\s*(?:以下|以内|及以下)"),
)
_SURELY_GRAMS: Final = 100  # a band that ends above this is never meant in kilograms


class ImportProblem(Problem):
    """Something in a carrier's sheet that is not understood, or was taken in one way."""

    wording = Wording("sellersheet_workbook", "rate_import.toml")


@dataclass(frozen=True, slots=True)
class Imported:
    """The sheet's rows under the headers of a rate card; a row not understood is blank.

    Row ``i`` of ``frame`` is row ``first_row + i`` of the sheet. ``refused`` has a problem
    for each row left out, ``notes`` what was assumed for all.
    """

    frame: pd.DataFrame
    first_row: int
    refused: tuple[ImportProblem, ...]
    notes: tuple[ImportProblem, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    key: str
    header: str
    at: int
    unit: str = ""  # kg or g where the header says so
    money: str = ""  # the header's currency


def import_rates(
    grid: Grid,
    lang: Lang,
    *,
    rename: Mapping[str, str] | None = None,
    fill_down: bool = False,
) -> Imported:
    """A raw price sheet as a raw table of rates, headers in the language asked for.

    Understood beside the registry's columns: a band such as ``0-300``, ``0.3-0.75kg`` or
    ``0<W≤0.3``; prices headed 元/KG or 元/票; weights headed KG; a country beside its
    translation; a title above the header. ``rename`` says what a header stands for, a
    column's key or ``band``. ``fill_down`` repeats a country and the like over the blank
    cells below it.
    """
    frame = grid.below(0).frame
    labels = [header_text(cell) for cell in grid.top[0]] + [""] * frame.shape[1]
    frame.columns = pd.Index(labels[: frame.shape[1]], dtype=object)
    frame, first_row = _below_title(frame, grid.first_row + 1, rename or {})
    places = _places(frame.columns, rename or {})
    notes: list[ImportProblem] = []
    wrong: dict[int, ImportProblem] = {}
    found: dict[str, pd.Series[Any]] = {}
    for key, place in places.items():
        cells = frame.iloc[:, place.at].astype(object)
        cells = cells.where(cells.notna(), None)
        if fill_down and key in _FILLED:
            cells = _filled(cells, frame, place, notes)
        if key == BAND:
            found |= _bands(cells, place, first_row, wrong, notes)
        elif key == "country":
            if not fill_down and _gaps(cells, frame).any():
                notes.append(ImportProblem("fill_down_hint", header=place.header))
            found[key] = _each(cells, place, first_row, wrong, "country", _country)
        elif place.unit and column("rates", key).kind == "grams":
            found[key] = _each(
                cells, place, first_row, wrong, "weight", lambda text, p=place: _grams(text, p.unit)
            )
        else:
            found[key] = cells
    _add_currency(found, places.values(), len(frame))
    table = pd.DataFrame(found, index=frame.index)
    table.loc[sorted(wrong)] = None
    titles = {item.key: item.title(lang) for item in RATES}
    refused = tuple(wrong[row] for row in sorted(wrong))
    return Imported(table.rename(columns=titles), first_row, refused, tuple(notes))


def started(frame: pd.DataFrame, start: dt.date, lang: Lang) -> pd.DataFrame:
    """The rows with a day from which they are in force, where the sheet has none of its own."""
    title = column("rates", "start").title(lang)
    if title in frame:
        return frame
    filled = frame.notna().any(axis=1)
    return frame.assign(**{title: filled.map({True: start, False: None})})


def sound_rows(card: Card, lang: Lang) -> pd.DataFrame:
    """The sound rows under the registry's headers, as they were written in the file."""
    table = card.table
    rows = sorted(int(row) for row in card.rates.row)
    labels = list(map(str, table.raw.columns))
    found = {
        item.title(lang): table.raw.iloc[rows, labels.index(table.header[item.key])]
        for item in RATES
        if item.key in table.header
    }
    return pd.DataFrame(found).reset_index(drop=True)


def _below_title(
    frame: pd.DataFrame, first_row: int, rename: Mapping[str, str]
) -> tuple[pd.DataFrame, int]:
    """The table under the row that names most columns: carriers put titles above it."""
    best, most = -1, len(_places(frame.columns, rename))
    for at in range(min(_SEARCHED_ROWS, len(frame) - 1)):
        count = len(_places(frame.iloc[at], rename))
        if count > max(most, 1):
            best, most = at, count
    if best < 0:
        return frame, first_row
    lower = frame.take(range(best + 1, len(frame))).reset_index(drop=True)
    lower.columns = pd.Index([header_text(label) for label in frame.iloc[best]], dtype=object)
    return lower, first_row + best + 1


def _places(labels: Iterable[object], rename: Mapping[str, str]) -> dict[str, _Place]:
    """Column key (or ``band``) -> where it stands; the first of two alike counts."""
    found: dict[str, _Place] = {}
    for at, label in enumerate(labels):
        header = header_text(label)
        place = _place(header, at, rename.get(header))
        if place is not None:
            found.setdefault(place.key, place)
    return found


def _place(header: str, at: int, wanted: str | None) -> _Place | None:
    plain = _plain(header)
    noted = _NOTED.fullmatch(plain)
    name, note = (noted["name"], noted["note"]) if noted else (plain, "")
    priced = _PRICED.fullmatch(note or plain)
    money = currency(priced["money"]) if priced else currency(note)
    unit = priced["unit"] if priced and money else note
    if priced and money and not noted:
        name = priced["name"].strip()
    key = wanted or _known(header) or _known(name) or _KEYS.get(name)
    if key == "freight":
        per_parcel = money and unit in _PARCEL
        key = "per_kg" if unit in _KG else "first_price" if per_parcel else None
    if key is None or (key == "registration" and money and unit and unit in _KG):
        return None
    weight = "kg" if unit in _KG else "g" if unit in _GRAM else ""
    return _Place(key, header, at, weight, money)


def _known(name: str) -> str | None:
    return next(iter(places_of([name], "rates")), None) if name else None


def _plain(cell: object) -> str:
    return unicodedata.normalize("NFKC", str(cell)).casefold().strip()


def _filled(
    cells: pd.Series[Any], frame: pd.DataFrame, place: _Place, notes: list[ImportProblem]
) -> pd.Series[Any]:
    """The value above in each blank cell of a row that is not blank itself."""
    gaps = _gaps(cells, frame)
    if gaps.any():
        notes.append(ImportProblem("filled", header=place.header, count=int(gaps.sum())))
    return cells.where(~gaps, cells.ffill())


def _gaps(cells: pd.Series[Any], frame: pd.DataFrame) -> pd.Series[bool]:
    """Blank cells with something above them, in rows that are not blank."""
    return cells.isna() & cells.ffill().notna() & frame.notna().any(axis=1)


def _each(
    cells: pd.Series[Any], place: _Place, first_row: int, wrong: dict[int, ImportProblem],
    code: str, understand: Any,
) -> pd.Series[Any]:  # fmt: skip
    """Every filled cell understood, or its row named."""
    values: list[Any] = []
    for row, cell in enumerate(cells):
        value = None if cell is None else understand(_plain(cell))
        if value is None and cell is not None:
            named = {"row": row + first_row, "header": place.header, "value": cell}
            wrong.setdefault(row, ImportProblem(code, **named))
        values.append(value)
    return pd.Series(values, index=cells.index, dtype=object)


def _bands(
    cells: pd.Series[Any], place: _Place, first_row: int, wrong: dict[int, ImportProblem],
    notes: list[ImportProblem],
) -> dict[str, pd.Series[Any]]:  # fmt: skip
    """from_g and to_g. Without any unit the column is in grams when its numbers say so."""
    read = [_band(_plain(cell)) for cell in cells.dropna()]
    bare = [band[2] for band in read if band and not (band[1] or band[3] or place.unit)]
    unit = place.unit
    if bare and max(bare) > _SURELY_GRAMS:
        unit = "g"
        notes.append(ImportProblem("grams", header=place.header))

    def ends(text: str) -> tuple[float, float] | None:
        band = _band(text)
        if band is None or not (band[3] or band[1] or unit):
            return None
        low, low_unit, high, high_unit = band
        last = high_unit or low_unit or unit
        return low * _factor(low_unit or last), high * _factor(last)

    code = "band_unit" if bare and not unit else "band"
    pairs = _each(cells, place, first_row, wrong, code, ends)
    return {
        key: pairs.map(lambda pair, side=side: None if pair is None else round(pair[side], 3))
        for side, key in enumerate(("from_g", "to_g"))
    }


def _band(text: str) -> tuple[float, str, float, str] | None:
    """Low end, its unit, high end, its unit; the units are "" where not written."""
    for form in _FORMS:
        if found := form.fullmatch(text):
            low, low_unit, high, high_unit = found.groups()
            return float(low or 0), low_unit or "", float(high), high_unit or ""
    return None


def _factor(unit: str) -> int:
    return 1000 if unit in _KG else 1


def _grams(text: str, unit: str) -> float | None:
    found = re.fullmatch(_NUMBER, text)
    return round(float(found[1]) * _factor(found[2] or unit), 3) if found else None


def _country(text: str) -> str | None:
    """The code of a cell that names one country, in whatever languages."""
    if whole := countries.code(text):
        return whole
    found = set()
    for run in re.findall(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]+", text):
        parts = [run] if countries.code(run) else re.split(r"[^\w ]+", run)
        found |= {countries.code(part) for part in parts if any(map(str.isalnum, part))}
    return found.pop() if len(found) == 1 else None


def _add_currency(found: dict[str, Any], places: Iterable[_Place], count: int) -> None:
    """The currency that the headers of prices agree on, where the sheet has no such column."""
    named = {place.money for place in places if place.money}
    if "currency" not in found and len(named) == 1 and named != {"CNY"}:
        found["currency"] = pd.Series([named.pop()] * count, dtype=object)
