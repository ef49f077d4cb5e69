"""The actions of a spreadsheet program's menu, over a program in memory."""

import datetime as dt
import gzip
import json
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sellersheet.columns import INPUT, OUTPUT
from sellersheet.wording import LANGS
from sellersheet_workbook.batch.sample import sample_orders
from sellersheet_workbook.host import (
    Typed,
    check_bill,
    import_orders,
    import_rates,
    policy_version,
    selfcheck,
    share,
    undo,
    update,
)
from sellersheet_workbook.host.change import kept_path
from sellersheet_workbook.orders_import import Memory
from sellersheet_workbook.patch.areas import Area
from sellersheet_workbook.problems import HOST
from sellersheet_workbook.template.content import sample_rows
from tests.examples import examples
from tests.grid_program import GridProgram

NOW = dt.datetime(2024, 10, 3, 9, 30)
LATER = dt.datetime(2024, 10, 3, 10, 0)
TITLES = [item.zh for item in OUTPUT]


def _orders(**more: list[Any]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "订单号": ["A1", "A2", "A3"],
            "下单日期": ["2024-08-05", "2024-09-06", "2024-09-07"],
            "目的国": ["ES", "法国", "ES"],
            "订单实付金额": [100, 88.1, "待定"],
            "物流费(系统报价)": [22.6, 31, 20],
            **more,
        }
    )


@pytest.fixture
def program(tmp_path: Path) -> GridProgram:
    return GridProgram(tmp_path, 订单=_orders())


def _listed(program: GridProgram, **more: Any) -> None:
    area = program.used("订单")
    assert area is not None
    program.table("Orders", "订单", area, **more)


def test_an_update_writes_results_summaries_and_a_log_and_ends_in_one_message(
    program: GridProgram,
) -> None:
    assert update(program, NOW)
    orders = program.frame("订单")
    assert list(orders) == [*_orders(), *TITLES]
    assert orders["费用合计"].tolist() == [31.3, orders["费用合计"][1], None]
    assert set(program.grids) == {"订单", "更新汇总", "更新问题行", "更新记录"}
    assert program.frame("更新记录")["数据行数"].tolist() == [3]
    (message,) = program.messages
    assert "3 行" in message
    assert "1 行有问题" in message
    assert program.steps[-1][:2] == (3, 3)
    # The sheets that it adds have headers like a template's, once.
    heads = [(sheet, area.ref.split(":")[0]) for sheet, area in program.headers]
    assert heads == [("更新汇总", "A1"), ("更新问题行", "A1"), ("更新记录", "A1")]
    assert update(program, LATER)
    assert len(program.headers) == 3


def test_a_currency_and_kilograms_in_the_number_format_are_read(tmp_path: Path) -> None:
    """Two rows in US dollars, for which no rate is given, and weights in kilograms."""
    frame = _orders(订单实付金额=[100, 88.1, 50], 实重=[0.08, 0.09, 80.0], 佣金=[0.05, 0.05, 2.5])
    program = GridProgram(tmp_path, 订单=frame.drop(columns="物流费(系统报价)"))
    program.formats = {
        ("订单", Area(3, 4, 4, 4)): "[$USD] #,##0.00",
        ("订单", Area(2, 5, 3, 5)): '0.000" kg"',
        ("订单", Area(2, 6, 3, 6)): "0.0%",
        ("订单", Area(2, 3, 4, 3)): '0" USD"',
    }
    assert update(program, NOW)
    orders = program.frame("订单")
    assert orders["状态"].tolist() == ["提示", "错误", "错误"]
    assert orders["计费重"].tolist() == [80, None, None]
    assert ["USD" in str(text) for text in orders["说明"]] == [False, True, True]


def test_a_number_format_says_nothing_of_texts(tmp_path: Path) -> None:
    """Excel shows a text as it is, whatever the format: 佣金 0.05 in a cell formatted as %."""
    frame = _orders(佣金=[0.05, "0.05", None])
    program = GridProgram(tmp_path, 订单=frame)
    program.formats = {("订单", Area(1, 6, 9, 6)): "0.0%", ("订单", Area(2, 4, 3, 4)): "0.00"}
    program.grids["订单"][3, 4] = "88.1"
    program.formats["订单", Area(3, 4, 3, 4)] = "[$USD] 0.00"
    assert update(program, NOW)
    texts = program.frame("订单")["说明"].tolist()
    assert ["比例" in str(text) for text in texts[:2]] == [False, True]  # an amount or a rate?
    assert "USD" not in texts[1]


