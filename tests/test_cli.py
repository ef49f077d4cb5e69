"""Every command as a seller types it: right, wrong, in Chinese and in English."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import sellersheet
from sellersheet.wording import LANGS, Lang
from sellersheet_addin.cli import main as entry
from sellersheet_addin.cli.say import SAY, percent, yuan
from tests.command_line import Called, call
from tests.grids import read_frame

COMMANDS = (
    *("demo", "quote", "import", "batch", "reconcile", "deposit", "eligible", "policy"),
    *("base", "triggers", "ready", "deadlines", "facts"),
    *("limit", "room", "calendar", "savings"),
    *("rates", "functions", "update", "undo", "share", "new", "addin"),
)
HELPED = [
    *([name] for name in COMMANDS),
    *(["policy", name] for name in ("show", "validate", "diff", "impact")),
    *(["rates", name] for name in ("validate", "import")),
    *(["addin", name] for name in ("install", "uninstall", "status", "selfcheck")),
]
DEPOSIT = ("deposit", "--risk", "1.3", "--category-rate", "1%")
CAPSYS = pytest.CaptureFixture[str]


def _process(*words: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    code = "from sellersheet_addin.cli import main; main()"
    kept = {"PATH", "SYSTEMROOT", "HOME", "PYTHONPATH"}
    environment = {name: value for name, value in os.environ.items() if name in kept}
    environment |= {"SELLERSHEET_LANG": "zh", "PYTHONUTF8": "1", **more.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        capture_output=True, encoding="utf-8", timeout=60, env=environment, check=False, **more,
    )  # fmt: skip


def _own(folder: Path) -> Path:
    file = folder / "own.toml"
    file.write_text('[values.rush_fee]\nvalue = "4.00"\nreason = "新合同"\n', encoding="utf-8")
    return file


# Help.


@pytest.mark.parametrize("words", HELPED, ids=" ".join)
def test_help_is_in_one_language(capsys: CAPSYS, words: list[str]) -> None:
    chinese = call(capsys, "--lang", "zh", *words, "--help")
    assert chinese.code == 0
    assert chinese.out.startswith(f"用法：sellersheet {' '.join(words)} [选项]")
    for english in ("Usage", "Options", "Commands", "Show this", "required", "OPTIONS"):
        assert english not in chinese.out
    english_help = call(capsys, *words, "-h", "--lang", "en").out
    assert english_help.startswith(f"Usage: sellersheet {' '.join(words)} [OPTIONS]")
    assert not re.search("用法|选项|必填|命令", english_help)


@pytest.mark.parametrize("words", [[], ["policy"], ["rates"]], ids=" ".join)
def test_a_group_alone_shows_its_help(capsys: CAPSYS, words: list[str]) -> None:
    alone = call(capsys, *words, "--lang", "zh")
    assert alone == call(capsys, *words, "--help", "--lang", "zh")
    assert (alone.code, alone.err) == (0, "")
    assert "命令：" in alone.out


def test_examples_stand_one_a_line(capsys: CAPSYS) -> None:
    for words in ([], *HELPED):
        shown = call(capsys, "--lang", "en", *words, "--help").out
        if "Examples:" in shown:
            lines = shown.split("Examples:\n")[1].splitlines()
            assert lines[0].startswith("  sellersheet ")
            # The rest of a long one stands deeper and begins with an option.
            assert all(re.match(r"  sellersheet |      -", line) for line in lines)
    assert "  sellersheet demo\n" in call(capsys, "--lang", "en").out


def test_version(capsys: CAPSYS) -> None:
    assert call(capsys, "--version").out == f"sellersheet {sellersheet.__version__}\n"


@pytest.mark.parametrize("lang", LANGS)
def test_texts_are_whole(lang: Lang) -> None:
    for code, texts in SAY.messages.items():
        assert texts[lang].strip(), code
    half_width = re.compile(r"[一-鿿”》][,;:!?]|[,;:!?)][一-鿿“《]")
    assert not [code for code, texts in SAY.messages.items() if half_width.search(texts["zh"])]


# Wrong calls.

WRONG = [
    (["bath"], "没有“bath”这个命令，是否要用 batch", 'no command "bath"; perhaps batch'),
    (["xyz"], "没有“xyz”这个命令。", 'no command "xyz".'),
    (["policy", "shw"], "是否要用 show。请看 sellersheet policy --help", "perhaps show is meant"),
    (
        ["quote"],
        "缺少选项 --paid。请看 sellersheet quote --help。",
        "The option --paid is missing.",
    ),
    (["batch"], "缺少 IN。", "IN is missing."),
    (["quote", "--payd", "1"], "没有 --payd 这个选项，是否要用 --paid", "perhaps --paid is meant"),
    (["quote", "--paid", "x"], "--paid 的值不可用：“x”不是可用的数", "“x” is not a usable number"),
    (["quote", "--paid", "1", "2"], "多余的内容“2”", 'Unexpected text "2"'),
    (["quote", "--paid", "1", "--date", "2024-13-01"], "“2024-13-01”不是日期", "is not a date"),
    ([*DEPOSIT, "--base", "1", "--shop-rate", "65"], "65 应写 65% 或 0.65", "for 65 write 65%"),
    (
        [*DEPOSIT, "--base", "1", "--shop-rate", "1%", "--channel", "visa"],
        "支付渠道“visa”不可用",
        'channel "visa" can\'t be used',
    ),
    (
        [*DEPOSIT, "--base", "1", "--shop-rate", "1%", "--notice", "soon"],
        "无法识别时间“soon”",
        "soon",
    ),
    (["eligible"], "没有填写店铺的任何情况", "Nothing about the shop"),
    (["policy", "show", "rush"], "rush_fee", "rush_fee"),
    (["policy", "diff", "2024-07-01", "x"], "“x”不是日期", "“x” is not a date"),
    (["policy", "validate", "no.toml"], "找不到这个文件", "no.toml"),
    (["quote", "--paid", "1", "--fx", "USD"], "汇率“USD”的写法不对", '"USD" can\'t be used'),
    (["quote", "--paid", "1", "--fx", "USD=0"], "汇率“0”不可用", "rate “0” of USD"),
    (["batch", "", "-o", "x.csv"], "有一个文件名是空的", "the name of a file is empty"),
    (["batch", "a.csv", "b.csv", "-o", "x.csv"], "不能是文件 x.csv", "not the file x.csv"),
    (["batch", "a.csv", "--header-row", "1x"], "“1x”不是 1 到 100 的整数", '"1x" is not a whole'),
    (["new", "x.xlsx", "--rows", "0"], "“0”不是 1 到 1,000,000 的整数", '"0" is not a whole'),
    (["batch", "a.csv", "--headers", "keys"], "“keys”不在可选项中", '"keys" is not one of'),
    (["rates", "import", "no.csv", "-o", "x.csv"], "找不到文件 no.csv", "no file no.csv"),
]


@pytest.mark.parametrize(("words", "zh", "en"), WRONG, ids=lambda item: " ".join(item)[:40])
def test_a_wrong_call_is_told_in_a_sentence(
    capsys: CAPSYS, words: list[str], zh: str, en: str
) -> None:
    for lang, said in (("zh", zh), ("en", en)):
        shown = call(capsys, *words, "--lang", lang)
        assert (shown.code, shown.out) == (2, "")
        assert said in shown.err
        assert "Traceback" not in shown.err
        assert shown.err.count("\n") == 1


def test_options_without_a_value_or_with_a_wrong_language(
    capsys: CAPSYS, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELLERSHEET_LANG", "zh")
    assert "选项 --paid 缺少值" in call(capsys, "quote", "--paid").err
    assert (
        "--lang 的值不可用：“fr”不在可选项中，请写 zh / en"
        in call(capsys, "demo", "--lang", "fr").err
    )
    monkeypatch.setenv("SELLERSHEET_LANG", "en")
    assert "option --version lacks its value, or takes none" in call(capsys, "--version=3").err


# Problems that are nobody's call.


def test_a_mistake_of_the_program_is_one_sentence(
    capsys: CAPSYS, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("odd")

    monkeypatch.setattr("sellersheet_addin.cli.quote.compute_orders", broken)
    shown = call(capsys, "quote", "--paid", "1", "--lang", "en")
    assert shown.code == 2
    assert "RuntimeError: odd" in shown.err
    assert "SELLERSHEET_DEBUG=1" in shown.err
    assert "Traceback" not in shown.err
    monkeypatch.setenv("SELLERSHEET_DEBUG", "1")
    assert "Traceback" in call(capsys, "quote", "--paid", "1").err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (MemoryError(), 2, "内存不足"),
        (OSError(5, "Input/output error", "E:\\订单.csv"), 2, "Input/output error）：E:\\订单.csv"),
        (KeyboardInterrupt(), 130, "已中断"),
    ],
    ids=["memory", "disk", "Ctrl-C"],
)
def test_the_system_says_no(
    capsys: CAPSYS, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("sellersheet_addin.cli.quote.compute_orders", broken)
    shown = call(capsys, "quote", "--paid", "1", "--lang", "zh")
    assert shown.code == code
    assert said in shown.err
    assert shown.err.count("\n") == 1


# Commands.


def _parts(shown: Called) -> dict[str, str]:
    """Rule -> amount of a quote's table."""
    rows = re.findall(r"\((F[\dF, ]+)\)\s+(-?¥[\d.,]+|—)", shown.out)
    return dict(rows)


