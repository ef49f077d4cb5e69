"""What a seller gives in tables beside orders: rate cards, exchange rates, own values. F8, F9."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from sellersheet import columns, money
from sellersheet.cells import word
from sellersheet.columns import Wrong
from sellersheet.days import date_of
from sellersheet.exchange import UNDATED, FxRates, check_likely, currency, is_likely
from sellersheet.intake import layout
from sellersheet.intake.doubts import NOTHING_ASKED, Asked
from sellersheet.intake.grid import Grid, grid_of_frame
from sellersheet.intake.headers import Fate, Said, TableProblem, listed, score, understand
from sellersheet.intake.vocabulary import parsed
from sellersheet.issues import Issue
from sellersheet.policy import Entry, Policy, Record, load
from sellersheet.rules.rate_card import CardIssue, RateCard, rate_card
from sellersheet.tables import Table, read_table
from sellersheet.wording import Lang, Problem, Wording

WORDS = Wording("sellersheet", "cards.toml")
PUBLISHED: Final = "published_freight_points"

# A gap is worth knowing, yet the rows on its two sides are sound.
_HARMLESS = frozenset({"gap"})
# What a header may say that its prices are for.
_PER: Final = {
    "per_kg": ("", "kg"),
    "first_price": ("", "parcel"),
    "step_price": ("", "parcel"),
    "registration": ("", "parcel"),
    "first_g": ("",),
    "step_g": ("",),
}
_SURELY_KILOS: Final = 30
# Names of the row that asks for a language instead of giving a value, as ``word`` writes them.
LANGUAGE: Final = frozenset({"lang", "language", "语言"})


class CardProblem(Problem):
    """A table that is no rate card as it stands."""

    wording = WORDS


@dataclass(frozen=True)
class Card:
    """A rate card with the table that it was read from."""

    rates: RateCard
    table: Table
    of_policy: str = ""  # the policy value that its rows were made from

    @property
    def refused(self) -> bool:
        """Whether any row of the table was left out of the card."""
        wrong = any(issue.code not in _HARMLESS for issue in self.rates.issues)
        return wrong or bool(self.table.issues)

    def issues(self, lang: Lang) -> pd.DataFrame:
        """row, message, refused: every wrong cell, overlap and gap, in the order of rows."""
        found = [(item.row, item.text(lang), True) for item in self.table.issues]
        for issue in self.rates.issues:
            rows = [row + self.table.issues.first_row for row in issue.rows]
            found.append((rows[-1], _text(issue, rows, lang), issue.code not in _HARMLESS))
        frame = pd.DataFrame(found, columns=["row", "message", "refused"])
        return frame.sort_values("row", kind="stable", ignore_index=True)


def read_card(
    source: Grid | pd.DataFrame, *, first_row: int = 2, asked: Asked = NOTHING_ASKED
) -> Card:
    """The card of a raw table of rates, headers in Chinese or English.

    Wrong, impossible and overlapping rows are left out and named by ``Card.issues``.
    """
    grid = grid_of_frame(source, first_row) if isinstance(source, pd.DataFrame) else source
    try:
        table = read_table(grid, "rates", asked=asked)
    except TableProblem:
        _refuse_carriers(_headers(grid, asked))
        raise
    _refuse_carriers(table.fates)
    _refuse_likely_kilograms(table)
    typed = dict(table.columns)
    for item in columns.RATES:
        if item.key not in typed:
            words = item.kind in ("text", "country")
            typed[item.key] = np.full(table.n, "", object) if words else np.zeros(table.n, np.int64)
    return Card(rate_card(typed, table.used, table.bad), table)


def shipped_card(policy: Policy | None = None) -> Card:
    """The card that comes with the package: the freight that a source states, or the user's own."""
    return _of_entries((policy or load()).value(PUBLISHED).entries)


def _of_entries(entries: tuple[Entry, ...]) -> Card:
    """The card of the published freight, each entry a version from its start on."""
    key = tuple((entry.start, repr(entry.value), entry.standing) for entry in entries)
    if key not in _MADE:
        rows = [_row(entry, record) for entry in entries for record in entry.value]
        frame = pd.DataFrame(rows, columns=[item.key for item in columns.RATES], dtype=str)
        card = read_card(frame.fillna(""))
        _MADE[key] = Card(card.rates, card.table, PUBLISHED)
    return _MADE[key]


def _row(entry: Entry, record: Record) -> dict[str, str]:
    divisor = record["divisor"]
    source = load().sources.get(entry.source or "")
    return {
        "country": record["country"],
        "line": record["line"] or record["zh"],
        "from_g": "0",
        "to_g": str(record["to_g"]),
        "first_price": str(Decimal(record["fee"]).scaleb(-2)),
        "divisor": "unknown" if divisor is None else str(float(divisor)),
        "currency": "CNY",
        "start": entry.start.isoformat(),
        "source": f"《{source.title}》" if source else entry.origin or "",
        "standing": entry.standing,
        "note": entry.note_zh or entry.reason or "",
    }


_MADE: dict[tuple[Any, ...], Card] = {}