def test_rows_below_a_merged_order_number_are_lines_of_that_order(tmp_path: Path) -> None:
    """As in a file: one parcel, its weight and amount counted once."""
    frame = _orders(实重=[80.0, None, 80.0])
    frame.loc[1, ["订单号", "下单日期", "目的国", "订单实付金额", "物流费(系统报价)"]] = None
    frame.loc[2, "订单实付金额"] = 50
    program = GridProgram(tmp_path, 订单=frame)
    program.merges = [("订单", Area(2, at, 3, at)) for at in range(1, 7)]
    assert update(program, NOW)
    orders = program.frame("订单")
    assert orders["费用合计"].tolist() == [31.3, 0, 26.95]
    assert orders["操作费"].tolist() == [5.2, 0, 5.2]


def test_an_import_knows_the_lines_below_a_merged_order_number(tmp_path: Path) -> None:
    frame = _orders(商品编码=["X", "Y", "X"])
    frame.loc[1, "订单号"], frame.loc[2, "订单实付金额"] = None, 50
    program = GridProgram(tmp_path, 订单=frame)
    program.merges = [("订单", Area(2, 1, 3, 1))]
    export = tmp_path / "导出.csv"
    pd.DataFrame({"订单号": ["A1"], "商品编码": ["Y"], "订单实付金额": [45]}).to_csv(
        export, index=False
    )
    assert import_orders(program, [export], NOW, Memory(tmp_path / "memory.json"))
    assert program.frame("订单")["订单实付金额"].tolist() == [100, 45, 50]


def test_results_of_many_orders_are_one_block(tmp_path: Path) -> None:
    program = GridProgram(tmp_path, 订单=sample_orders(2_000, seed=5))
    assert update(program, NOW)
    orders = program.frame("订单")
    assert len(orders) == 2_000
    # the results with their header, summary, its header, refused, its header, log, its header
    assert program.writes <= 7
    writes = program.writes
    assert update(program, LATER)
    assert program.writes - writes <= 4


def test_an_excel_table_grows_with_its_results(program: GridProgram) -> None:
    _listed(program)
    assert update(program, NOW)
    assert program.listed[0].area == Area(1, 1, 4, 5 + len(TITLES))


def test_what_stands_to_the_right_is_not_written_over(program: GridProgram) -> None:
    _listed(program)
    program.grids["订单"][3, 7] = "我的备注"
    before = program.state()
    assert not update(program, NOW)
    assert program.state() == before
    assert "F1:R4" in program.messages[0]


def test_undo_brings_back_formulas_and_tables_in_a_new_process(program: GridProgram) -> None:
    _listed(program)
    program.grids["订单"][1, 6] = "费用合计"
    program.listed[0] = program.listed[0].__class__("Orders", "订单", Area(1, 1, 4, 6))
    for row in (2, 3, 4):
        program.grids["订单"][row, 6] = Typed(f"=INDEX(计算,{row})")
    before = program.state()
    assert update(program, NOW)
    assert program.state() != before
    assert undo(program)
    assert program.state() == before
    assert "2024-10-03 09:30:00" in program.messages[-1]
    assert not undo(program)
    assert "没有可撤销" in program.messages[-1]


def test_formulas_that_are_right_stay_and_others_become_values(program: GridProgram) -> None:
    assert update(program, NOW)
    total = program.frame("订单").columns.get_loc("费用合计") + 1
    grid = program.grids["订单"]
    values = [grid[row, total] for row in (2, 3)]
    grid[2, total], grid[3, total] = Typed("=X(2)"), Typed("=X(3)")
    program.results = {"=X(2)": values[0], "=X(3)": "#NAME?"}
    assert update(program, LATER)
    assert grid[2, total] == Typed("=X(2)")
    assert grid[3, total] == values[1]
    assert "1 个公式" in program.messages[-1]
    assert undo(program)
    assert grid[3, total] == Typed("=X(3)")


def test_undo_refuses_when_rows_were_sorted_since(program: GridProgram) -> None:
    assert update(program, NOW)
    grid = program.grids["订单"]
    grid[2, 1], grid[3, 1] = grid[3, 1], grid[2, 1]
    after = program.state()
    assert not undo(program)
    assert program.state() == after
    assert "订单" in program.messages[-1]
    grid[2, 1], grid[3, 1] = grid[3, 1], grid[2, 1]
    assert undo(program)


