"""``sellersheet import`` as a seller types it, in Chinese and in English."""

import re
from pathlib import Path

import pytest

from sellersheet.wording import LANGS, Lang
from sellersheet_addin.cli.orders_import import TEXT
from sellersheet_workbook.orders_import import memory_path
from tests.command_line import call
from tests.grids import read_frame

CAPSYS = pytest.CaptureFixture[str]
EXPORT = """主订单号,下单时间,到手价,币种,收货国家,商品编码,运费
8145987534666769,2024-08-01 10:00,12.50,USD,西班牙,A1,3
8145987534666770,2024-08-02 10:00,99,CNY,法国,=A2,3
"""


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELLERSHEET_HOME", str(tmp_path / "home"))


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "导出.csv"
    path.write_text(EXPORT, encoding="gb18030")
    return path


def test_a_header_is_asked_for_then_remembered(
    capsys: CAPSYS, tmp_path: Path, export: Path
) -> None:
    target = tmp_path / "订单.xlsx"
    words = ("import", export, "-o", target, "--fx", "USD=7.1", "--lang", "zh")
    asked = call(capsys, *words)
    assert (asked.code, asked.out) == (2, "")
    assert "缺少必填列“订单实付金额”" in asked.err
    assert "到手价" in asked.err
    assert not target.exists()

    told = call(capsys, *words, "--column", "到手价=paid_cny")
    assert (told.code, told.err) == (0, "")
    assert "到手价＝订单实付金额" in told.out
    assert "已识别、不使用的列：运费" in told.out
    assert "新增 2，更新 0，未变 0，重复 0，略过 0，拒绝 0" in told.out
    assert f"已记住这些表头的含义（{memory_path()}）" in told.out
    assert read_frame(target).frame["订单实付金额"].tolist() == [88.75, 99]

    before = target.read_bytes()
    again = call(capsys, *words)
    assert again.code == 0
    assert "采用以前记住的：到手价=paid_cny" in again.out
    assert f"{target} 没有变化，没有重写。" in again.out
    assert target.read_bytes() == before
    assert call(capsys, *words, "--no-remember").code == 2


def test_no_remember_keeps_nothing(capsys: CAPSYS, tmp_path: Path, export: Path) -> None:
    words = ("--column", "到手价=paid_cny", "--no-remember", "--fx", "USD=7.1")
    done = call(capsys, "import", export, "-o", tmp_path / "t.csv", *words)
    assert done.code == 0
    assert not memory_path().exists()


def test_changes_and_refused_rows_are_shown(capsys: CAPSYS, tmp_path: Path, export: Path) -> None:
    target = tmp_path / "orders.csv"
    words = ("--lang", "en", "--column", "到手价=paid_cny", "-o", target)
    first = call(capsys, "import", export, *words)
    assert first.code == 1
    assert "New 1, updated 0, unchanged 0, repeated 0, passed over 0, refused 1" in first.out
    assert "no exchange rate is given" in first.out
    assert str(tmp_path / "orders-import-refused.csv") in first.out
    export.write_text(EXPORT.replace(",99,", ",98,"), encoding="utf-8")
    rates = tmp_path / "fx.csv"
    rates.write_text("币种,生效日期,汇率\nUSD,2024-01-01,7.1\n", encoding="utf-8")
    second = call(capsys, "import", export, *words, "--fx", rates)
    assert second.code == 0
    assert "New 1, updated 1, unchanged 0" in second.out
    assert "updated: order 8145987534666770, Amount paid: 99 → 98" in second.out
    assert not (tmp_path / "orders-import-refused.csv").exists()


def test_a_pattern_and_a_bad_file(capsys: CAPSYS, tmp_path: Path, export: Path) -> None:
    (tmp_path / "导出二.csv").write_text("", encoding="utf-8")
    words = ("--column", "到手价=paid_cny", "--fx", "USD=7.1", "--lang", "zh")
    done = call(capsys, "import", tmp_path / "导出*.csv", "-o", tmp_path / "t.csv", *words)
    assert done.code == 1
    assert re.search("导出二.csv 没有导入：.*是空的", done.out)
    assert "1 个文件，2 行：新增 2" in done.out


