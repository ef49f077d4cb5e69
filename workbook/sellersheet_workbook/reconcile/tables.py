"""What a bill check found, as tables that people read."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sellersheet.money import Ints
from sellersheet.orders import OrderResults
from sellersheet.rules.difference_causes import (
    FREIGHT,
    OPERATION,
    REFUND,
    WHOLE,
    Cause,
    Combination,
)
from sellersheet.wording import LANGS, Lang, Wording
from sellersheet_workbook.reconcile.bill import Bill, Slot
from sellersheet_workbook.reconcile.bill_table import CHARGES, PARTS
from sellersheet_workbook.reconcile.causes import Comparison
from sellersheet_workbook.reconcile.matching import SEVERAL_SHOPS, OrderSide

WORDS: Final = Wording("sellersheet_workbook.reconcile", "words.toml")
CAUSES: Final = Wording("sellersheet_workbook.reconcile", "causes.toml")
MONEY: Final = ("due", "charged", "difference", "amount")
_SHOWN_CHOICES: Final = 4
_KEPT_COLUMNS: Final = 12  # of the bill that are not understood
_RATE: Final = 1_000_000


def _titles(lang: Lang) -> list[str]:
    """The parts in their order, then WHOLE, MERGED and TOTAL."""
    named = {item.key: item.zh if lang == "zh" else item.en for item in CHARGES}
    others = [WORDS(f"part_{code}", lang) for code in ("whole", "merged", "total")]
    return [*(named[part] for part in PARTS), *others]


_PARTS: Final = {lang: np.array(_titles(lang), dtype=object) for lang in LANGS}


def claimable(found: Comparison) -> npt.NDArray[np.bool_]:
    """Differences against the seller whose cause is sure and is the platform's to mend."""
    claims = np.array([f"{cause.name.lower()}_claim" in CAUSES.messages for cause in Cause])
    items = found.differences
    wanted: npt.NDArray[np.bool_] = items.sure & (items.amount > 0) & claims[items.cause]
    return wanted


def difference_table(
    found: Comparison, orders: OrderSide, bill: Bill, first_row: int, lang: Lang
) -> pd.DataFrame:
    """One row an order and cause, in the order of the orders."""
    items = found.differences
    order, bill_order = items.order, found.bill_order[items.order]
    columns = amounts(found, orders, bill, lang)
    yes_no = np.array([WORDS("no", lang), WORDS("yes", lang)], dtype=object)
    sentences = Sentences(found, orders)
    columns |= {
        "cause": cause_titles(items.cause, lang),
        "why": sentences("why", lang),
        "action": sentences("do", lang),
        "claim": yes_no[claimable(found).astype(np.int64)],
        "order_row": orders.first[order] + first_row,
        "bill_row": bill.first[bill_order] + bill.table.issues.first_row,
    }
    frame = pd.DataFrame(columns)
    raw, known = bill.table.raw, set(bill.table.header.values())
    kept = [at for at, label in enumerate(raw.columns) if str(label).strip() not in known | {""}]
    for at in kept[:_KEPT_COLUMNS]:
        title = str(raw.columns[at]).strip()
        cells = raw.iloc[bill.first[bill_order], at].reset_index(drop=True)
        frame.insert(frame.shape[1], title, cells, allow_duplicates=True)
    return frame


def amounts(found: Comparison, orders: OrderSide, bill: Bill, lang: Lang) -> dict[str, Any]:
    """shop (if any is named), order_id, part, due, charged, difference of every row."""
    items = found.differences
    named: dict[str, Any] = {}
    if (orders.shop != "").any() or bill.has_shop:
        ours, theirs = orders.shop[items.order], bill.shop[found.bill_order[items.order]]
        named["shop"] = np.where(ours == "", theirs, ours)
    return named | {
        "order_id": orders.order_id[items.order],
        "part": _PARTS[lang][items.part],
        "due": items.due / 100,
        "charged": (items.due + items.amount) / 100,
        "difference": items.amount / 100,
    }


def cause_titles(cause: Ints, lang: Lang) -> npt.NDArray[np.object_]:
    """The causes as people call them."""
    return np.array([CAUSES(item.name.lower(), lang) for item in Cause], dtype=object)[cause]