def test_an_input_that_was_edited_since_is_no_reason_to_refuse(program: GridProgram) -> None:
    assert update(program, NOW)
    program.grids["订单"][2, 4] = 120.0
    assert undo(program)
    assert program.grids["订单"][2, 4] == 120.0


@pytest.mark.parametrize("there", [True, False], ids=["orders there", "sheet added"])
@pytest.mark.parametrize("place", ["cell", "beside", "below"])
def test_what_was_worked_on_since_an_import_is_not_taken_away(
    tmp_path: Path, place: str, there: bool
) -> None:
    """The file of an undo by command is kept; a sheet that a menu takes away is gone."""
    sheets = {"订单": _orders()} if there else {"别的": pd.DataFrame({"甲": [1]})}
    program = GridProgram(tmp_path, **sheets)
    before = program.state()
    assert import_orders(program, [_export(tmp_path)], NOW, Memory(None)), program.messages
    area = program.used("订单")
    assert area is not None
    row, column = {
        "cell": (area.bottom, program.frame("订单").columns.get_loc("订单实付金额") + 1),
        "beside": (area.bottom, area.right + 2),
        "below": (area.bottom + 2, 1),
    }[place]
    old = program.grids["订单"].get((row, column))
    program.grids["订单"][row, column] = 555.0
    lost = place == "cell" or not there  # beside the rows of a table nothing is taken away
    after = program.state()
    assert undo(program) is not lost
    assert program.grids["订单"][row, column] == 555.0
    if lost:
        assert program.state() == after
        assert "撤销会丢掉" in program.messages[-1]
        program.grids["订单"][row, column] = old
        if old is None:
            del program.grids["订单"][row, column]
        assert undo(program)
        assert program.state() == before


@pytest.mark.parametrize("way", ["header", "format", "title", "column"])
def test_nothing_is_imported_into_dollars(tmp_path: Path, way: str) -> None:
    """Amounts come in in CNY: ¥45.00 under 实付金额(USD) had counted as $45.00."""
    frame = _orders(币种=["USD"] * 3) if way == "column" else _orders()
    if way == "header":
        frame = frame.rename(columns={"订单实付金额": "实付金额(USD)"})
    top = 3 if way == "title" else 1
    program = GridProgram(tmp_path, 汇率=pd.DataFrame({"币种": ["USD"], "汇率": [7]}))
    program.put("订单", frame, top=top)
    if way == "title":
        program.grids["订单"][1, 1] = "币种：USD"
    if way == "format":
        program.set_format("订单", Area(2, 4, 4, 4), "[$$-409]#,##0.00")
    before = program.state()
    assert not import_orders(program, [_export(tmp_path)], NOW, Memory(None))
    assert program.state() == before
    assert "没有改动" in program.messages[0]


def test_an_import_writes_in_the_units_of_the_sheet(tmp_path: Path) -> None:
    frame = _orders().rename(columns={"订单实付金额": "实付金额(分)"})
    program = GridProgram(tmp_path, 订单=frame.assign(**{"实付金额(分)": [10000, 8810, 100]}))
    assert import_orders(program, [_export(tmp_path)], NOW, Memory(None)), program.messages
    assert program.frame("订单")["实付金额(分)"].tolist() == [10000, 8810, 100, 9050, 4500]


def test_an_import_names_its_currency_where_the_sheet_does(tmp_path: Path) -> None:
    """Imported rows had no currency there, and were refused at the next update."""
    program = GridProgram(tmp_path, 订单=_orders(币种=["CNY"] * 3))
    assert import_orders(program, [_export(tmp_path)], NOW, Memory(None)), program.messages
    assert program.frame("订单")["币种"].tolist() == ["CNY"] * 5