def test_rows_all_refused(capsys: CAPSYS, tmp_path: Path) -> None:
    export = tmp_path / "a.csv"
    export.write_text("订单号,实付金额\n1,US $5\n,3\n", encoding="utf-8")
    done = call(capsys, "import", export, "-o", tmp_path / "t.xlsx", "--lang", "zh")
    assert done.code == 1
    assert "没有一行可以导入，没有写出文件。" in done.out
    assert not (tmp_path / "t.xlsx").exists()


def test_wrong_calls(capsys: CAPSYS, tmp_path: Path, export: Path) -> None:
    target = ("-o", tmp_path / "t.csv", "--lang", "zh")
    assert "缺少选项 --output" in call(capsys, "import", export, "--lang", "zh").err
    assert "缺少 FILE..." in call(capsys, "import", *target).err
    assert "应写成 表头=列名" in call(capsys, "import", export, *target, "--column", "x=y").err
    nowhere = call(capsys, "import", tmp_path / "no.csv", *target)
    assert (nowhere.code, "找不到文件" in nowhere.err) == (2, True)
    shops = tmp_path / "店铺.csv"
    shops.write_text("店铺,订单号,实付金额\n甲,A1,9\n", encoding="utf-8")
    words = (shops, *target, "--shop", "乙")
    unused = call(capsys, "import", *words)
    assert (unused.code, "--shop 乙 用不上" in unused.err) == (2, True)
    assert not (tmp_path / "t.csv").exists()
    some = call(capsys, "import", export, *words, "--fx", "USD=7", "--column", "到手价=paid_cny")
    assert some.code == 0, some.err


@pytest.mark.parametrize("lang", LANGS)
def test_help_and_texts_are_in_one_language(capsys: CAPSYS, lang: Lang) -> None:
    shown = call(capsys, "import", "--help", "--lang", lang)
    assert shown.code == 0
    assert bool(re.search("[一-鿿]", shown.out)) == (lang == "zh")
    half_width = re.compile(r"[一-鿿”》][,;:!?]|[,;:!?)][一-鿿“《]")
    for code, texts in TEXT.messages.items():
        assert texts[lang].strip(), code
        assert not half_width.search(texts["zh"]), code


def test_the_command_is_listed(capsys: CAPSYS) -> None:
    assert "把平台导出的订单文件合并成一个订单文件" in call(capsys, "--lang", "zh").out


def test_what_the_target_can_not_say_is_not_lost_in_silence(capsys: CAPSYS, tmp_path: Path) -> None:
    """A closed order without its refund would have a profit there; a likely kilogram is told."""
    source, target = tmp_path / "a.csv", tmp_path / "t.csv"
    source.write_text(
        "订单号,下单日期,实付金额,物流费(系统报价),采购成本,订单状态,实重,国家,退款金额\n"
        "A1,2024-08-05,100,31,30,已关闭,,,\nA2,2024-08-05,100,,30,已完成,0.35,ES,\n"
        "A3,2024-08-05,100,31,30,已关闭,,,0\n",
        encoding="utf-8",
    )
    done = call(capsys, "import", source, "-o", target, "--lang", "zh", "--no-remember")
    assert done.code == 1
    assert "新增 2，更新 0，未变 0，重复 0，略过 0，拒绝 1" in done.out
    assert "订单已关闭，不知退了多少，没有导入" in done.out
    assert "1 行：重量像是千克" in done.out
    assert read_frame(target).frame["订单号"].tolist() == ["A2", "A3"]
    listed = read_frame(tmp_path / "t-导入问题行.csv").frame
    assert listed.iloc[0, :4].tolist() == ["a.csv", "2", "订单状态", "已关闭"]
