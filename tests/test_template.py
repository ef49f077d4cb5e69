"""The template workbook: reproducible, honest about its values, robust, and handed out well."""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sellersheet.columns import FX, INPUT, OUTPUT, OVERRIDES, RATES, SKU_COSTS
from sellersheet.functions.registry import FUNCTIONS
from sellersheet.wording import LANGS, Lang
from sellersheet_addin.excel.macro_book import as_macro_book
from sellersheet_workbook import __main__, template
from sellersheet_workbook.batch.sample import sample_orders
from sellersheet_workbook.files.writing import write_frame
from sellersheet_workbook.template import (
    ENTRIES,
    TITLES,
    Content,
    build,
    committed,
    own_orders,
    samples,
)
from sellersheet_workbook.template.cells import cell as address
from sellersheet_workbook.template.order_table import COLUMNS, FIRST, HEADER, place
from tests import template_books
from tests.command_line import call
from tests.examples import large
from tests.libreoffice import Office
from tests.template_books import small

CAPSYS = pytest.CaptureFixture[str]
TABLES = {
    "Orders": COLUMNS,
    "SKU_costs": SKU_COSTS,
    "Fx": FX,
    "Overrides": OVERRIDES,
    "Rates": RATES,
}
LIVE = "C1"  # of the calculation sheet
ERRORS = ("#N/A", "#VALUE!", "#NUM!")


@pytest.fixture(scope="module", params=LANGS)
def made(request: pytest.FixtureRequest) -> tuple[Lang, bytes]:
    return request.param, committed(request.param).read_bytes()


def _books(content: bytes) -> tuple[Any, Any]:
    """The formulas, and the values saved with them; only to be read."""
    return template_books.formulas(content), template_books.values(content)


# The file.


def test_a_stale_template_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: CAPSYS
) -> None:
    """The others are byte for byte what is built now, and not told."""
    built = cache(build)
    monkeypatch.setattr(template, "build", built)
    monkeypatch.setattr(
        template,
        "committed",
        lambda lang: tmp_path / "zh.xlsx" if lang == "zh" else committed(lang),
    )
    (tmp_path / "zh.xlsx").write_bytes(committed("zh").read_bytes() + b" ")
    assert __main__.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert "zh.xlsx is stale" in said
    assert len(said.splitlines()) == 1
    assert built("zh") == committed("zh").read_bytes()


def test_parts_name_no_place_of_this_machine(made: tuple[Lang, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(made[1])) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8")
            for place in (Path.cwd(), Path.home(), Path(__file__).parents[1], Path(sys.prefix)):
                assert f"{place}/" not in text, name
            assert "externalLink" not in name


def test_every_sheet_stands_in_its_place_and_the_calculation_is_hidden(
    made: tuple[Lang, bytes],
) -> None:
    lang, content = made
    book = template_books.formulas(content)
    assert book.sheetnames == [TITLES(entry.key, lang) for entry in ENTRIES]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    assert hidden == [TITLES("calculation", lang)]
    home = book[TITLES("home", lang)]
    shown = [cell.hyperlink for row in home.iter_rows() for cell in row]
    links = {link.location.split("!")[0].strip("'") for link in shown if link}
    assert links == {sheet.title for sheet in book.worksheets[1:] if sheet.title not in hidden}
    assert len(home._charts) == 4


def test_headers_are_those_of_the_registry(made: tuple[Lang, bytes]) -> None:
    lang, content = made
    book = template_books.formulas(content)
    tables = {table.name: table for sheet in book.worksheets for table in sheet.tables.values()}
    assert TABLES
    for name, columns in TABLES.items():
        headers = [column.name for column in tables[name].tableColumns]
        titles = [item.title(lang) for item in columns]
        assert headers == titles if name == "Orders" else sorted(headers) == sorted(titles)
        style = tables[name].tableStyleInfo
        assert style is None or style.name is None


def test_only_functions_that_old_programs_share_and_ours(made: tuple[Lang, bytes]) -> None:
    used = {
        name
        for text in set(template_books.texts_of_formulas(made[1]).values())
        for name in re.findall(r"([A-Z][A-Z0-9_.]+)\(", re.sub(r'"[^"]*"', '""', text))
    }
    new = {"LET", "LAMBDA", "FILTER", "UNIQUE", "SORT", "SEQUENCE", "XLOOKUP", "VSTACK", "TAKE"}
    assert not used & {*new, "TODAY", "NOW", "OFFSET", "INDIRECT", "RAND"}
    assert used & FUNCTIONS.keys() >= {"ORDERTABLE", "SUMMARY", "SEMIFEE"}


def test_samples_show_what_can_happen(made: tuple[Lang, bytes]) -> None:
    lang, content = made
    values = template_books.values(content)
    sheet = values[TITLES("orders", lang)]
    header = {cell.value: at for at, cell in enumerate(sheet[HEADER + 1])}
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(FIRST + 1, FIRST + 17)]
    column = {item.key: header[item.title(lang)] for item in (*INPUT, *OUTPUT)}
    assert rows[0][column["total_fee_cny"]] == 31.3
    status = [row[column["status"]] for row in rows]
    words = {"zh": ("正常", "提示", "警告", "错误"), "en": ("ok", "note", "warning", "error")}
    assert set(status) == set(words[lang])
    assert min(row[column["profit_cny"]] for row in rows if status[0] and _number(row, column)) < 0
    shop = column["shop"]
    assert all("示例" in row[shop] or "Sample" in row[shop] for row in rows)