PRICES = [("国家", "线路", "重量(g)", "运费(元/KG)"), ("ES", "快", "0-300", 65)]


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        (("重量起(克)", "重量止(克)", "每公斤价格"), [0, 300, 65]),
        (("重量起(kg)", "重量止(kg)", "每公斤价格"), [0, 0.3, 65]),
        (("重量起(克)", "重量止(公斤)", "每公斤价格(分)"), [0, 0.3, 6500]),
        (("重量起(克)", "重量止(克)", "每公斤价格(USD)"), None),
    ],
)
def test_rates_are_imported_in_the_units_of_the_sheet(
    tmp_path: Path, headers: tuple[str, ...], wanted: list[float] | None
) -> None:
    """300 g under 重量止(kg) had become 300 kg, ¥65 under (USD) $65."""
    frame = pd.DataFrame(
        [["FR", "慢", 0, 1, 2, 45474]], columns=["目的国", "线路", *headers, "生效日期"]
    )
    program = GridProgram(tmp_path, 费率=frame)
    before = program.state()
    book = openpyxl.Workbook()
    for row in PRICES:
        book.worksheets[0].append(row)
    book.save(tmp_path / "rates.xlsx")
    assert import_rates(program, tmp_path / "rates.xlsx", NOW) == (wanted is not None)
    if wanted is None:
        assert program.state() == before
        assert "每公斤价格(USD)" in program.messages[0]
    else:
        assert program.frame("费率").iloc[1, 2:5].tolist() == pytest.approx(wanted)


def test_a_bill_check_tells_what_was_not_compared(program: GridProgram, tmp_path: Path) -> None:
    """That all agrees says too much where a charge is unknown or a part is not in the bill."""
    bill = tmp_path / "账单.csv"
    rows = [["A1", "基础服务费", 350], ["A1", "操作费", 520], ["A1", "物流费", 2260],
            ["A2", "神秘费", 300], ["Z9", "操作费", 520]]  # fmt: skip
    text = "".join(
        f"{','.join(map(str, row))}\n" for row in (["订单号", "费用类型", "金额"], *rows)
    )
    bill.write_text(f"单位：分,,\n{text}", encoding="utf-8")
    program.grids["订单"][4, 4] = 20.0
    assert check_bill(program, bill, now=NOW), program.messages
    said = program.messages[0]
    assert "全部一致" in said
    assert "单位：分" in said
    assert "账单里没有 1 单，订单表里没有 1 单" in said
    assert "第 6 行“费用类型”：“神秘费”" in said
    assert "不认识的费用类型：神秘费。请在文件中改成" in said
    bill.write_text("订单号,操作费\nA1,5.2\n", encoding="utf-8")
    assert check_bill(program, bill, now=NOW), program.messages
    assert "账单里没有基础服务费、加急费" in program.messages[1]


def test_notes_on_a_sheet_that_an_update_added_are_not_taken_away(program: GridProgram) -> None:
    assert update(program, NOW)
    program.grids["更新汇总"][30, 1] = "九月的说明"
    assert not undo(program)
    assert "更新汇总" in program.messages[-1]
    del program.grids["更新汇总"][30, 1]
    assert undo(program)
    assert "更新汇总" not in program.grids


@pytest.mark.parametrize("at", range(1, 8))
def test_a_write_that_fails_leaves_what_stood_before(program: GridProgram, at: int) -> None:
    _listed(program)
    before = program.state()
    program.fails_at = {at}
    done = update(program, NOW)
    assert not done
    assert program.state() == before
    assert "已恢复" in program.messages[-1]
    assert not undo(program)
    assert program.calls.count("still") == program.calls.count("moving")


def test_an_undo_of_before_outlives_an_update_that_fails(program: GridProgram) -> None:
    before = program.state()
    assert update(program, NOW)
    program.fails_at = {program.writes + 2}
    assert not update(program, LATER)
    assert undo(program)
    assert program.state() == before


def test_what_could_not_be_put_back_is_kept_for_an_undo(program: GridProgram) -> None:
    assert update(program, NOW)
    before = program.state()
    program.fails_at = {program.writes + 2, program.writes + 3}
    assert not update(program, LATER)
    assert "未能全部恢复" in program.messages[-1]
    assert undo(program)
    assert program.state() == before


def test_an_import_tells_why_rows_were_not_taken_and_what_was_remembered(
    program: GridProgram, tmp_path: Path
) -> None:
    memory = Memory(tmp_path / "memory.json")
    path = tmp_path / "导出.csv"
    frame = pd.DataFrame({"订单号": ["A2", "B9", "B8", "合计"], "收": [90.5, -1, 3, 92.5],
                          "订单状态": ["已完成", "已完成", "已取消", ""]})  # fmt: skip
    frame.to_csv(path, index=False)
    memory.remember(list(frame), {"收": "paid_cny"})
    assert import_orders(program, [path], NOW, memory), program.messages
    (said,) = program.messages
    assert "以前记住的：收＝订单实付金额" in said
    assert "  导出.csv：第 3 行“收”" in said
    assert "  导出.csv：订单已取消，未计" in said
    assert "  导出.csv：合计行" in said


