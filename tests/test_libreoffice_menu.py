"""The menu in a real LibreOffice: each entry changes a real workbook, or leaves it as it was."""

import shlex
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from sellersheet_addin.libreoffice import build
from sellersheet_addin.tasks import TASKS
from sellersheet_workbook.patch.areas import Area, area_of
from sellersheet_workbook.template.cells import cell
from sellersheet_workbook.template.order_table import COLUMNS, FIRST, GIVEN_TO
from sellersheet_workbook.template.order_table import place as place_of
from tests import addin_in_libreoffice, libreoffice
from tests.addin_in_libreoffice import configure
from tests.template_books import small

XLSX = "Calc MS Excel 2007 XML"
HEADER = ["订单号", "下单日期", "目的国", "订单实付金额", "物流费(系统报价)"]
ORDERS = [
    ["'A1", "2024-08-05", "ES", "100", "22.6"],
    ["'A2", "2024-09-06", "法国", "88.1", "31"],
    ["'A3", "2024-09-07", "ES", "待定", "20"],
]
IDS = ["8123456789012345678", "007", "=1+1", "-2+3", "@SUM(1)", "+1", "x'", "TRUE"]
# A worker that ends as suddenly as a killed one, after the cells were written.
DIES = """\
import os, signal
from sellersheet_addin.libreoffice import worker
from sellersheet_addin.libreoffice.open_book_program import OpenBookProgram
OpenBookProgram.set_format = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
worker.main()
"""
HANGS = DIES.replace("os.kill(os.getpid(), signal.SIGKILL)", "signal.pause()")


@pytest.fixture(scope="module", name="home")
def users_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("用户 甲") / ".sellersheet"


@pytest.fixture(scope="module", name="office")
def office_with_menu(home: Path, quick_python: str) -> Iterator[libreoffice.Office]:
    with pytest.MonkeyPatch.context() as set_up:
        set_up.setenv("XDG_CONFIG_HOME", str(home / "config"))
        opened = shlex.quote(str(home / "opened"))
        browser = home / "browser"
        home.mkdir()
        browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n', encoding="utf-8")
        browser.chmod(0o755)
        set_up.setenv("BROWSER", f"{shlex.quote(str(browser))} %s")
        with addin_in_libreoffice.started(home, interpreter=quick_python) as office:
            yield office


@pytest.fixture(name="plain")
def plain_orders(office: libreoffice.Office) -> libreoffice.Office:
    office.new()
    office.write("Sheet1", "A1:E4", [HEADER, *ORDERS])
    return office


# Of the order table of a template: the results of its samples, and all that it holds.
RESULTS = f"{cell(FIRST, GIVEN_TO + 1)}:{cell(FIRST + 14, len(COLUMNS) - 1)}"
TOTAL = cell(FIRST, place_of("total_fee_cny"))
WHOLE = f"A1:{cell(FIRST + 59, len(COLUMNS) - 1)}"


def state(office: libreoffice.Office) -> Any:
    """All that the tests' workbooks hold."""
    return {name: office.formulas(name, "A1:Z60") for name in office.sheets()}


def column(office: libreoffice.Office, title: str, count: int) -> list[float | str]:
    (header,) = office.values("Sheet1", "A1:AD1")
    at = header.index(title)
    return [row[at] for row in office.values("Sheet1", f"A2:AD{count + 1}")]


def place(office: libreoffice.Office, title: str) -> str:
    """The letter of a column."""
    (header,) = office.values("Sheet1", "A1:Z1")
    return chr(ord("A") + header.index(title))


def done(office: libreoffice.Office, entry: str, **more: Any) -> str:
    ended = office.dispatch(f"sellersheet:{entry}", **more)
    assert ended.done, ended.message
    assert ended.calm
    return ended.message


def refused(office: libreoffice.Office, entry: str, **more: Any) -> str:
    ended = office.dispatch(f"sellersheet:{entry}", **more)
    assert not ended.done
    assert ended.calm
    return ended.message