class Sentences:
    """The sentences of every difference; each distinct one is worded once."""

    def __init__(self, found: Comparison, orders: OrderSide) -> None:
        self._found = found
        items, view = found.differences, orders.view
        rush = np.isin(items.cause, [Cause.RUSH_EARLY, Cause.RUSH_OPEN, Cause.RUSH_MISSING])
        rule = view.ratio("service_fee_rate")
        due_rate = np.broadcast_to(np.asarray(rule.num) * _RATE // rule.den, orders.paid.shape)
        free, after = (
            np.broadcast_to(view.number(name), orders.paid.shape)[items.order]
            for name in ("rush_free_days", "rush_after_days")
        )
        known = ~np.isnan(items.rate)
        rates = np.where(known, np.rint(np.nan_to_num(items.rate) * 10_000), 0)
        columns = {
            "cause": items.cause,
            "option": items.option,
            "days": np.where(rush, orders.days[items.order], 0),
            "free": np.where(rush, free, 0),
            "after": np.where(rush, after, 0),
            "rate": rates.astype(np.int64),
            "due_rate": np.where(known, due_rate[items.order], 0),
            "together": _together(found),
            "exact": items.exact,
        }
        keys = pd.DataFrame(columns).astype(np.int64)
        self._at = keys.groupby(list(columns), sort=False).ngroup().to_numpy()
        self._keys: list[list[int]] = keys.drop_duplicates().to_numpy().tolist()

    def __call__(self, kind: str, lang: Lang) -> npt.NDArray[np.object_]:
        """``why``, ``do`` or ``claim``."""
        texts = [_sentence(kind, key, self._found, lang) for key in self._keys]
        return np.array([*texts, ""], dtype=object)[self._at]


def _sentence(kind: str, key: list[int], found: Comparison, lang: Lang) -> str:
    cause, option, days, free, after, rate, due_rate, together, exact = key
    code = f"{Cause(cause).name.lower()}_{kind}"
    if code not in CAUSES.messages:
        return ""
    choices = _choices(found.alternatives[option], lang) if option >= 0 else ""
    text = CAUSES(
        code, lang, days=days, free=free, after=after, rate=f"{rate / 10_000:.2%}",
        due_rate=f"{due_rate / _RATE:.2%}", choices=choices,
    )  # fmt: skip
    if kind != "why" or not together:
        return text
    more = "in_one_sum" if together == 1 else "in_one_sum_several"
    return text + WORDS(more if exact else f"{more}_near", lang, count=together)


def _together(found: Comparison) -> Ints:
    """How many causes one sum of several parts was split into; 0 where it was not."""
    items = found.differences
    count = np.zeros(len(items.order), dtype=np.int64)
    split = ~items.apart & ~np.isin(items.cause, [Cause.AMBIGUOUS, Cause.UNEXPLAINED])
    at = np.flatnonzero(split)
    if len(at):
        keys = np.stack([items.order[at], items.slot[at]])
        _, where, counts = np.unique(keys, axis=1, return_inverse=True, return_counts=True)
        count[at] = counts[np.ravel(where)]
    return count


def _choices(option: tuple[Combination, ...], lang: Lang) -> str:
    shown = [
        WORDS("and", lang).join(_cause(cause, amount, lang) for cause, amount in combination)
        for combination in option[:_SHOWN_CHOICES]
    ]
    more = WORDS("more_choices", lang, count=len(option)) if len(option) > len(shown) else ""
    return WORDS("or", lang).join(shown) + more


def _cause(cause: Cause, amount: int | None, lang: Lang) -> str:
    title = CAUSES(cause.name.lower(), lang)
    if amount is None:
        return title
    return WORDS("one", lang, cause=title, amount=f"{amount / 100:+.2f}")


def by_cause(found: Comparison, lang: Lang) -> pd.DataFrame:
    """cause, orders, against, favour (≤ 0), difference, claimed: the largest sums first."""
    items = found.differences
    frame = pd.DataFrame(
        {
            "cause": items.cause,
            "order": items.order,
            "against": np.maximum(items.amount, 0),
            "favour": np.minimum(items.amount, 0),
            "difference": items.amount,
            "claimed": np.where(claimable(found), items.amount, 0),
        }
    )
    grouped = frame.groupby("cause")
    sums = grouped[["against", "favour", "difference", "claimed"]].sum() / 100
    sums.insert(0, "orders", grouped["order"].nunique())
    sums = sums.sort_values("difference", key=np.abs, ascending=False, kind="stable")
    sums.insert(0, "cause", cause_titles(sums.index.to_numpy(dtype=np.int64), lang))
    return sums.reset_index(drop=True)


def by_slot(found: Comparison, bill: Bill, lang: Lang) -> pd.DataFrame:
    """part, due, charged, difference of what was compared: one row an amount of the bill."""
    due = np.where(found.compared, found.due, 0).sum(axis=0) / 100
    charged = np.where(found.compared, found.charged, 0).sum(axis=0) / 100
    titles = [slot_title(slot, lang) for slot in bill.slots]
    return pd.DataFrame(
        {"part": titles, "due": due, "charged": charged, "difference": charged - due}
    ).round(2)


def slot_title(slot: Slot, lang: Lang) -> str:
    """What one amount of the bill covers."""
    if len(slot) == 1:
        return str(_PARTS[lang][slot[0]])
    if slot == (OPERATION, REFUND):
        return WORDS("slot_net", lang)
    code = "slot_all" if len(slot) == WHOLE else "slot_rest" if slot else "part_total"
    return WORDS(code, lang)


def beyond(found: Comparison, bill: Bill) -> npt.NDArray[np.bool_]:
    """The orders of the bill that could not be matched, of those that have a charge."""
    unmatched: npt.NDArray[np.bool_] = (found.place < 0) & ~bill.bare
    return unmatched


def missing_table(
    found: Comparison, orders: OrderSide, bill: Bill, first_row: int, lang: Lang
) -> pd.DataFrame:
    """Orders on one side only, and orders that could not be compared."""
    due_known = orders.sound & orders.freight_known
    own = np.where(due_known, orders.due.sum(axis=1), np.nan)
    billed = np.where(found.both, found.charged.sum(axis=1), np.nan)
    freight = found.charged[:, [FREIGHT in slot for slot in bill.slots]].sum(axis=1)
    bill_only = np.flatnonzero(beyond(found, bill))
    unclear = found.place[bill_only] == SEVERAL_SHOPS
    left = np.isin(bill.order_id[bill_only], list(orders.left))
    whys = [WORDS(code, lang) for code in ("several_shops", "order_left", "not_in_orders")]
    lost = pd.DataFrame(
        {
            "shop": bill.shop[bill_only],
            "order_id": bill.order_id[bill_only],
            "amount": bill.charged[bill_only].sum(axis=1) / 100,
            "what": np.select([unclear, left], whys[:2], whys[2]),
            "bill_row": bill.first[bill_only] + bill.table.issues.first_row,
        }
    )
    pieces = [lost]
    refused = np.zeros(orders.n, dtype=bool)
    bad = np.flatnonzero((found.place >= 0) & bill.refused)
    refused[found.place[bad]] = True
    open_rows = found.both & ~refused & ~found.shared
    unknown = open_rows & orders.sound & ~found.bare & ~found.compared.all(axis=1)
    part = " ".join(slot_title(slot, lang) for slot in bill.slots if FREIGHT in slot)
    for code, hit, amount in (
        ("several_shops", found.shared, own),
        ("not_in_bill", ~found.both & ~found.shared, own),
        ("bill_refused", refused & ~found.shared, own),
        ("order_refused", open_rows & ~orders.sound, billed),
        ("only_other", open_rows & orders.sound & found.bare, own),
        ("no_freight", unknown, freight),
    ):
        at = np.flatnonzero(hit)
        item = pd.DataFrame(
            {"shop": orders.shop[at], "order_id": orders.order_id[at], "amount": amount[at] / 100}
        )
        item["what"] = WORDS(code, lang, part=part)
        item["order_row"] = orders.first[at] + first_row
        pieces.append(item)
    table = pd.concat([piece for piece in pieces if len(piece)] or [lost], ignore_index=True)
    if not (table["shop"] != "").any():
        table = table.drop(columns="shop")
    for key in ("order_row", "bill_row"):
        if key in table:
            table[key] = table[key].astype("Int64")
    return table


def refused_table(results: OrderResults, bill: Bill, lang: Lang) -> pd.DataFrame:
    """The rows of both files that can't be read."""
    sides = {"file_bill": bill.table.issues.frame(lang), "file_orders": results.refused_rows(lang)}
    for code, frame in sides.items():
        frame.insert(0, "file", WORDS(code, lang))
    frames = [frame for frame in sides.values() if len(frame)] or [*sides.values()][:1]
    return pd.concat(frames, ignore_index=True)


def titled(frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """The table under the headers that people read."""
    return frame.rename(
        columns={key: WORDS(key, lang) for key in map(str, frame.columns) if key in WORDS.messages}
    )