def test_nothing_is_changed_on_a_protected_sheet(program: GridProgram) -> None:
    program.locked.add("订单")
    before = program.state()
    assert not update(program, NOW)
    assert program.state() == before
    assert "受保护" in program.messages[0]


def test_nothing_is_changed_on_a_filtered_sheet_and_no_undo_either(program: GridProgram) -> None:
    before = program.state()
    program.filters.add("订单")
    assert not update(program, NOW)
    assert (program.state(), program.writes) == (before, 0)
    program.filters.clear()
    assert update(program, NOW)
    done = program.state()
    program.filters.add("订单")
    assert not undo(program)
    assert program.state() == done
    assert [text.startswith("工作表“订单”正在筛选") for text in program.messages] == [
        True, False, True,
    ]  # fmt: skip
    program.filters.clear()
    assert undo(program)
    assert program.state() == before


def test_without_orders_every_action_says_so(tmp_path: Path) -> None:
    program = GridProgram(tmp_path, 别的=pd.DataFrame({"甲": [1]}))
    assert not update(program, NOW)
    assert not check_bill(program, tmp_path / "账单.csv")
    assert all("没有找到订单" in text for text in program.messages)
    assert list(program.grids) == ["别的"]


DOUBTFUL: dict[str, tuple[dict[str, list[Any]], str, str]] = {
    "cancelled": (
        {"订单状态": ["已取消", "待付款", "已完成"], "物流费(系统报价)": [1, 2, 3]},
        "1 行：订单已取消，未计", "1 行：订单未付款，未计",
    ),
    "kilograms": ({"实重": [0.3, 0.5, 0.2]}, "3 行没有算出费用合计", "表头改成“实重(kg)”"),
    "dollars": ({"退款金额": ["$1", None, None]}, "1 行有问题", "请在“汇率”表中填写 USD 的汇率"),
    "two amounts": ({"实付金额": [5, 6, 7]}, "请把表头“订单实付金额”改名", "含义相同"),
    "unused": ({"快递费": [5, 6, 7], "Some day": ["2024-08-01"] * 3}, "快递费", "改成“下单日期”"),
    "zone": ({"下单时间(UTC)": ["2024-08-01 17:00"] * 3}, "3 行因此落在前一天或后一天", "北京时间"),
    "same line": ({"订单号": ["A1", "A1", "A2"]}, "1 行：与前面的一行完全相同", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBTFUL)
def test_an_update_tells_what_is_in_no_total_and_what_to_do_in_the_sheet(
    tmp_path: Path, name: str
) -> None:
    more, *said = DOUBTFUL[name]
    frame = pd.DataFrame({"订单号": ["A1", "A2", "A3"], "订单实付金额": [100, 100, 100], **more})
    program = GridProgram(tmp_path, 订单=frame)
    assert update(program, NOW), program.messages
    cells = [str(cell) for grid in program.grids.values() for cell in grid.values()]
    for part in said:
        assert part in program.messages[0]
    assert not [text for text in (*program.messages, *cells) if "--" in text]


def test_of_two_sheets_like_orders_one_has_to_be_named(tmp_path: Path) -> None:
    program = GridProgram(tmp_path, 九月=_orders(), 十月=_orders())
    assert not update(program, NOW)
    assert "九月、十月" in program.messages[0]
    assert "--" not in program.messages[0]


def test_a_damaged_file_of_what_stood_before_is_told(program: GridProgram) -> None:
    assert update(program, NOW)
    path = kept_path(program)
    path.write_bytes(path.read_bytes()[:50])
    assert not undo(program)
    assert str(path) in program.messages[-1]
    path.write_bytes(gzip.compress(json.dumps({"form": 99}).encode()))
    assert not undo(program)


def test_error_cells_and_text_like_formulas_come_through(program: GridProgram) -> None:
    program.grids["订单"][2, 4] = Typed("#N/A")
    program.grids["订单"][3, 1] = "=HYPERLINK(1)"
    assert update(program, NOW)
    assert program.frame("订单")["状态"].tolist()[0] == "错误"
    refused = program.frame("更新问题行")
    assert refused["原值"].tolist()[0] == "#N/A"
    texts = [cell for grid in program.grids.values() for cell in grid.values()]
    assert not any(isinstance(cell, Typed) and cell.startswith("=") for cell in texts)


CELLS = {
    "订单号": st.sampled_from(["A", "B", "C", None]),
    "下单日期": st.sampled_from(["2024-07-31", 45505.0, "2024-09-30", "x", None]),
    "目的国": st.sampled_from(["ES", "法国", "?", None]),
    "类目": st.sampled_from(["手机壳", None]),
    "订单实付金额": st.sampled_from([100, 88.1, -1, "=1+1", None]),
    "物流费(系统报价)": st.sampled_from([22.6, 7, None]),
    "状态": st.sampled_from(["已发货", None]),
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=6).filter(
    lambda rows: any(cell is not None for row in rows for cell in row.values())
)


def copied(program: GridProgram, folder: Path) -> GridProgram:
    """Another program with the same workbook, and its own of what stood there before."""
    other = deepcopy(program)
    other.folder = Path(shutil.copytree(program.folder, folder / "user"))
    return other


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS, table=st.booleans(), top=st.integers(1, 3), lang=st.sampled_from(LANGS))
def test_undo_after_update_is_as_before_and_twice_is_once(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], table: bool, top: int,
    lang: Any,
) -> None:  # fmt: skip
    program = GridProgram(tmp_path_factory.mktemp("host"), lang)
    area = program.put("订单", pd.DataFrame(rows, columns=[*CELLS], dtype=object), top, 2)
    if table:
        program.table("订单表", "订单", area)
    before = program.state()
    assert update(program, NOW), program.messages
    once = program.state()
    beside = copied(program, tmp_path_factory.mktemp("beside"))
    assert undo(program)
    assert program.state() == before
    assert update(beside, NOW)
    twice = beside.state()
    for state in (once, twice):
        log = next(name for name in state[0] if name in ("更新记录", "Update log"))
        del state[0][log]
    assert twice == once
    assert undo(beside)
    assert undo(beside) is False


