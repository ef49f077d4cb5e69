"""The table of DEPOSITTRIGGER: every sign with its limit, what was seen, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from sellersheet.cells import read_cells
from sellersheet.columns import Column, Wrong
from sellersheet.functions.blocks import BLANK, CallProblem, ErrorCell, error_text, line_of
from sellersheet.functions.cases import WORDS as SHARED
from sellersheet.functions.cases import Case, in_words, percent
from sellersheet.functions.ranges import CallTerms
from sellersheet.functions.reading import ARGUMENTS
from sellersheet.issues import explained, seen
from sellersheet.money import RATE_UNIT
from sellersheet.policy import View
from sellersheet.rules.deposit_signs import HOLDS, HOLDS_NOT, OPEN, coverage
from sellersheet.rules.verdicts import UNKNOWN
from sellersheet.wording import Lang, Wording

WORDS: Final = Wording("sellersheet.functions", "deposit.toml")
# Sign -> the arguments that it is told from.
_TRIGGERS: Final = {
    "growth": ("category", "weekly_growth"),
    "flash": ("flash_first", "sku_price_usd"),
    "fulfilment": ("fulfilment_rate",),
    "temporary": ("category", "false_shipments"),
}
_WARNINGS: Final = {
    "growth": ("category", "monthly_growth"),
    "tracking_delay": ("tracking_delay",),
    "battery_markets": ("battery", "ru_br_share"),
    "cainiao_without_aplus": ("category", "cainiao_without_aplus"),
    "promotion": ("promotion",),
}
HELD: Final = {HOLDS: "holds", HOLDS_NOT: "holds_not", OPEN: "open"}
# The text's own case is +800 %. Above that a percent was most likely typed whole: 30 for 30 %.
_DOUBTFUL: Final = 10
_GROWTH: Final = replace(ARGUMENTS["fulfilment_rate"], low=-1, high=1_000_000)


class Signs:
    """Rows of signs in words."""

    def __init__(
        self, case: Case, growths: dict[str, list[int]], used: CallTerms, rules: View, day: int
    ) -> None:
        self.case, self.growths, self.rules, self.lang = case, growths, rules, used.lang
        self.told = in_words(used, day)
        self.blank = case.blank() and not any(growths.values())
        self.titles = {
            f"{kind}_{record['key']}": str(record[used.lang])
            for kind in ("trigger", "warning")
            for record in rules.table(f"deposit_{kind}s")
        }
        self.titles["trigger_temporary"] = WORDS("temporary", used.lang)

    def rows(self, kind: str, found: dict[str, int]) -> list[list[Any]]:
        """The rows of all triggers or of all warnings, by what was found of each."""
        return [self._row(kind, key, held) for key, held in found.items()]

    def _row(self, kind: str, key: str, held: int) -> list[Any]:
        """A sign; where nothing at all was entered, only what it asks for."""
        sign = f"{kind}_{key}"
        names = (_TRIGGERS if kind == "trigger" else _WARNINGS)[key]
        row = [self.titles[sign], WORDS(kind, self.lang), self._limit(sign)]
        if self.blank:
            return [*row, *[BLANK] * 3]
        seen_values = "；" if self.lang == "zh" else "; "
        seen_text = seen_values.join(filter(None, map(self._shown, names)))
        return [*row, seen_text, WORDS(HELD[held], self.lang), self._advice(sign, names, held)]

    def _limit(self, sign: str) -> str:
        told, rules = self.told, self.rules
        fields: dict[str, Callable[[], dict[str, object]]] = {
            "trigger_growth": lambda: {
                "over": told("trigger_growth_over"),
                "weeks": rules.number("trigger_growth_weeks"),
            },
            "trigger_flash": lambda: {"over": told("trigger_flash_price_over")},
            "trigger_fulfilment": lambda: {"below": told("trigger_fulfilment_below")},
            "trigger_temporary": lambda: {"times": told("temporary_after_penalties")},
            "warning_growth": lambda: {
                "over": told("warning_growth_over"),
                "weeks": rules.number("warning_growth_weeks"),
            },
            "warning_tracking_delay": lambda: {"over": told("warning_tracking_delay_over")},
            "warning_battery_markets": lambda: {
                "markets": told("warning_markets"),
                "share": told("warning_markets_share_over"),
            },
            "warning_cainiao_without_aplus": dict,
            "warning_promotion": lambda: {"named": told("warning_promotions")},
        }
        return WORDS(f"{sign}_limit", self.lang, **fields[sign]())

    def _advice(self, sign: str, names: tuple[str, ...], held: int) -> str:
        if held == HOLDS_NOT:
            return ""
        if held == OPEN:
            return self._to_settle(sign, names)
        rules = self.rules
        return WORDS(
            f"{sign}_advice",
            self.lang,
            remedy=rules.text("growth_remedy", self.lang),
            hours=rules.number("growth_remedy_before_hours"),
            before=rules.number("sync_threshold_default_hours"),
            after=rules.number("sync_threshold_advised_hours"),
            below=self.told("trigger_fulfilment_below"),
            amount=self.told("temporary_deposit"),
            days=self.told("temporary_days"),
        )

    def _to_settle(self, sign: str, names: tuple[str, ...]) -> str:
        """What to enter; a category that is on no list can't be settled by entering more."""
        missing = [name for name in names if not self._shown(name)]
        if missing:
            between = "”“" if self.lang == "zh" else ", "
            titles = between.join(ARGUMENTS[name].title(self.lang) for name in missing)
            return SHARED("fill_in", self.lang, title=titles)
        if "category" in names and coverage(self.case.text("category"), self.rules) == UNKNOWN:
            return WORDS("category_unknown", self.lang)
        weeks = "trigger_growth_weeks" if sign == "trigger_growth" else "warning_growth_weeks"
        return WORDS("more_growths", self.lang, weeks=self.rules.number(weeks))

    def _shown(self, name: str) -> str:
        if name in self.growths:
            return " → ".join(map(percent, self.growths[name]))
        value = self.case.shown(name)
        if value and ARGUMENTS[name].kind == "yes_no":
            title = ARGUMENTS[name].title(self.lang)
            return WORDS("told", self.lang, title=title, value=value)
        return value


def read_growths(value: Any, name: str, lang: Lang) -> list[int]:
    """Growths in units of 1e-9, oldest first; a blank cell hides those before it."""
    cells, growths, start = read_series(value, name, _GROWTH, lang)
    for cell, growth in zip(cells, growths, strict=True):
        if growth > _DOUBTFUL * RATE_UNIT:
            number = growth / RATE_UNIT
            share = f"{number / 100:.9g}"
            fields = {"value": seen(cell), "percent": f"{number:.9g}", "share": share}
            raise CallProblem("growth_doubtful", name=name, **fields)
    return growths[start:]


def read_series(
    value: Any, name: str, item: Column, lang: Lang
) -> tuple[list[Any], list[int], int]:
    """The cells of a row or column, oldest first, what they hold as ``item`` does, and where
    those begin that no blank cell follows."""
    line = line_of(value, name)
    cells = list(line.cells[: line.used])
    for cell in cells:
        error = error_text(cell)
        if error is not None:
            raise ErrorCell(error)
    found = read_cells(item, pd.Series(cells, dtype=object))
    for cell, wrong in zip(cells, found.wrong.tolist(), strict=True):
        if wrong:
            what = explained(item, Wrong(wrong), seen(cell), lang)
            raise CallProblem("wrong_argument", name=name, what=what)
    start = max((at + 1 for at, blank in enumerate(found.blank.tolist()) if blank), default=0)
    return cells, [int(number) for number in found.values.tolist()], start
