"""Our macro workbook after WPS saved it (imitated): update, undo, copy; and an import."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.command_line import call
from tests.imitated_books import put_through_wps

CAPSYS = pytest.CaptureFixture[str]
SHORT = ("--rows", "50")
WPS_PARTS = ("docProps/custom.xml", "xl/cellimages.xml", "xl/vbaProject.bin")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELLERSHEET_HOME", str(tmp_path / "home"))


def _orders(folder: Path, *ids: str, paid: float = 100.0) -> Path:
    path = folder / f"{'-'.join(ids)}.csv"
    frame = pd.DataFrame({"订单号": ids, "下单日期": "2024-09-20", "目的国": "ES"})
    frame.assign(**{"订单实付金额": paid, "物流费(系统报价)": 22.6}).to_csv(path, index=False)
    return path


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _ids(path: Path) -> list[str]:
    sheet = openpyxl.load_workbook(path, data_only=True)["订单"]
    cells = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row}
    return sorted(cell for cell in cells if cell in {"W1", "W2", "W3"})


@pytest.mark.parametrize("kind", ["xlsm", "xlsx"])
def test_a_workbook_that_wps_saved(capsys: CAPSYS, tmp_path: Path, kind: str) -> None:
    book = tmp_path / f"费用簿.{kind}"
    assert call(capsys, "new", book, "--orders", _orders(tmp_path, "W1", "W2"), *SHORT).code == 0
    put_through_wps(book, picture=False)
    saved = _parts(book)

    before = book.read_bytes()
    done = call(capsys, "update", book, "--lang", "zh")
    assert done.code == 0, done.err + done.out
    updated = _parts(book)
    for part in WPS_PARTS[: 3 if kind == "xlsm" else 2]:
        assert updated[part] == saved[part]
    assert "WPS 表格" in updated["docProps/app.xml"].decode()

    done = call(capsys, "undo", book, "--lang", "zh")
    assert done.code == 0, done.err + done.out
    assert _parts(book) == _parts_of(before, tmp_path)


def test_an_export_that_wps_saved_is_imported(capsys: CAPSYS, tmp_path: Path) -> None:
    export, orders = tmp_path / "导出.xlsx", tmp_path / "订单.xlsx"
    pd.read_csv(_orders(tmp_path, "W1", "W2")).to_excel(export, index=False, engine="xlsxwriter")
    put_through_wps(export, picture=True)
    done = call(capsys, "import", export, "-o", orders, "--lang", "zh")
    assert done.code == 0, done.err + done.out
    found = pd.read_excel(orders, engine="openpyxl", dtype=str)
    assert sorted(found["订单号"]) == ["W1", "W2"]


def test_a_copy_to_pass_on(capsys: CAPSYS, tmp_path: Path) -> None:
    book = tmp_path / "费用簿.xlsm"
    assert call(capsys, "new", book, "--orders", _orders(tmp_path, "W1", "W2"), *SHORT).code == 0
    put_through_wps(book, picture=False)
    done = call(capsys, "share", book, "-o", tmp_path / "给同事.xlsx", "--lang", "zh")
    assert done.code == 0, done.err + done.out
    assert _ids(tmp_path / "给同事.xlsx") == ["W1", "W2"]
    assert not any("vba" in name for name in _parts(tmp_path / "给同事.xlsx"))


def _parts_of(data: bytes, folder: Path) -> dict[str, bytes]:
    path = folder / "before.zip"
    path.write_bytes(data)
    return _parts(path)