def _export(folder: Path) -> Path:
    path = folder / "导出.csv"
    frame = pd.DataFrame(
        {
            "订单号": ["A2", "B9"],
            "下单日期": ["2024-09-06", "2024-09-20"],
            "目的国": ["FR", "DE"],
            "订单实付金额": [90.5, 45],
            "物流费(系统报价)": [31, 12],
            "商品编码": ["S-1", "=cmd|' /C calc'!A0"],
            "类目": ["+手机壳", None],
        }
    )
    frame.to_csv(path, index=False)
    return path


def test_imported_orders_update_known_lines_and_follow_below(
    program: GridProgram, tmp_path: Path
) -> None:
    program.put("订单", pd.DataFrame({"商品编码": ["S-1"] * 3, "我的列": [None] * 3}), 1, 6)
    for row in (2, 3, 4):
        program.grids["订单"][row, 7] = Typed("=D2*2")
    _listed(program)
    before = program.state()
    assert import_orders(program, [_export(tmp_path)], NOW, Memory(None)), program.messages
    orders = program.frame("订单")
    assert orders["订单号"].tolist() == ["A1", "A2", "A3", "B9"]
    assert orders["订单实付金额"].tolist() == [100, 90.5, "待定", 45]
    assert orders["商品编码"].tolist() == ["S-1", "S-1", "S-1", "=cmd|' /C calc'!A0"]
    assert orders["类目"].tolist() == [None, "+手机壳", None, None]
    grid = program.grids["订单"]
    entries = {at for at, cell in grid.items() if isinstance(cell, Typed)}
    assert entries == {(row, 7) for row in range(2, 6)}
    assert program.listed[0].area == Area(1, 1, 5, 8)
    assert len(program.messages) == 1
    assert "新增 1" in program.messages[0]
    after = program.state()
    assert import_orders(program, [_export(tmp_path)], LATER, Memory(None))
    assert program.state() == after
    assert undo(program)
    assert program.state() == before


def test_blank_rows_of_a_template_are_filled_first(program: GridProgram, tmp_path: Path) -> None:
    program.put("订单", pd.DataFrame({"商品编码": ["S-1"] * 3}), 1, 6)
    program.table("Orders", "订单", Area(1, 1, 8, 6))
    assert import_orders(program, [_export(tmp_path)], NOW, Memory(None))
    assert program.frame("订单")["订单号"].tolist() == ["A1", "A2", "A3", "B9"]
    assert program.listed[0].area == Area(1, 1, 8, 7)