def _number(row: list[Any], column: dict[str, int]) -> bool:
    return isinstance(row[column["profit_cny"]], float)


# In LibreOffice with the add-in.


def test_every_saved_value_is_what_libreoffice_calculates(
    made: tuple[Lang, bytes], tmp_path: Path, addin_office_in: Any
) -> None:
    lang, content = made
    path = tmp_path / "template.xlsx"
    path.write_bytes(content)
    values = template_books.values(content)
    places = template_books.texts_of_formulas(content)
    assert len(places) > 20_000
    office = addin_office_in(lang)
    office.open(path)
    office.calculate()
    sheets = values.sheetnames
    for sheet in values.worksheets:
        found = office.values(sheet.title, f"A1:{sheet.dimensions.rpartition(':')[2]}")
        for cell in template_books.cells(sheet):
            line, at = found[cell.row - 1], cell.column - 1
            value, line[at] = line[at], ""
            # What asks whether the functions answer has no saved answer.
            asks = "Live" in places.get((sheet.title, cell.coordinate), "")
            if asks or (cell.coordinate == LIVE and sheet.title == sheets[-1]):
                assert cell.value in (None, False)
            elif not isinstance(cell.value, dt.datetime):
                assert _same(cell.value, value), (sheet.title, cell.coordinate)
        assert {value for row in found for value in row} == {""}, sheet.title
    orders = TITLES("orders", lang)
    for row in office.cells(orders, f"A{FIRST + 1}:{address(FIRST + 16, len(COLUMNS) - 1)}"):
        assert not {cell.text for cell in row} & {"#NAME?", "###"}


def _same(saved: Any, calculated: float | str) -> bool:
    """Errors and blanks read as an empty text."""
    if saved is None or saved in ERRORS or saved == " ":
        return calculated == ""
    if isinstance(saved, str):
        return saved == calculated
    return isinstance(calculated, float) and abs(float(saved) - calculated) < 1e-9


def test_the_table_bears_editing(tmp_path: Path, addin_office: Office) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(small())
    addin_office.open(path)
    addin_office.write("订单", address(FIRST, place("paid_cny")), [["200"]])
    total = addin_office.cells("订单", address(FIRST, place("total_fee_cny")))[0][0].value
    assert total == pytest.approx(7 + 5.2 + 22.6)
    addin_office.write("订单", address(69, place("paid_cny")), [["88"]])
    assert "有 1 行超出实时计算的 60 行" in addin_office.cells("订单", "D4")[0][0].text
    status = place("status")
    live = f"$订单.{address(FIRST, status)}:{address(FIRST + 59, status)}"
    addin_office.write("首页", "Z60", [[f'=COUNTIF({live};"提示")']])
    assert addin_office.cells("首页", "Z60")[0][0].value == 3


# sellersheet new, and update of what it gives.