GOLDEN = [
    ([], "31.30"),
    (["--inbound-days", "4"], "34.30"),
    (["--inbound-days", "3"], "31.30"),
    (["--standard-box", "否"], "32.80"),
    (["--standard-box", "no", "--inbound-days", "4"], "35.80"),
    (["--standard-box", "N", "--inbound-days", "4", "--parcel", "大件"], "38.60"),
    (["--return", "buyer", "--refund", "100"], "26.10"),
    (["--return", "卖家责任", "--refund", "100"], "32.10"),
]


@pytest.mark.parametrize(("more", "total"), GOLDEN, ids=lambda item: " ".join(item))
def test_quote_golden(capsys: CAPSYS, more: list[str], total: str) -> None:
    words = ("quote", "--paid", "100", "--logistics", "22.60", "--date", "2024-08-01", *more)
    shown = call(capsys, *words, "--lang", "zh")
    assert shown.code == 0
    assert f"费用合计：¥{total}\n" in shown.out
    assert f"Total fees: ¥{total}\n" in call(capsys, *words, "--lang", "en").out
    parts = _parts(shown)
    assert len(parts) == 7
    amounts = [float(text.replace("¥", "")) for text in parts.values()]
    assert sum(amounts) == pytest.approx(float(total))


def test_quote_tells_arithmetic_standing_source_and_note(capsys: CAPSYS) -> None:
    shown = call(
        capsys, "quote", "--paid", "¥1,000.00", "--logistics", "22.6", "--inbound-days", "3",
        "--cost", "300", "--lang", "zh",
    )  # fmt: skip
    for text in (
        "实付 1,000.00 × 3.5 %",
        "入仓 T+3；> 3 天收",
        "原文写明",
        "按填写的系统报价",
    ):
        assert text in shown.out
    assert "(1) 《速卖通半托管模式详解》" in shown.out
    assert "毛利：¥637.20 (63.7%)" in shown.out
    assert "提示：入仓 T+2、T+3 原文未说明" in shown.out