def test_orders_are_imported_into_a_workbook_without_any(tmp_path: Path) -> None:
    program = GridProgram(tmp_path, 首页=pd.DataFrame({"甲": [1]}))
    assert import_orders(program, [_export(tmp_path)], NOW, Memory(None)), program.messages
    assert program.frame("订单")["订单号"].tolist() == ["A2", "B9"]
    assert "yyyy-mm-dd" in program.formats.values()
    assert update(program, LATER)
    assert undo(program)
    assert set(program.grids) == {"首页", "订单", "更新记录"}


def test_a_file_that_is_no_export_is_told(program: GridProgram, tmp_path: Path) -> None:
    before = program.state()
    assert not import_orders(program, [tmp_path / "没有.csv"], NOW, Memory(None))
    assert program.state() == before
    assert "没有.csv" in program.messages[0]


def test_what_an_import_leaves_out_of_a_row_is_told(program: GridProgram, tmp_path: Path) -> None:
    """A weight that is likely in kilograms, and a column of amounts that is not used."""
    export = tmp_path / "导出.csv"
    frame = pd.DataFrame({"订单号": ["B9"], "下单日期": ["2024-09-20"], "实付金额": [45]})
    frame.assign(实重=["0.35"], 平台费用=[3.5]).to_csv(export, index=False)
    assert import_orders(program, [export], NOW, Memory(None)), program.messages
    said = program.messages[0]
    assert "导出.csv：1 行：重量像是千克" in said
    assert "导出.csv：未使用的金额列：平台费用" in said


def test_an_import_takes_the_place_of_the_samples(tmp_path: Path) -> None:
    rows = sample_rows("zh")
    titles = {item.key: item.title("zh") for item in INPUT}
    shown = pd.DataFrame([{title: row.get(key) for key, title in titles.items()} for row in rows])
    program = GridProgram(tmp_path, 订单=shown)
    program.table("Orders", "订单", Area(1, 1, len(rows) + 1, len(titles)))
    before = program.state()
    assert import_orders(program, [_export(tmp_path)], NOW, Memory(None)), program.messages
    orders = program.frame("订单").dropna(how="all")
    assert not orders["店铺"].astype(str).str.startswith("示例").any()
    assert set(orders["订单号"]) <= {"A1", "A2", "A3", "B9"}
    assert f"{len(rows)} 行示例订单已清空" in program.messages[0]
    assert undo(program)
    assert program.state() == before


def test_rates_replace_those_of_their_line(program: GridProgram, tmp_path: Path) -> None:
    sheet = pd.DataFrame(
        {
            "国家": ["西班牙", "法国"],
            "渠道": ["标准", "标准"],
            "重量段": ["0-500g", "0-500g"],
            "运费(元/KG)": [60, 55],
            "挂号费(元/票)": [18, 17],
        }
    )
    path = tmp_path / "报价.csv"
    sheet.to_csv(path, index=False)
    assert import_rates(program, path, NOW), program.messages
    first = program.frame("费率")
    assert len(first) == 2
    sheet["渠道"] = "经济"
    sheet.to_csv(path, index=False)
    assert import_rates(program, path, LATER), program.messages
    assert len(program.frame("费率")) == 4
    sheet.iloc[:1].to_csv(path, index=False)
    assert import_rates(program, path, LATER), program.messages
    rates = program.frame("费率").dropna(how="all")
    assert len(rates) == 3
    assert "原有的 2 行已被替换（线路：经济）" in program.messages[-1]
    assert all(isinstance(cell, int | float) for cell in rates["每公斤价格"])
    assert update(program, LATER), program.messages
    assert undo(program)


def test_an_import_ends_in_one_advice(program: GridProgram, tmp_path: Path) -> None:
    path = tmp_path / "报价.csv"
    pd.DataFrame({"国家": ["ES"], "重量段": ["0-500g"], "运费(元/KG)": [60]}).to_csv(
        path, index=False
    )
    none, old, follow = (HOST(f"results_{name}", "zh") for name in ("none", "old", "follow"))

    def one_order() -> Path:
        file = tmp_path / f"{len(program.messages)}.csv"
        file.write_text(f"订单号,订单实付金额,目的国\nN{file.stem},10,DE\n", encoding="utf-8")
        return file

    def said() -> list[str]:
        for act in (
            lambda: import_rates(program, path, LATER),
            lambda: import_orders(program, [one_order()], LATER, Memory(None)),
        ):
            assert act(), program.messages
        return [
            next(text for text in (none, old, follow) if text in message)
            for message in program.messages[-2:]
            if sum(text in message for text in (none, old, follow)) == 1
        ]

    assert said() == [none, none]
    assert update(program, LATER), program.messages
    assert said() == [old, old]
    at = program.frame("订单").columns.get_loc("费用合计") + 1
    program.grids["订单"][2, at] = Typed("=1+1")
    assert said() == [follow, follow]


