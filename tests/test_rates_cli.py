"""``sellersheet rates import`` from a carrier's file to the freight of an order."""

from pathlib import Path

import pytest

from tests.command_line import call
from tests.row_files import Row, book_of, text_of

CAPSYS = pytest.CaptureFixture[str]


def _freight(capsys: CAPSYS, card: Path, country: str, grams: float, *more: str) -> str:
    words = ("--paid", "100", "--country", country, "--weight", str(grams), "--rates", card)
    return call(capsys, "quote", *words, "--date", "2025-03-05", "--lang", "en", *more).out


def test_from_a_quote_with_fuel_to_an_orders_freight(capsys: CAPSYS, tmp_path: Path) -> None:
    source, card = tmp_path / "报价.csv", tmp_path / "费率.csv"
    text_of(
        source, ("国家", "重量段", "运费(元/KG)", "挂号费(元/票)", "燃油附加费"),
        ("西班牙", "0-300", 65, 18, "10%"),
    )  # fmt: skip
    done = call(capsys, "rates", "import", source, "-o", card, "--start", "2024-07-01")
    assert done.code == 0, done.err
    assert "燃油附加费" in done.out
    assert "32.30" in _freight(capsys, card, "ES", 200)
    sound = call(capsys, "rates", "validate", card, "--lang", "en")
    assert "1 valid row" in sound.out
    # The quote itself is no rate card, and what can't be applied writes none.
    refused = call(capsys, "quote", "--paid", "1", "--rates", source, "--lang", "en")
    assert refused.code == 2
    assert "sellersheet rates import" in refused.err
    text_of(
        source, ("国家", "重量段", "运费(元/KG)", "偏远附加费"), ("西班牙", "0-300", 65, "25元/票")
    )
    other = tmp_path / "other.csv"
    words = ("rates", "import", source, "-o", other, "--start", "2024-07-01", "--lang", "en")
    failed = call(capsys, *words)
    assert (failed.code, other.exists()) == (2, False)
    assert '--column "偏远附加费"=ignore' in failed.err
    done = call(capsys, *words, "--column", "偏远附加费=ignore")
    assert done.code == 0
    assert "Not included: 偏远附加费" in done.out
    assert "Not included: 偏远附加费." in other.read_text(encoding="utf-8-sig")


def _line(name: str, country: str, price: int) -> list[Row]:
    return [
        (f"{name}专线挂号",),
        ("国家/地区", "重量(KG)", "运费(RMB/KG)", "挂号费(RMB/票)"),
        (country, "0<W≤2", price, 18),
        ("备注：以上价格不含燃油",),
    ]


def test_sheets_that_were_not_read_are_named_and_all_are_read_when_asked(
    capsys: CAPSYS, tmp_path: Path
) -> None:
    source = book_of(
        tmp_path / "a.xlsx", 目录=[("序号", "产品名称"), (1, "线A")],
        线A=_line("线A", "西班牙", 88), 线B=_line("线B", "法国", 70),
        线C=_line("线A", "西班牙", 90),
    )  # fmt: skip
    card = tmp_path / "card.csv"
    words = ("rates", "import", source, "-o", card, "--start", "2024-07-01", "--lang", "en")
    one = call(capsys, *words)
    assert "not read: 线B, 线C" in one.out
    assert "1 row written" in one.out
    assert "2 rows below the header: 1 taken, 0 refused, 1 remark, 0 blank." in one.out
    two = call(capsys, *words, "--sheet", "线A", "--sheet", "线B")
    assert two.code == 0
    assert "2 rows written" in two.out
    assert "52.60" not in _freight(capsys, card, "ES", 100)
    assert "26.80" in _freight(capsys, card, "ES", 100)
    # Two sheets of one line and band overlap: neither price is taken.
    every = call(capsys, *words, "--sheet", "*")
    assert every.code == 1
    assert "With all sheets together" in every.out
    assert "1 row written" in every.out
    listed = call(capsys, *words, "--sheet", "目录")
    assert listed.code == 2
    assert "序号 | 产品名称" in listed.err


def test_a_header_row_a_currency_and_a_country_that_are_said(
    capsys: CAPSYS, tmp_path: Path
) -> None:
    source, card = tmp_path / "a.csv", tmp_path / "card.csv"
    text_of(
        source, ("国家", "重量(g)", "每公斤价"), ("示例", "示例", "示例"),
        ("产品", "重量(g)", "每公斤价"), ("白俄罗斯专线", "0-300", 10),
    )  # fmt: skip
    words = ("rates", "import", source, "-o", card, "--start", "2024-07-01", "--lang", "en")
    done = call(capsys, *words, "--header-row", "3", "--country", "产品", "--currency", "USD")
    assert done.code == 0, done.err
    assert "BY Belarus" in done.out
    assert "14.20" in _freight(capsys, card, "BY", 200, "--fx", "USD=7.1")


def test_what_the_sheet_says_itself_is_not_overruled_without_a_word(
    capsys: CAPSYS, tmp_path: Path
) -> None:
    source, card = tmp_path / "报价.csv", tmp_path / "费率.csv"
    header = ("国家", "重量段", "运费(元/KG)", "生效日期")
    text_of(source, header, ("西班牙", "0-300", 65, "2024-07-01"))
    words = ("rates", "import", source, "-o", card)
    for option, value, there in (
        ("--country", "FR", "国家"),
        ("--start", "2025-01-01", "生效日期"),
    ):
        failed = call(capsys, *words, option, value)
        assert (failed.code, card.exists()) == (2, False)
        assert f'--column "{there}"=ignore' in failed.err
        done = call(capsys, *words, option, value, "--column", f"{there}=ignore")
        assert done.code == 0, done.err
        assert value in card.read_text(encoding="utf-8-sig")
        card.unlink()
    assert call(capsys, *words).code == 0
    both = call(capsys, "quote", "--paid", "100", "--logistics", "9", "--rates", card)
    assert (both.code, "--logistics" in both.err) == (2, True)
