"""A rule changes by an entry more in the shipped policy: it holds from its day on, and no
result of an earlier day moves."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from sellersheet.policy import Policy
from sellersheet.policy.catalog import load_folder
from tests.policies import SHIPPED

FROM = dt.date(2031, 3, 1)
BEFORE = FROM - dt.timedelta(1)
POLICY = load_folder(SHIPPED)


def of_every_kind() -> list[str]:
    """The first value of each kind that is no table."""
    kinds = {POLICY.value(name).kind: name for name in reversed(POLICY.names)}
    return sorted(name for kind, name in kinds.items() if kind != "table")


def appended(folder: Path, name: str) -> Policy:
    """The shipped policy with the last entry of a value repeated from a later day on."""
    shutil.copytree(SHIPPED, folder)
    for file in folder.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        entries = re.findall(rf"^\[\[{name}\.entries\]\]\n(?:(?!\[).*\n?)*", text, re.MULTILINE)
        if entries:
            later = re.sub(r"^start = .*$", f"start = {FROM}", entries[-1], flags=re.MULTILINE)
            text = text.replace(entries[-1], f"{entries[-1].rstrip()}\n\n{later.rstrip()}\n\n")
            file.write_text(text, encoding="utf-8")
            return load_folder(folder)
    raise AssertionError(name)


@pytest.mark.parametrize("name", of_every_kind())
def test_an_entry_more_holds_from_its_day_on(name: str, tmp_path: Path) -> None:
    grown = appended(tmp_path / "policy", name)
    assert grown.entry(name, FROM).start == FROM
    assert grown.entry(name, BEFORE) == POLICY.entry(name, BEFORE)
    assert grown.digest != POLICY.digest
    for other in POLICY.names:
        if other != name:
            assert grown.value(other) == POLICY.value(other)