def test_number_formats_come_back(program: GridProgram, tmp_path: Path) -> None:
    path = tmp_path / "报价.csv"
    pd.DataFrame({"国家": ["ES"], "重量段": ["0-500g"], "运费(元/KG)": [60]}).to_csv(
        path, index=False
    )
    assert import_rates(program, path, NOW), program.messages
    program.formats["费率", Area(2, 1, 9, 20)] = "@"
    before = program.state(), program.number_formats("费率", Area(1, 1, 9, 20))
    assert import_rates(program, path, LATER), program.messages
    codes = dict(program.number_formats("费率", Area(2, 1, 2, 20)))
    found = [str(cell) for cell in program.frame("费率").columns]
    assert codes[Area(2, at := found.index("每公斤价格") + 1, 2, at)] == "General"
    assert codes[Area(2, at := found.index("生效日期") + 1, 2, at)] == "yyyy-mm-dd"
    assert codes[Area(2, at := found.index("目的国") + 1, 2, at)] == "@"
    assert undo(program), program.messages
    assert (program.state(), program.number_formats("费率", Area(1, 1, 9, 20))) == before


def test_a_bill_is_checked_against_the_workbook(program: GridProgram, tmp_path: Path) -> None:
    bill = tmp_path / "账单.csv"
    frame = pd.DataFrame(
        {
            "订单号": ["A1", "A2"],
            "基础服务费": [3.5, 3.08],
            "操作费": [5.2, 9.2],
            "物流费": [22.6, 31],
        }
    )
    frame.to_csv(bill, index=False)
    before = program.state()
    assert check_bill(program, bill, now=NOW), program.messages
    assert program.state() == before
    target = tmp_path / "账单-核对.xlsx"
    assert str(target) in program.messages[0]
    assert program.offered == [(target, "现在打开核对结果吗？")]
    assert len(openpyxl.load_workbook(target).sheetnames) > 2


def test_a_copy_with_values_only_is_made(program: GridProgram) -> None:
    assert share(program)
    path = program.path.with_name("账-分享.xlsx")
    assert str(path) in program.messages[0]
    assert openpyxl.load_workbook(path)["订单"]["A2"].value == "A1"
    program.path = None  # type: ignore[assignment]
    assert not share(program)


def test_the_self_check_asks_cells_and_python(program: GridProgram) -> None:
    program.put("自检", pd.DataFrame({"项": ["a", "b"], "对": [True, False]}))
    assert selfcheck(program)
    (message,) = program.messages
    assert "全部正确" in message
    assert "1 个单元格不对" in message
    report = program.folder / "selfcheck.txt"
    assert report.read_text(encoding="utf-8-sig").splitlines() == message.splitlines()[:-1]
    program.evaluate = lambda formula: "#NAME?"  # type: ignore[method-assign]
    assert selfcheck(program)
    assert "#NAME?" in program.messages[1]


def test_the_version_of_the_policy_is_told(program: GridProgram) -> None:
    assert policy_version(program)
    assert "规则版本" in program.messages[0]
    assert "没有“政策”表" in program.messages[0]
    own = pd.DataFrame({"名称": ["rush_fee", "repack_fee"], "数值": ["4.00", None]})
    program.put("政策", own)
    program.table("Overrides", "政策", Area(1, 1, 3, 2))
    assert policy_version(program)
    assert "工作表“政策”；其中自己填的数值在用：1 个" in program.messages[1]


def test_something_unexpected_is_told_without_a_traceback(program: GridProgram) -> None:
    def broken(sheet: str) -> Area | None:
        raise RuntimeError("RPC server is unavailable")

    program.used = broken  # type: ignore[method-assign]
    assert not update(program, NOW)
    assert "RPC server is unavailable" in program.messages[0]
    assert "Traceback" not in program.messages[0]


def test_days_are_written_as_numbers() -> None:
    from sellersheet_workbook.host.live_port import cells_of

    days = pd.Series(pd.to_datetime(["2024-09-01", None]))
    assert cells_of(days) == [45536.0, None]
    assert cells_of(days.astype(object)) == [45536.0, None]
    assert cells_of(pd.Series([np.float64(1.5), np.int64(2), ""], dtype=object)) == [1.5, 2, None]
