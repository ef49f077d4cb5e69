"""Tables of named cases. An empty cell is None; everything else stays text."""

import csv
from decimal import Decimal
from pathlib import Path

FOLDER = Path(__file__).parent
Case = dict[str, str | None]


def load(table: str) -> list[Case]:
    """The rows of one table, for example load("fees")."""
    path = Path(__file__).with_name(f"{table}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: text or None for key, text in row.items()} for row in csv.DictReader(file)]


def groups(table: str, *keys: str) -> dict[tuple[str, ...], list[Case]]:
    """Rows that belong together, in the order of the table."""
    found: dict[tuple[str, ...], list[Case]] = {}
    for case in load(table):
        found.setdefault(tuple(case[key] or "" for key in keys), []).append(case)
    return found


def number(case: Case, key: str, default: int | None = None) -> int | None:
    """A cell as a whole number, or the default when it is empty."""
    text = case[key]
    return default if text is None else int(text)


def flag(case: Case, key: str) -> bool | None:
    """A TRUE/FALSE cell; None when it is empty."""
    text = case[key]
    return None if text is None else {"TRUE": True, "FALSE": False}[text]


def text(case: Case, key: str) -> str:
    """A cell that must be filled."""
    value = case[key]
    if value is None:
        raise ValueError(f"{case['name']}: {key} is empty")
    return value


def money(case: Case, key: str) -> int | None:
    """A money cell in cents; None when it is empty."""
    value = case[key]
    return None if value is None else int(Decimal(value) * 100)


def sides(case: Case) -> tuple[str, str, str] | None:
    """The three sides; None when the length is empty."""
    if case["length_cm"] is None:
        return None
    return text(case, "length_cm"), text(case, "width_cm"), text(case, "height_cm")