class TestUpdate:
    def test_rows_below_a_merged_order_number_are_lines_of_that_order(
        self, office: libreoffice.Office, tmp_path: Path
    ) -> None:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.title = "Sheet1"
        rows = [["A1", "2024-08-05", "ES", 100, 22.6], [None, None, None, 100, None]]
        for row in (HEADER, ["A0", *rows[0][1:]], *rows, ["A2", *rows[0][1:]]):
            sheet.append(row)
        for merged in ("A3:A4", "B3:C4", "E3:E4", "G1:H2"):
            sheet.merge_cells(merged)
        book.save(tmp_path / "a.xlsx")
        office.open(tmp_path / "a.xlsx")
        done(office, "update")
        assert column(office, "操作费", 4) == [5.2, 2.6, 2.6, 5.2]
        assert column(office, "费用合计", 4) == [31.3, 17.4, 17.4, 31.3]

    def test_a_plain_sheet_of_orders(self, plain: libreoffice.Office, tmp_path: Path) -> None:
        before = state(plain)
        ended = plain.dispatch("sellersheet:update")
        assert ended.done
        assert ended.calm
        assert "3 行" in ended.message
        assert "1 行有问题" in ended.message
        assert column(plain, "费用合计", 2)[0] == 31.3
        assert plain.sheets() == ["Sheet1", "更新汇总", "更新问题行", "更新记录"]
        assert [text for kind, text in ended.steps if kind == "text"] == [
            "读取各表", "计算", "写入", "完成",
        ]  # fmt: skip
        assert ended.steps[0] == ["start", 3]
        assert ended.steps[-1] == ["end", 0]
        plain.save(tmp_path / "saved.xlsx", XLSX)
        head = openpyxl.load_workbook(tmp_path / "saved.xlsx")["更新汇总"]["B1"]
        assert (head.fill.fgColor.rgb, head.font.color.rgb) == ("FF1F4E79", "FFFFFFFF")
        assert head.font.bold
        assert head.alignment.wrap_text
        assert "更新" in done(plain, "undo")
        assert state(plain) == before

    def test_no_older_step_is_undone_on_top_of_it(self, plain: libreoffice.Office) -> None:
        done(plain, "update")
        assert plain.steps() == []

    def test_formulas_come_back(self, plain: libreoffice.Office) -> None:
        done(plain, "update")
        total, profit = place(plain, "费用合计"), place(plain, "毛利")
        plain.write("Sheet1", f"{total}2:{total}4", [["=1+1"], ["=SEMIFEE(D3;E3)"], ["9"]])
        plain.write_array("Sheet1", f"{profit}2:{profit}4", "=D2:D4&E2:E4")
        plain.write("Sheet1", "W1:W2", [["我的列"], [f"={total}2+1"]])
        before = state(plain)
        done(plain, "update")
        assert plain.values("Sheet1", f"{total}2") == [[31.3]]
        assert plain.values("Sheet1", "W2") == [[32.3]]
        assert plain.formulas("Sheet1", f"{profit}2") == [[""]]
        done(plain, "undo")
        assert state(plain) == before

    def test_a_template(self, office: libreoffice.Office, tmp_path: Path) -> None:
        book = tmp_path / "我的订单.xlsx"
        book.write_bytes(small())
        office.open(book)
        wanted = office.values("订单", RESULTS)
        office.write("订单", TOTAL, [["1"]])
        before = office.formulas("订单", WHOLE)
        message = done(office, "update")
        assert "个公式" in message
        assert office.values("订单", RESULTS) == wanted
        assert office.values("更新汇总", "A2")[0][0]
        done(office, "undo")
        assert office.formulas("订单", WHOLE) == before

    def test_a_table_of_an_xlsx_grows(self, office: libreoffice.Office, tmp_path: Path) -> None:
        book = tmp_path / "账.xlsx"
        with xlsxwriter.Workbook(book, {"strings_to_formulas": False}) as made:
            sheet = made.add_worksheet("七月")
            titles = [{"header": title} for title in HEADER]
            rows = [[name, 45509, "ES", 100, 22.6] for name in IDS]
            sheet.add_table(
                2, 1, 2 + len(rows), 5, {"name": "Orders", "columns": titles, "data": rows}
            )
            sheet.write(4, 4, 100, made.add_format({"num_format": "[$USD] #,##0.00"}))
        office.open(book)
        done(office, "update")
        office.save(tmp_path / "saved.xlsx", XLSX)
        saved = openpyxl.load_workbook(tmp_path / "saved.xlsx")["七月"]
        assert saved.tables["Orders"].ref == "B3:S11"
        assert [saved.cell(row, 2).value for row in range(4, 12)] == IDS
        assert {saved.cell(row, 2).data_type for row in range(4, 12)} == {"s"}
        assert saved["S3"].value == "说明"
        # Not computed for want of a rate: the number format says dollars.
        told = [saved.cell(row, 19).value or "" for row in range(4, 12)]
        assert [row for row, text in enumerate(told) if "USD" in text] == [1]