def test_quote_by_the_shipped_card(capsys: CAPSYS) -> None:
    words = (
        "quote",
        "--paid",
        "100",
        "--country",
        "西班牙",
        "--date",
        "2024-08-01",
        "--lang",
        "en",
    )
    assert "Total fees: ¥31.30" in call(capsys, *words, "--weight", "89").out
    unknown = call(capsys, *words, "--weight", "90")
    assert unknown.code == 0
    assert "Total fees: —" in unknown.out
    assert "no band of the rate card" in unknown.out


def test_quote_in_dollars(capsys: CAPSYS) -> None:
    words = ("quote", "--paid", "US $10", "--logistics", "20", "--date", "2024-08-01")
    assert "费用合计：¥27.69" in call(capsys, *words, "--fx", "USD=7.1", "--lang", "zh").out
    refused = call(capsys, *words, "--lang", "zh")
    assert refused.code == 1
    assert "--fx USD=7.1" in refused.err


def test_quote_before_the_rules(capsys: CAPSYS) -> None:
    words = ("quote", "--paid", "100", "--logistics", "20", "--date")
    assert call(capsys, *words, "2024-07-01").code == 0
    refused = call(capsys, *words, "2024-06-30", "--lang", "en")
    assert (refused.code, refused.out) == (1, "")
    assert "before the first rules on record (2024-07-01)" in refused.err