def test_new_gives_the_committed_file(capsys: CAPSYS, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    assert call(capsys, "new", path, "--lang", "en").code == 0
    assert path.read_bytes() == committed("en").read_bytes()
    refused = call(capsys, "new", path, "--lang", "en")
    assert (refused.code, refused.out) == (2, "")
    assert "--force" in refused.err
    assert call(capsys, "new", path, "--force", "--lang", "zh").code == 0
    assert path.read_bytes() == committed("zh").read_bytes()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "words",
    [
        "--column 甲=paid_cny",
        "--header-row 2",
        "--currency USD",
        "--keep",
        "--day-first",
        "--fx USD=7",
    ],
)
def test_new_without_orders_refuses_how_to_read_them(
    capsys: CAPSYS, tmp_path: Path, words: str, lang: str
) -> None:
    book = tmp_path / "费用簿.xlsx"
    called = call(capsys, "new", book, *words.split(), "--lang", lang)
    assert called.code == 2
    assert words.split()[0] in called.err
    assert "--orders FILE" in called.err
    assert not book.exists()


@pytest.mark.parametrize("options", [[], ["--plain"]])
def test_new_tells_of_its_orders_what_batch_tells(
    capsys: CAPSYS, tmp_path: Path, options: list[str]
) -> None:
    """A day before the rules is refused as a wrong cell is, and the exit code says so."""
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "订单号,下单日期,实付金额,物流费(系统报价)\nA1,2024-09-01,100,22.6\n"
        "A2,2024-06-30,100,22.6\nA3,2024-13-01,100,22.6\n合计,,300,67.8\n",
        encoding="utf-8",
    )
    new = call(capsys, "new", tmp_path / "费用簿.xlsx", "--orders", orders, *options)
    batch = call(capsys, "batch", orders)
    told = "表中 4 行：已计算 1，有问题 2，未计 1，空行 0。"
    for called in (new, batch):
        assert called.code == 1
        assert told in called.out
        assert "第 3 行：日期早于规则最早的生效日期" in called.out
        assert "第 4 行“下单日期”：“2024-13-01”" in called.out
    assert (tmp_path / "费用簿.xlsx").exists()