class TestImportAndRates:
    def test_two_exports(self, plain: libreoffice.Office, tmp_path: Path) -> None:
        before = state(plain)
        files = [tmp_path / "一.csv", tmp_path / "二.csv"]
        for file, names in zip(files, (IDS[:4], ["A1", *IDS[4:]]), strict=True):
            frame = pd.DataFrame({"订单号": names, "订单实付金额": 10.5, "目的国": "DE"})
            frame.assign(**{"下单日期": "2024-09-20", "物流费(系统报价)": 3}).to_csv(
                file, index=False
            )
        ended = plain.dispatch("sellersheet:import_orders", files=files)
        assert ended.done, ended.message
        assert "新增 8，更新 1" in ended.message
        assert [text for kind, text in ended.steps if kind == "text"][:2] == ["一.csv", "二.csv"]
        names = column(plain, "订单号", 11)
        assert names == ["A1", "A2", "A3", *IDS]
        plain.save(tmp_path / "saved.xlsx", XLSX)
        saved = openpyxl.load_workbook(tmp_path / "saved.xlsx")["Sheet1"]
        assert {saved.cell(row, 1).data_type for row in range(5, 13)} == {"s"}
        assert plain.values("Sheet1", "B12") == [[45555.0]]
        done(plain, "undo")
        assert state(plain) == before
        plain.new()
        done(plain, "import_orders", files=files)
        assert plain.sheets() == ["Sheet1", "订单", "更新记录"]
        header, first = plain.cells("订单", "A1:Z2")
        at = [cell.value for cell in header].index("下单日期")
        assert first[at] == libreoffice.Cell(45555.0, 0, "2024-09-20")

    def test_a_rate_card(self, plain: libreoffice.Office, tmp_path: Path) -> None:
        rates = tmp_path / "报价.csv"
        pd.DataFrame(
            {"国家": ["西班牙"], "重量段": ["0-500g"], "运费(元/KG)": [60], "挂号费(元/票)": [18]}
        ).to_csv(rates, index=False)
        before = state(plain)
        assert "1 行费率" in done(plain, "import_rates", files=[rates])
        assert "费率" in plain.sheets()
        done(plain, "undo")
        assert state(plain) == before

    def test_a_rate_card_in_a_template(self, office: libreoffice.Office, tmp_path: Path) -> None:
        """The file's numbers are texts, and so are the template's cells shown."""
        rates = tmp_path / "报价.xlsx"
        pd.DataFrame(
            {"国家": ["西班牙", "法国"], "渠道": ["标准小包"] * 2, "重量段": ["0-0.5kg"] * 2,
             "运费(元/KG)": ["60", "55.5"], "挂号费(元/票)": ["18.5 元", 17]}
        ).to_excel(rates, index=False)  # fmt: skip
        book = tmp_path / "我的订单.xlsx"
        book.write_bytes(small())
        office.open(book)
        table = area_of(openpyxl.load_workbook(book)["费率"].tables["Rates"].ref)
        whole = table._replace(bottom=table.top + 9)
        titles = office.values("费率", whole._replace(bottom=table.top).ref)[0]

        def under(title: str) -> str:
            at = table.left + titles.index(title)
            return Area(table.top + 1, at, table.top + 2, at).ref

        office.set_format("费率", under("每公斤价格"), "@")
        before = office.formulas("费率", whole.ref), office.number_formats("费率", whole.ref)
        message = done(office, "import_rates", files=[rates])
        assert "同一线路原有的 1 行已被替换（线路：标准小包）" in message
        assert message.count("重算") == 1
        assert office.values("费率", under("每公斤价格")) == [[60.0], [55.5]]
        assert office.values("费率", under("重量止(克)")) == [[500.0], [500.0]]
        assert office.errors("费率", whole.ref) == set()
        done(office, "undo")
        now = office.formulas("费率", whole.ref), office.number_formats("费率", whole.ref)
        assert now == before

    def test_a_file_that_is_none(self, plain: libreoffice.Office, tmp_path: Path) -> None:
        before = state(plain)
        message = refused(plain, "import_rates", files=[tmp_path / "没有.csv"])
        assert "没有.csv" in message
        assert state(plain) == before