def test_what_was_replaced_is_told_wherever_the_value_is_shown(
    capsys: CAPSYS, tmp_path: Path
) -> None:
    own = _own(tmp_path)
    order = ("quote", "--paid", "100", "--logistics", "22.60", "--inbound-days", "5")
    quoted = call(capsys, *order, "--policy", own, "--lang", "zh")
    assert "费用合计：¥35.30" in quoted.out
    assert "自定义：加急操作费（延迟入仓） ¥4.00，原为 ¥3.00" in quoted.out
    assert str(own) in quoted.out
    assert "自定义" not in call(capsys, *order, "--lang", "zh").out
    told = call(capsys, "policy", "show", "rush_fee", "--policy", own, "--lang", "zh").out
    for text in ("数值：¥4.00", "依据：自定义", "被替换的值：¥3.00", "替换原因：新合同"):
        assert text in told
    listed = call(capsys, "policy", "show", "--policy", own, "--lang", "en").out
    assert "¥4.00 (was ¥3.00)" in listed
    assert "¥3.00 → ¥4.00" in call(capsys, "policy", "validate", own).out


def test_policy_show_and_diff(capsys: CAPSYS) -> None:
    shown = call(capsys, "policy", "show", "--lang", "en").out
    assert re.search(r"F1 +\S.* 3\.5 % +stated.*\n(.*\n)? +service_fee_rate", shown)
    assert "assumed" in shown
    assert "No official text was found" in shown
    several = call(capsys, "policy", "show", "rush_fee", "repack_fee", "--lang", "zh").out
    assert several.count("生效：2024-07-01") == 2
    changed = call(capsys, "policy", "diff", "2024-06-30", "2024-07-01", "--lang", "zh").out
    assert re.search(r"加急操作费.* — +¥3\.00\n +rush_fee", changed)
    assert (
        "没有变化" in call(capsys, "policy", "diff", "2024-08-01", "2024-08-02", "--lang", "zh").out
    )
    before = call(capsys, "policy", "show", "rush_fee", "--as-of", "2024-06-30", "--lang", "en").out
    assert "¥3.00" not in before


DEPOSITS = [
    ("500", "0.8", "1%", "1%", "$900.00"),
    ("500", "1.3", "1.5%", "1%", "$1,725.00"),
    ("500", "1.3", "0.5%", "1%", "$575.00"),
    ("5000", "1.3", "2%", "1%", "$17,250.00"),
    ("1000", "0", "1.21%", "1.00%", "$1,210.00"),
    ("1000", "0", "3%", "1%", "$1,500.00"),
]


@pytest.mark.parametrize(("base", "risk", "shop", "mean", "amount"), DEPOSITS)
def test_deposit_golden(
    capsys: CAPSYS, base: str, risk: str, shop: str, mean: str, amount: str
) -> None:
    words = ("--base", base, "--risk", risk, "--shop-rate", shop, "--category-rate", mean)
    shown = call(capsys, "deposit", *words, "--lang", "zh")
    assert shown.code == 0
    assert f"订单押金：{amount}\n" in shown.out
    assert ("（D5）" in shown.out) == (amount == "$17,250.00")


def test_deposit_plan_and_due_time(capsys: CAPSYS) -> None:
    words = (*DEPOSIT, "--base", "5000", "--shop-rate", "1.2%", "--notice", "2024/10/08 09:30")
    plan = call(capsys, *words, "--channel", "payoneer", "--lang", "zh").out
    assert plan.count("$1,990.05") == 6
    assert "$1,859.70" in plan
    assert plan.count("2024-10-11 09:30") == 7
    assert "付款期限：2024-10-11 09:30" in call(capsys, *words, "--lang", "zh").out
    early = call(capsys, *words, "--as-of", "2020-01-01", "--lang", "zh")
    assert early.code == 1
    assert "日期早于规则" in early.err


SHOP = ("eligible", "--age", "180", "--violations", "0", "--sell-through", "65%")
PASSED = (*SHOP, "--positive", "95.5%", "--warehouse", "菜鸟优选仓义乌")