def _headers(grid: Grid, asked: Asked) -> tuple[Fate, ...]:
    said = Said(asked.columns, asked.remembered)
    found = layout.find(grid, lambda labels: score(labels, "rates", said), asked.header_row)
    labels = found.labels if found else ()
    return understand(labels, "rates", said, several=columns.BESIDE_RATES).fates


def _refuse_carriers(fates: Sequence[Fate]) -> None:
    """A carrier's own columns are for the import: here they would be dropped in silence."""
    foreign = [
        fate.header
        for fate in fates
        if fate.key in columns.BESIDE_RATES
        or parsed(fate.header).per not in _PER.get(fate.key, (parsed(fate.header).per,))
    ]
    if foreign:
        raise CardProblem("carriers_sheet", headers=listed(foreign))


def _refuse_likely_kilograms(table: Table) -> None:
    """Bands without a unit that end where no card in grams ends."""
    fate = next((fate for fate in table.fates if fate.key == "to_g"), None)
    if fate is None or fate.unit or fate.header == "to_g":
        return
    ends = table.columns["to_g"][table.used]
    if len(ends) and 0 < ends.max() <= _SURELY_KILOS:
        raise CardProblem("kilograms", header=fate.header, value=f"{ends.max():g}")


def _text(issue: CardIssue, rows: list[int], lang: Lang) -> str:
    return WORDS(issue.code, lang, row=rows[-1], other=rows[0], **issue.fields)


def fx_rates(table: Table, *, strict: bool = True) -> FxRates:
    """The exchange rates of a table ``fx``. A bad row spoils its own rate alone; two for one
    currency and day, and unlikely ones, are a Problem where it is ``strict``, else the same."""
    use = table.used
    starts = np.full(table.n, UNDATED, dtype=np.int64)
    if "start" in table.columns:
        starts = np.where(table.blank["start"], UNDATED, table.columns["start"])
    units = money.rate_units(table.columns["rate"])
    entries = list(
        zip(table.columns["currency"][use], starts[use].tolist(), units[use].tolist(), strict=True)
    )
    spoilt = [
        (table.columns["currency"][row], int(starts[row]) if known else None)
        for row, known in bad_rows(table)
    ]
    if strict:
        for word, _, rate in entries:
            check_likely(word, rate)
        return FxRates.of(entries, spoilt)
    count = Counter((currency(word), start) for word, start, _ in entries)
    sound = []
    for word, start, rate in entries:
        if count[currency(word), start] > 1 or not (currency(word) and is_likely(word, rate)):
            spoilt.append((word, start))
        else:
            sound.append((word, start, rate))
    return FxRates.of(sound, spoilt)


def bad_rows(table: Table) -> list[tuple[int, bool]]:
    """The bad rows of a table of dated figures, and whether the start of each can be read."""
    known = np.ones(table.n, dtype=bool)
    if "start" in table.columns:
        known = table.given["start"] | table.blank["start"]
    return [(row, bool(known[row])) for row in np.flatnonzero(table.bad).tolist()]


class OwnValues(NamedTuple):
    """``rows`` has name, value, start and reason of every row of the table, {} for a row that
    gives no value. ``languages`` are the cells of rows that ask for one, ``wrong`` the wrong
    start days, and the formulas without a saved value, of rows that give one."""

    rows: list[dict[str, Any]]
    languages: tuple[Any, ...]
    wrong: tuple[Issue, ...]


def own_values(source: Grid | pd.DataFrame) -> OwnValues:
    """The rows of a table ``overrides``, in the one way in which ranges, sheets and files give
    them; one that can't be read at all is a TableProblem."""
    table = read_table(source, "overrides")
    values, reasons = _cells_of(table, "value"), _cells_of(table, "reason")
    starts = table.columns.get("start")
    unread = {issue.row - table.issues.first_row: issue for issue in table.issues}
    rows: list[dict[str, Any]] = []
    languages: list[Any] = []
    wrong: list[Issue] = []
    for at, name in enumerate(table.columns["name"]):
        rows.append({})
        if at in unread and unread[at].code == Wrong.UNCACHED.code:
            wrong.append(unread[at])
            continue
        if values[at] is None:
            continue
        if word(name) in LANGUAGE:
            languages.append(values[at])
            continue
        if at in unread and unread[at].key == "start":
            wrong.append(unread[at])
            continue
        start = None
        if starts is not None and not table.blank["start"][at]:
            start = date_of(int(starts[at]))
        reason = None if reasons[at] is None else str(reasons[at])
        rows[at] = {"name": name, "value": values[at], "start": start, "reason": reason}
    return OwnValues(rows, tuple(languages), tuple(wrong))


def _cells_of(table: Table, key: str) -> list[Any]:
    """The cells of a column as they came, None for a blank and for a column that is not there."""
    if key not in table.header:
        return [None] * table.n
    at = next(fate.at for fate in table.fates if fate.key == key)
    cells = table.raw.iloc[:, at].astype(object)
    return [None if gap or cell == "" else cell for cell, gap in
            zip(cells, cells.isna(), strict=True)]  # fmt: skip