class TestFiles:
    def test_a_bill(self, plain: libreoffice.Office, tmp_path: Path) -> None:
        plain.save_as(tmp_path / "账.ods", "calc8")
        bill = tmp_path / "账单.csv"
        pd.DataFrame({"订单号": ["A2"], "操作费": [9.2], "物流费": [31]}).to_csv(bill, index=False)
        before = state(plain)
        message = done(plain, "check_bill", files=[bill])
        checked = tmp_path / "账单-核对.xlsx"
        assert str(checked) in message
        assert "核对 1 单" in message
        assert len(openpyxl.load_workbook(checked).sheetnames) > 1
        assert state(plain) == before

    def test_a_copy_of_values(self, plain: libreoffice.Office, tmp_path: Path) -> None:
        plain.write("Sheet1", "G1:G2", [["=SEMIFEE(100;22.6)"], ["=#N/A"]])
        copy = tmp_path / "给同事.xlsx"
        assert str(copy) in done(plain, "share", target=copy)
        sheet = openpyxl.load_workbook(copy)["Sheet1"]
        assert (sheet["G1"].value, sheet["G2"].value) == (31.3, "#N/A")
        assert plain.formulas("Sheet1", "G2") == [["=#N/A"]]


class TestAbout:
    def test_the_self_check(self, plain: libreoffice.Office, home: Path) -> None:
        message = done(plain, "selfcheck")
        assert "例全部正确" in message
        assert home.joinpath("selfcheck.txt").is_file()

    def test_the_self_check_sees_a_no(self, office: libreoffice.Office, tmp_path: Path) -> None:
        with xlsxwriter.Workbook(tmp_path / "a.xlsx") as made:
            sheet = made.add_worksheet("自检")
            sheet.write_formula("A1", "=1=1")
            sheet.write_formula("A2", "=1=2")
            sheet.write_formula("A3", "=1/0")
            sheet.write("A4", 0)
        office.open(tmp_path / "a.xlsx")
        assert "工作表“自检”：2 个单元格不对。" in done(office, "selfcheck")

    def test_rules_and_guide(self, plain: libreoffice.Office, home: Path) -> None:
        assert "规则版本" in done(plain, "policy_version")
        done(plain, "help_page")
        give_up = time.monotonic() + 20
        while not home.joinpath("opened").exists():
            assert time.monotonic() < give_up
            time.sleep(0.05)
        assert home.joinpath("guide-zh.html").is_file()