def test_eligible(capsys: CAPSYS) -> None:
    passed = call(capsys, *PASSED, "--lang", "zh")
    assert passed.code == 0
    assert "所查各项都通过" in passed.out
    assert passed.out.count(" 通过 ") == 5
    assert passed.out.count("未查") == 6
    failed = call(capsys, *PASSED, "--category", "医疗器械", "--lang", "en").out
    assert "Not eligible" in failed
    assert failed.count("FAIL") == 1
    assert "不能判定" in call(capsys, *SHOP, "--lang", "zh").out


def test_demo(capsys: CAPSYS, tmp_path: Path) -> None:
    for lang, orders, result in (
        ("zh", "示例订单.csv", "示例结果.xlsx"),
        ("en", "sample-orders.csv", "sample-result.xlsx"),
    ):
        shown = call(capsys, "demo", "-o", tmp_path / "new" / lang, "--lang", lang)
        assert (shown.code, shown.err) == (0, "")
        target = tmp_path / "new" / lang / result
        assert {"zh": "不是真实订单", "en": "invented"}[lang] in shown.out
        assert "¥26,028.40" in shown.out
        assert "¥10,708.77" in shown.out
        assert str(target) in shown.out.replace("\n", "")
        assert "sellersheet batch" in shown.out
        assert len(read_frame(tmp_path / "new" / lang / orders).frame) == 200
        assert len(read_frame(target, sheet={"zh": "订单", "en": "Orders"}[lang]).frame) == 200
    assert call(capsys, "demo", "-o", target).code == 2


def test_rates_import_then_use(capsys: CAPSYS, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["某货代 2024 年 10 月报价"],
        ["国家/地区", "渠道", "重量段(KG)", "运费(元/KG)", "挂号费(元/票)"],
        ["西班牙 Spain", "挂号", "0<W≤0.3", 98, 22],
        [None, None, "0.3<W≤0.75", 95, 20],
        ["火星 Mars", "挂号", "0-0.3", 1, 1],
        ["法国", "挂号", "0.3KG以上", 1, 1],
    ):
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    sheet.merge_cells("B3:B4")
    source, card = tmp_path / "报价.xlsx", tmp_path / "费率.csv"
    book.save(source)
    needed = call(capsys, "rates", "import", source, "-o", card, "--lang", "zh")
    assert (needed.code, card.exists()) == (2, False)
    assert "--start 2024-10-01" in needed.err
    done = call(
        capsys, "rates", "import", source, "-o", card, "--start", "2024-10-01", "--lang", "zh"
    )
    assert done.code == 1
    for text in ("2 个合并单元格", "第 5 行“国家/地区”：“火星 Mars”", "无法识别重量段“0.3KG以上”"):
        assert text in done.out
    assert f"已写出 2 行：{card}" in done.out
    sound = call(capsys, "rates", "validate", card, "--lang", "en")
    assert sound.code == 0
    assert "2 valid rows, 1 line, destinations: ES Spain" in sound.out
    words = ("quote", "--paid", "100", "--country", "ES", "--weight", "250", "--rates", card)
    assert "¥46.50" in call(capsys, *words, "--date", "2024-10-01", "--lang", "zh").out
    before = call(capsys, *words, "--date", "2024-09-30", "--lang", "zh")
    assert "日期早于该线路费率的生效日期" in before.out


def test_rates_import_by_named_columns(capsys: CAPSYS, tmp_path: Path) -> None:
    source, card = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_text("Land,区间,最终价\nES,0-300g,98\n", encoding="utf-8")
    words = ("rates", "import", source, "-o", card, "--start", "2024-10-01", "--lang", "en")
    named = ("--column", "Land=country", "--column", "区间=band", "--column", "最终价=per_kg")
    done = call(capsys, *words, *named)
    assert (done.code, done.err) == (0, "")
    with card.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == ["ES", "0", "300", "98", "2024-10-01"]
    wrong = call(capsys, *words, "--column", "Land=land")
    assert wrong.code == 2
    assert "country" in wrong.err
    assert "“Lnd”" in call(capsys, *words, "--column", "Lnd=country").err


