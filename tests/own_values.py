"""Every value of the policy changed, one at a time, as a user's policy file changes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sellersheet.policy import Policy, View, load
from sellersheet.policy.model import PolicyValue
from sellersheet.policy.shown import decimal, written

SHIPPED = load()
# Columns of tables that programs look for.
KEYS = {"key", "entity", "flag", "measure", "single_limit", "country"}
# Values whose change the general way would not show, or would not be allowed.
CHANGED: dict[str, object] = {
    "served_destinations": ["JP"],
    "warning_markets": ["JP"],
    "semi_fit_markets": ["JP"],
    "violations_max": 1,
    "reduction_published_full_refunds": 1,
    "standard_box_cm": [31, 20, 15],
    "deposit_flag_above": "1.00",
    "payoneer_single_limit": "1000.00",
    "trigger_flash_price_over": "40.00",
}


def overlay(name: str, folder: Path) -> Path:
    """A policy file that changes this one value."""
    value = SHIPPED.value(name)
    shown = _toml(CHANGED[name] if name in CHANGED else _other(value))
    file = folder / f"{name}.toml"
    file.write_text(f"[values.{name}]\nvalue = {shown}\n", encoding="utf-8")
    return file


def _other(value: PolicyValue) -> object:
    """Another value of the same kind."""
    exact = value.entries[-1].value
    if value.kind == "table":
        return [_record(record, value) for record in exact]
    if value.kind == "choice":
        return next(item.key for item in value.allowed if item.key != exact)
    if value.kind == "words":
        return [f"改{word}" for word in exact]
    if value.kind == "text":
        return {"zh": f"改{exact.zh}", "en": f"changed {exact.en}"}
    return _number(exact, value.kind)


def _number(exact: Any, kind: str) -> object:
    if kind == "rate":
        return decimal(exact / 2 if exact else Fraction(1, 2))
    if kind in ("money_cny", "money_usd"):
        return written(kind, exact + 100)
    return decimal(exact + 1) if isinstance(exact, Fraction) else int(exact) + 1


def _record(record: Any, value: PolicyValue) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, cell in record.items():
        kind = value.columns[key].removesuffix("?")
        if cell is None or cell == "" or cell == ():
            continue
        if key in KEYS or kind == "yes_no":
            found[key] = cell
        elif kind == "words":
            found[key] = [f"改{word}" for word in cell]
        else:
            found[key] = f"改{cell}" if kind == "text" else _number(cell, kind)
    return found


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(cell)}" for key, cell in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


class Reads:
    """What was read of which policy: values by rules, and values in words."""

    def __init__(self) -> None:
        self.found: set[tuple[int, str]] = set()

    def names(self, policy: Policy) -> set[str]:
        """The values that were read of this policy."""
        return {name for at, name in self.found if at == id(policy)}


@contextmanager
def reads() -> Iterator[Reads]:
    """Notes every value that is asked for meanwhile; nothing is changed by it."""
    noted = Reads()

    def of_view(method: str) -> Any:
        plain = getattr(View, method)

        def asked(self: View, name: str, *more: Any) -> Any:
            noted.found.add((id(self._policy), name))
            return plain(self, name, *more)

        return patch.object(View, method, asked)

    def of_policy(method: str) -> Any:
        plain = getattr(Policy, method)

        def asked(self: Policy, name: str, *more: Any) -> Any:
            noted.found.add((id(self), name))
            return plain(self, name, *more)

        return patch.object(Policy, method, asked)

    def value(self: Policy, name: str) -> PolicyValue:
        if name == "published_freight_points":  # a rate card is made of all its entries at once
            noted.found.add((id(self), name))
        return plain_value(self, name)

    plain_value = Policy.value
    patches = [patch.object(Policy, "value", value)]
    patches += [of_view(name) for name in ("money", "number", "ratio", "choice", "words", "table")]
    patches += [of_view("text"), of_policy("entry"), of_policy("row")]
    for each in patches:
        each.start()
    try:
        yield noted
    finally:
        for each in patches:
            each.stop()