class TestNothingIsChanged:
    def test_no_orders(self, office: libreoffice.Office) -> None:
        office.new()
        assert "订单" in refused(office, "update")
        assert "没有可撤销" in refused(office, "undo")
        assert office.sheets() == ["Sheet1"]

    def test_a_protected_sheet(self, plain: libreoffice.Office) -> None:
        plain.protect("Sheet1")
        before = state(plain)
        assert "受保护" in refused(plain, "update")
        assert state(plain) == before

    def test_part_of_an_array_formula(self, plain: libreoffice.Office) -> None:
        done(plain, "update")
        last = place(plain, "说明")
        plain.write_array("Sheet1", f"{last}2:{chr(ord(last) + 1)}4", "=D2:E4")
        before = state(plain)
        assert "已恢复" in refused(plain, "update")
        assert state(plain) == before

    @pytest.mark.parametrize(("ends", "what"), [(DIES, "ended unexpectedly"), (HANGS, "2 s")])
    def test_a_worker_that_ends_amid_writing(
        self, plain: libreoffice.Office, home: Path, tmp_path: Path, ends: str, what: str
    ) -> None:
        script = tmp_path / "worker.py"
        script.write_text(ends, encoding="utf-8")
        interpreter = tmp_path / "python"
        command = shlex.join([sys.executable, "-P", str(script)])
        interpreter.write_text(f"#!/bin/sh\nexec {command}\n", encoding="utf-8")
        interpreter.chmod(0o755)
        before = state(plain)
        try:
            configure(home, interpreter=str(interpreter), action_seconds=2)
            assert what in refused(plain, "update")
        finally:
            configure(home)
        assert state(plain) == before
        assert "3 行" in done(plain, "update")

    def test_no_python(self, plain: libreoffice.Office, home: Path, tmp_path: Path) -> None:
        before = state(plain)
        try:
            configure(home, interpreter=str(tmp_path / "nowhere"))
            assert "sellersheet addin install --libreoffice" in refused(plain, "update")
        finally:
            configure(home)
        assert state(plain) == before

    def test_days_counted_from_elsewhere(self, plain: libreoffice.Office) -> None:
        plain.count_days_from(1904)
        assert "1899-12-30" in refused(plain, "update")
        assert plain.sheets() == ["Sheet1"]


def test_every_entry_has_its_words() -> None:
    names = "{http://openoffice.org/2001/registry}name"
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    with zipfile.ZipFile(build.COMMITTED) as archive:
        root = ElementTree.fromstring(archive.read("Addons.xcu"))  # noqa: S314 - our own
    (menu,) = root.iterfind(f".//node[@{names}='sellersheet.menu']")
    title = {item.get(lang): item.text for item in menu.iterfind(f"prop[@{names}='Title']/value")}
    assert title == {"zh-CN": "半托管助手", "en-US": "Sellersheet"}
    urls = []
    for entry in menu.iterfind(f"node[@{names}='Submenu']/node"):
        url = entry.findtext(f"prop[@{names}='URL']/value")
        labels = {v.get(lang): v.text for v in entry.iterfind(f"prop[@{names}='Title']/value")}
        if url != "private:separator":
            assert labels.keys() == {"zh-CN", "en-US"}
            assert all(labels.values())
            urls.append(url)
    assert urls == [f"sellersheet:{name}" for name in TASKS]


class TestUnasked:
    """What a workbook asks for by itself; nobody is there to say yes."""

    def test_a_link_changes_nothing(self, plain: libreoffice.Office) -> None:
        plain.write("Sheet1", "H1:H1", [['=HYPERLINK("sellersheet:update";"here")']])
        before = state(plain)
        plain.follow_link("Sheet1", "H1")
        time.sleep(1)
        assert state(plain) == before
        for action in TASKS:
            plain.dispatch_plainly(f"sellersheet:{action}", Referer="file:///tmp/a.ods")
            plain.dispatch_plainly(f"sellersheet:{action}", Event="OnLoad")
            assert state(plain) == before, action

    @pytest.mark.parametrize("given", [{}, {"KeyModifier": 0}, {"Referer": "private:user"}])
    def test_the_menu_is_not_asked(self, plain: libreoffice.Office, given: dict[str, Any]) -> None:
        before = state(plain)
        plain.dispatch_plainly("sellersheet:update", **given)
        assert state(plain) != before

    def test_an_event_changes_nothing(self, plain: libreoffice.Office, tmp_path: Path) -> None:
        before = state(plain)
        for event in ("OnSave", "OnSaveAs", "OnSaveAsDone"):
            plain.call_at(event, "sellersheet:update")
        plain.save_as(tmp_path / "a.ods", "calc8")
        plain.save_as(tmp_path / "b.ods", "calc8")
        time.sleep(1)
        assert state(plain) == before
        plain.call_at("OnLoad", "sellersheet:update")
        plain.save_as(tmp_path / "c.ods", "calc8")
        plain.close()
        plain.open(tmp_path / "c.ods")
        time.sleep(1)
        assert state(plain) == before