def test_a_card_with_faults_is_told_and_not_used(capsys: CAPSYS, tmp_path: Path) -> None:
    card = tmp_path / "card.csv"
    card.write_text(
        "country,from_g,to_g,per_kg,start\nES,0,300,98,2024-07-01\nES,200,500,90,2024-07-01\n",
        encoding="utf-8",
    )
    checked = call(capsys, "rates", "validate", card, "--lang", "en")
    assert checked.code == 1
    assert "Rows 2 and 3 overlap" in checked.out
    used = call(capsys, "quote", "--paid", "1", "--rates", card, "--lang", "en")
    assert used.code == 2
    assert "sellersheet rates validate" in used.err


# The program as it is started.


def test_as_a_program(tmp_path: Path) -> None:
    orders = tmp_path / "订单.csv"
    orders.write_text("实付金额,系统报价\n100,22.60\nabc,1\n", encoding="gb18030")
    done = _process("batch", orders.name, cwd=tmp_path)
    assert done.returncode == 1
    assert "2 行，2 单：实付 ¥100.00，费用合计 ¥31.30（31.3%）" in done.stdout
    assert "结果：订单-结果.xlsx" in done.stdout
    assert {file.name for file in tmp_path.iterdir()} == {
        "订单.csv", "订单-结果.xlsx", "订单-结果-问题行.csv",
    }  # fmt: skip
    missing = _process("batch", "无.csv", "--lang", "en", cwd=tmp_path)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr == "There is no file 无.csv. Check its name and folder.\n"


def test_long_lines_are_whole_and_plain_in_a_pipe(tmp_path: Path) -> None:
    folder = tmp_path / ("很长的文件夹名" * 8)
    folder.mkdir()
    orders = folder / "orders.csv"
    orders.write_text("paid,logistics\n100,22.60\n", encoding="utf-8")
    done = _process("batch", orders, "-o", folder / "结果.csv")
    assert done.returncode == 0
    assert f"结果：{folder / '结果.csv'}\n" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_a_closed_pipe_ends_quietly() -> None:
    code = (
        "import os, sys; read, write = os.pipe(); os.close(read); os.dup2(write, 1); "
        "from sellersheet_addin.cli import main; main()"
    )
    words = [sys.executable, "-c", code, "policy", "show"]
    done = subprocess.run(words, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_old_code_page_gets_the_nearest_sign() -> None:
    words = ("quote", "--paid", "100", "--logistics", "22.60", "--lang", "zh")
    environment = {**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
    code = "from sellersheet_addin.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, env=environment,
        timeout=60, check=True,
    )  # fmt: skip
    assert "费用合计：￥31.30" in done.stdout.decode("gbk")


def test_help_loads_no_pandas() -> None:
    code = "import sys; from sellersheet_addin.cli import main\ntry: main(['--help'])\nfinally: "
    code += "assert 'pandas' not in sys.modules"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("colour", "found"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_only_in_a_terminal_that_wants_them(
    monkeypatch: pytest.MonkeyPatch, colour: dict[str, str], found: bool
) -> None:
    import pty

    read, write = pty.openpty()
    code = "from sellersheet_addin.cli import main; main()"
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment |= {"TERM": "xterm", **colour}
    subprocess.run(
        [sys.executable, "-c", code, "quote"], stderr=write, stdout=write, env=environment,
        timeout=60, check=False,
    )  # fmt: skip
    os.close(write)
    shown = os.read(read, 4096)
    os.close(read)
    assert (b"\x1b[31m" in shown) == found


def test_amounts_as_they_are_shown() -> None:
    assert yuan(1234.5) == "¥1,234.50"
    assert yuan(-0.8) == "-¥0.80"
    assert (yuan(float("nan")), percent(None)) == ("—", "—")
    assert percent(0.12345) == "12.3%"
    assert callable(entry)


def test_ctrl_c_while_libraries_are_loaded_is_no_traceback() -> None:
    stopped = """if True:
        import builtins
        plain = builtins.__import__
        def loaded(name, *more):
            if name == "click":
                raise KeyboardInterrupt
            return plain(name, *more)
        builtins.__import__ = loaded
        import sellersheet_addin.cli
    """
    done = subprocess.run([sys.executable, "-c", stopped], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