def test_new_with_macros(capsys: CAPSYS, tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    sample_orders(60).to_csv(orders, index=False)
    # The code is 1 where rows were refused: the samples have one on purpose.
    for name, more, code in (("a.xlsm", (), 0), ("b.xlsm", ("--orders", orders), 1)):
        assert call(capsys, "new", tmp_path / name, *more, "--lang", "en").code == code
    shipped = as_macro_book(committed("en").read_bytes(), "en")
    assert (tmp_path / "a.xlsm").read_bytes() == shipped
    with zipfile.ZipFile(tmp_path / "b.xlsm") as own, zipfile.ZipFile(tmp_path / "a.xlsm") as one:
        assert own.read("xl/vbaProject.bin") == one.read("xl/vbaProject.bin")
    formulas = openpyxl.load_workbook(tmp_path / "b.xlsm", read_only=True)
    assert formulas["Orders"].max_row > 60


def test_new_with_orders_of_a_file(capsys: CAPSYS, tmp_path: Path) -> None:
    orders, path = tmp_path / "orders.csv", tmp_path / "book.xlsx"
    frame = sample_orders(120)
    frame.loc[5, "商品编码"] = "=1+1"
    frame.to_csv(orders, index=False)
    done = call(capsys, "new", path, "--orders", orders, "--rows", "150", "--lang", "zh")
    assert (done.code, "填入 120 行" in done.out) == (1, True)
    assert "3 行有问题" in done.out  # on purpose in the samples
    formulas, values = _books(path.read_bytes())
    sheet, cells = values["订单"], formulas["订单"]
    places = {cell.value: at for at, cell in enumerate(sheet[HEADER + 1], 1)}
    assert cells.cell(FIRST + 6, places["商品编码"]).value == "=1+1"
    with zipfile.ZipFile(path) as archive:  # openpyxl takes any such text for a formula
        assert not any(b"<f>1+1" in archive.read(name) for name in archive.namelist())
    total = [sheet.cell(FIRST + 1 + at, places["费用合计"]).value for at in range(120)]
    assert sum(isinstance(value, int | float) for value in total) > 100
    assert sheet.cell(FIRST + 31, places["订单实付金额"]).value == "待确认"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("book.ods",), ".xlsx"),
        (("missing/book.xlsx",), "不存在"),
        (("book.xlsx", "--rows", "7"), "50"),
        (("book.xlsx", "--orders", "none.csv"), "none.csv"),
        (("book.xlsx", "--orders", "names.csv"), "订单实付金额"),
        (("book.xlsx", "--orders", "many.csv", "--rows", "60"), "--rows 60"),
    ],
)
def test_new_says_what_is_wrong(
    capsys: CAPSYS,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("names.csv").write_text("姓名,电话\n张三,1\n", encoding="utf-8")
    write_frame(sample_orders(61), Path("many.csv"))
    done = call(capsys, "new", *words, "--lang", "zh")
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert not list(tmp_path.glob("book*"))


def test_update_writes_the_same_values_into_a_copy(capsys: CAPSYS, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(small())
    before = template_books.values(path.read_bytes())
    # Formulas that are right stay, but not those of a closed month.
    done = call(capsys, "update", path, "--lang", "zh", "--closed", "2024-09")
    assert done.code == 1  # the sample with the mistake
    assert "17 行" in done.out
    formulas, after = _books(path.read_bytes())
    first = {cell.value: at for at, cell in enumerate(after["订单"][HEADER + 1], 1)}
    at = first["费用合计"]
    for row in range(FIRST + 1, FIRST + 18):
        was, now = (book["订单"].cell(row, at).value for book in (before, after))
        assert now == (None if was in ERRORS else was)
    assert formulas["订单"].cell(FIRST + 1, at).data_type == "n"
    assert set(formulas["订单"].tables) == {"Orders"}


def test_a_large_copy_stays_small() -> None:
    rows = large(5_000)
    assert len(build("zh", Content(samples("zh").lines, rows))) < 300_000 + 500 * rows


def test_a_further_line_is_as_wrong_as_its_first_one_in_a_workbook_too(tmp_path: Path) -> None:
    """Its blank date once became today's, its fee one of today's rules."""
    lines = ["A1,昨天,100,22.6", "A1,,,31", "A2,2024-08-05,100,22.6", "A2,,,31"]
    source = tmp_path / "o.csv"
    source.write_text("订单号,下单日期,订单实付金额,物流费(系统报价)\n" + "\n".join(lines), "utf-8")
    made = template_books.values(build("zh", own_orders(source, "zh", 60)))["订单"]
    at = {cell.value: place for place, cell in enumerate(made[HEADER + 1])}
    rows = [[cell.value for cell in row] for row in made.iter_rows(FIRST + 1, FIRST + 4)]
    assert [row[at["状态"]] for row in rows] == ["错误", "错误", "正常", "提示"]
    assert [row[at["订单实付金额"]] for row in rows] == [100, None, 100, 0]
    assert "首行的值有误" in rows[1][at["说明"]]


@pytest.mark.parametrize("edition", [(), ("--plain",)], ids=["functions", "plain"])
def test_rows_that_are_refused_are_refused_in_the_workbook_too(
    capsys: CAPSYS, tmp_path: Path, edition: tuple[str, ...]
) -> None:
    """Also where a cell looks right there: without its currency, its header or its formula."""
    titles = ["订单号", "下单日期", "实付金额", "物流费(系统报价)", "入仓天数", "退款金额", "币种",
              "佣金(%)", "订单状态", "国家", "实重"]  # fmt: skip
    sound = {"下单日期": "2024-08-05", "实付金额": 100, "物流费(系统报价)": 22.6, "币种": "CNY"}
    wrong: list[dict[str, Any]] = [
        {"入仓天数": "=2+3"}, {"退款金额": "=1+1"}, {"币种": "XYZ"}, {"币种": None},
        {"币种": "USD"}, {"佣金(%)": 0.5}, {"订单状态": "=A1"}, {"币种": "=A1"},
        {"订单号": "8.19E+15"}, {"订单号": 8190000000000010}, {"实付金额": -5}, {"国家": "火星"},
    ]  # fmt: skip
    # A likely kilogram gives no freight there either.
    doubted = {"物流费(系统报价)": None, "国家": "ES", "实重": 0.35}
    made = openpyxl.Workbook()
    made.active.append(titles)
    for at, cells in enumerate([{}, *wrong, doubted]):
        line = {"订单号": f"A{at}", "订单状态": "已完成", **sound, **cells}
        made.active.append([line.get(title) for title in titles])
    source, book = tmp_path / "orders.xlsx", tmp_path / "book.xlsx"
    made.save(source)
    done = call(capsys, "new", book, "--orders", source, "--lang", "zh", "--rows", "50", *edition)
    assert done.code == 1
    assert f"有问题 {len(wrong)}" in done.out
    rows = [
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(book, data_only=True)["订单"].iter_rows(1, 24)
    ]
    header = next(row for row in rows if "退款金额" in row)
    lines = rows[rows.index(header) + 1 :][: len(wrong) + 2]
    fees = [line[header.index("费用合计")] for line in lines]
    assert fees == [31.3, *["#VALUE!"] * len(wrong), "#N/A"]


@pytest.mark.parametrize("edition", [(), ("--plain",)], ids=["functions", "plain"])
def test_the_refund_of_a_closed_order_is_asked_for_in_its_row(
    capsys: CAPSYS, tmp_path: Path, edition: tuple[str, ...]
) -> None:
    """The workbook has no column of states: a profit without the refund would be no profit."""
    source = tmp_path / "orders.csv"
    source.write_text(
        "订单号,下单日期,实付金额,物流费(系统报价),采购成本,订单状态,退款金额\n"
        "A1,2024-08-05,100,31,30,已关闭,\nA2,2024-08-05,100,31,30,已关闭,0\n"
        "A3,2024-08-05,100,31,30,已完成,\nA4,2024-08-05,100,31,30,已取消,\n",
        encoding="utf-8",
    )
    book = tmp_path / "book.xlsx"
    done = call(capsys, "new", book, "--orders", source, "--lang", "zh", "--rows", "50", *edition)
    assert "其中 1 行订单已关闭，“退款金额”处写着“待填”" in done.out
    rows = [
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(book, data_only=True)["订单"].iter_rows(1, 12)
    ]
    header = next(row for row in rows if "退款金额" in row)
    shown = [[row[header.index(title)] for title in ("订单号", "退款金额", "毛利", "状态")]
             for row in rows[rows.index(header) + 1 :][:3]]  # fmt: skip
    assert shown == [
        ["A1", "待填", "#VALUE!", "错误"], ["A2", 0, 30.3, "正常"], ["A3", None, 30.3, "正常"],
    ]  # fmt: skip


def test_a_quantity_merged_over_rows_is_left_blank_and_told(capsys: CAPSYS, tmp_path: Path) -> None:
    """Typed into each row it would multiply a cost that is filled in later."""
    source, path = tmp_path / "orders.xlsx", tmp_path / "book.xlsx"
    made = openpyxl.Workbook()
    made.active.append(["订单号", "下单日期", "实付金额", "物流费(系统报价)", "商品编码", "数量"])
    for row in (("A1", 100, "S1", 3), ("A1", 50, "S2", None), ("A2", 80, "S1", 2)):
        made.active.append([row[0], dt.date(2024, 8, 1), row[1], 20, *row[2:]])
    made.active.merge_cells("F2:F3")
    made.save(source)
    done = call(capsys, "new", path, "--orders", source, "--rows", "50", "--lang", "zh")
    assert "其中 2 行的“数量”在费用簿里留空" in done.out
    sheet = openpyxl.load_workbook(path, read_only=True)["订单"]
    at = place("qty")
    rows = sheet.iter_rows(FIRST + 1, FIRST + 3, values_only=True)
    assert [row[at] for row in rows] == [None, None, 2]
    plain = call(capsys, "new", path, "--orders", source, "--plain", "--force", "--lang", "zh")
    assert "留空，空白按 1 件计" not in plain.out  # it has no such column


@pytest.mark.parametrize("edition", [(), ("--plain",)])
def test_the_time_of_payment_is_the_day_where_no_other_is(
    capsys: CAPSYS, tmp_path: Path, edition: tuple[str, ...]
) -> None:
    source, path = tmp_path / "订单.csv", tmp_path / "book.xlsx"
    source.write_text(
        "订单号,付款时间,实付金额,系统报价\nA,2024-08-01T20:00Z,100,22.6\nB,soon,100,22.6\n",
        "utf-8",
    )
    done = call(capsys, "new", path, "--orders", source, "--rows", "50", "--lang", "zh", *edition)
    assert done.code == 1, done.err  # the second has no day
    sheet = openpyxl.load_workbook(path, data_only=True)["订单"]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert dt.datetime(2024, 8, 2) in cells
    assert "soon" in cells
