"""Everything that the command shows fits a terminal of 80 columns, in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pandas as pd
import pytest
from rich.cells import cell_len

from sellersheet.wording import LANGS, Lang
from sellersheet_addin.cli.folding import columns_of, fold
from sellersheet_addin.cli.main import _Sellersheet
from sellersheet_addin.cli.say import table_lines
from tests.command_line import Called, call

CAPSYS = pytest.CaptureFixture[str]
ORDERS = """订单号,下单日期,目的国,订单实付金额,物流费(系统报价),入仓天数
A1,2024-08-01,西班牙,100,22.6,1
A2,2024-08-02,法国,1234567.89,22.6,3
A3,2024-09-02,火星,88,22.6,5
"""
BILL = "订单号,基础服务费,操作费,物流费\nA1,3.5,5.2,25.6\nA2,43209.88,5.2,22.6\n"
OWN = '[values.rush_fee]\nvalue = "4.00"\nreason = "新合同"\n'
CARD = "目的国,重量起(克),重量止(克),首重价格,体积重除数,生效日期\nES,0,89,22.6,不计,2024-07-01\n"
TWO_WEEKS = ("--weekly-orders", "200", "--weekly-orders", "280", "--category", "消费电子")
SHOWN = [
    ("policy", "show"),
    ("policy", "show", "base_tiers"),
    ("policy", "show", "--policy", "own.toml"),
    ("policy", "diff", "2024-01-01", "2024-09-20"),
    ("policy", "impact", "orders.csv", "内置", "own.toml", "--by", "country"),
    ("functions",),
    ("functions", "ORDERTABLE"),
    ("functions", "DEPOSITTRIGGER"),
    ("facts",),
    ("quote", "--paid", "100", "--logistics", "22.6", "--inbound-days", "3", "--cost", "30"),
    ("quote", "--paid", "100", "--logistics", "22.6", "--policy", "own.toml"),
    ("batch", "orders.csv", "-o", "result.xlsx"),
    ("batch", "orders.csv", "bill.csv", "-o", "results"),
    ("reconcile", "orders.csv", "bill.csv"),
    ("import", "orders.csv", "-o", "all.csv"),
    ("rates", "validate", "card.csv"),
    ("rates", "import", "card.csv", "-o", "card2.csv"),
    ("eligible", "--age", "200", "--sell-through", "70%"),
    ("deposit", "--base", "5000", "--risk", "1.3", "--shop-rate", "1.2%", "--category-rate", "1%",
     "--channel", "payoneer", "--notice", "2024-10-08 09:30"),
    ("base", "--orders", "300", "--category", "服饰"),
    ("triggers", "--category", "消费电子", "--weekly-growth", "40%", "--weekly-growth", "38%"),
    ("ready", "--licence-days", "100", "--entity", "个体户"),
    ("limit", "--budget", "1000", "--base", "500", "--risk", "0.8", "--category-rate", "1%"),
    ("room", *TWO_WEEKS, "--parcels", "1000", "--late", "40"),
    ("calendar", "--approved", "2024-09-30 10:00", "--amount", "5000", "--yearly-rate", "6%"),
    ("savings", "--country", "西班牙", "--weight", "100", "--inbound-days", "5"),
    ("deadlines", "--approved", "2024-09-30 10:00"),
    ("new", "book.xlsx"),
    ("addin", "status"),
    # What goes wrong is told within the width too.
    ("quote", "--paid", "abc"),
    ("batch", "nowhere.csv"),
    ("update", "orders.csv"),
    ("policy", "validate", "orders.csv"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("orders.csv", ORDERS),
        ("bill.csv", BILL),
        ("own.toml", OWN),
        ("card.csv", CARD),
    ):
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


def too_wide(text: str) -> list[str]:
    """Lines wider than 80 columns, but for a path that stands alone: it is not broken."""
    return [
        line
        for line in text.splitlines()
        if cell_len(line) > 80 and not (line.lstrip().startswith("/") and " " not in line.strip())
    ]


def commands(command: click.Command, context: click.Context) -> Iterator[list[str]]:
    yield context.command_path.split()[1:]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below
            yield from commands(below, click.Context(below, parent=context, info_name=name))


@pytest.mark.parametrize("lang", LANGS)
def test_every_help(capsys: CAPSYS, lang: Lang) -> None:
    whole = _Sellersheet(lang)
    named = list(commands(whole, click.Context(whole, info_name="sellersheet")))
    assert len(named) > 34
    for words in named:
        piped = call(capsys, *words, "--help", "--lang", lang)
        assert piped.code == 0
        assert not too_wide(piped.out), words
        # Nothing is listed that is not told.
        assert not re.search(r"^  [][A-Z_.]+$", piped.out, re.MULTILINE), words
    # A wider terminal is used, up to a width that is still read easily.
    lines = call(capsys, "batch", "--help", "--lang", lang, columns=200).out.splitlines()
    assert 80 < max(map(cell_len, lines)) <= 100


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("lang", LANGS)
def test_everything_shown_on_a_terminal(capsys: CAPSYS, lang: Lang) -> None:
    assert SHOWN
    for words in SHOWN:
        shown = call(capsys, *words, "--lang", lang, columns=80)
        assert shown.out or shown.err
        assert "Traceback" not in shown.err
        assert not too_wide(shown.out), words
        assert not too_wide(shown.err), words


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("lang", LANGS)
def test_tables_in_a_pipe_too(capsys: CAPSYS, lang: Lang) -> None:
    """A sentence stays a line there, for programs that look for it."""
    for words in (("policy", "show"), ("functions",), ("batch", "orders.csv")):
        shown: Called = call(capsys, *words, "--lang", lang)
        tables = [line for line in shown.out.splitlines() if "  " in line.strip()]
        assert len(tables) > 3
        assert not too_wide("\n".join(tables)), words


@pytest.mark.usefixtures("folder")
def test_update_and_undo(capsys: CAPSYS) -> None:
    frame = pd.read_csv("orders.csv")
    frame.to_excel("book.xlsx", sheet_name="订单", index=False)
    for lang in LANGS:
        for words in (("update", "book.xlsx"), ("undo", "book.xlsx")):
            shown = call(capsys, *words, "--lang", lang, columns=80)
            assert shown.out
            assert not too_wide(shown.out + shown.err), words


def test_nothing_is_lost_when_folded() -> None:
    text = "每单 ¥5.20，大件另加 ¥2.80（F2、F3）；100 % of “the fee”，/tmp/一个 文件夹/a.xlsx。"
    for width in range(6, 90):
        lines = fold(text, width)
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert not [line for line in lines if line[0] in "，。；、）”%" or line[-1] in "（“"]
        assert all(columns_of(line) <= max(width, 17) for line in lines)


def test_columns_keep_their_places() -> None:
    rows = [["半托管", "12.00", "一段很长的说明文字，" * 5], ["b", "1,234.00", "short"]]
    lines = table_lines(["名称", "金额", "说明"], rows, 60, right=frozenset({1}))
    assert lines[3].startswith("半托管     12.00  一段很长")
    assert lines[-2] == "b       1,234.00  short"
    assert max(map(cell_len, lines)) == 60
    # Where even that is too narrow: a row at a time, nothing left out.
    narrow = table_lines(["名称", "金额", "说明"], rows, 25, right=frozenset({1}))
    assert narrow[1:3] == ["半托管", "  金额  12.00"]
    assert max(map(cell_len, narrow)) <= 25
