"""A whole update of books of many programs: results, added sheets, and back again."""

import datetime as dt
import re
import zipfile
from pathlib import Path

import pytest

from sellersheet.cards import shipped_card
from sellersheet.exchange import FxRates
from sellersheet.policy import load
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.update import file_port, plan, write
from tests import libreoffice
from tests.imitated_books import IMITATED
from tests.workbook_corpus import BOOKS, HEADERS, ROWS, Made

ALL = {**BOOKS, **IMITATED}
NOW = dt.datetime(2024, 10, 3, 9, 30)
TERMS = Terms(load(), shipped_card(), FxRates.fixed({}), None, dt.date(2024, 10, 3))
MADE = ("更新汇总", "更新记录")  # no row is refused
PAID = HEADERS.index("paid_cny")
MAY_CHANGE = {
    "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/calcChain.xml",
    "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/tables/table1.xml",
    "xl/styles.xml",  # formats of new sheets are put behind those that are there
}  # fmt: skip


@pytest.fixture(params=ALL)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    return ALL[request.param](tmp_path)


def _update(path: Path, now: dt.datetime = NOW) -> Path | None:
    port = file_port.FilePort(path, "zh")
    write(port, plan(port, TERMS, now, "zh"))
    return port.save()


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _formats(styles: bytes) -> list[bytes]:
    (cells,) = re.findall(rb"<(?:\w+:)?cellXfs.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    return re.findall(rb"<(?:\w+:)?xf\b.*?>", cells)


def test_results_and_sheets_open_in_libreoffice(
    made: Made, plain_office: libreoffice.Office
) -> None:
    before = _parts(made.path)
    _update(made.path)
    after = _parts(made.path)
    added = set(after) - set(before)
    assert all(name.startswith("xl/worksheets/sellersheet") for name in added)
    assert len(added) == len(MADE)
    changed = {name for name in before if before[name] != after.get(name)}
    assert changed <= MAY_CHANGE
    if "xl/styles.xml" in before:
        formats = [_formats(parts["xl/styles.xml"]) for parts in (before, after)]
        assert formats[1][: len(formats[0])] == formats[0]
    assert len(changed & {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}) == 1
    plain_office.open(made.path)
    count, left = len(ROWS), made.left - 1
    shown = plain_office.values(made.sheet, f"A{made.top}:AD{made.top + count}")
    headers = shown[0][left:]
    assert headers[: len(HEADERS)] == [*HEADERS]
    rows = [dict(zip(headers, row[left:], strict=True)) for row in shown[1:]]
    for row, given in zip(rows, ROWS, strict=True):
        assert row["paid_cny"] == given[PAID]
        service = round(given[PAID] * 100 * 35 + 500) // 1000 / 100
        assert row["基础服务费"] == pytest.approx(service)
        assert row["status"] in (given[-1], "rich text")  # a column of the user's own
        assert row["状态（计算）"] == "警告"  # without the freight
    groups = plain_office.values("更新汇总", "A1:C4")
    assert [row[0] for row in groups] == ["汇总方式", "月份", "目的国", ""]
    assert groups[2] == ["目的国", "ES 西班牙", len(ROWS)]
    assert plain_office.values("更新记录", "A2")[0][0] == "2024-10-03 09:30:00"


def test_undone_it_is_as_before_byte_for_byte(made: Made) -> None:
    states = [made.path.read_bytes()]
    for minutes in range(2):
        _update(made.path, NOW + dt.timedelta(minutes=minutes))
        states.append(made.path.read_bytes())
    assert states[:-1]
    for state in reversed(states[:-1]):
        backup = file_port.latest_backup(made.path)
        assert backup is not None
        file_port.put_back(made.path, backup)
        assert made.path.read_bytes() == state
