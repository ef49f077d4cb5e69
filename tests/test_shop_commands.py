"""One question, one answer in every way in: eligibility with its flags, triggers, readiness, base
tiers, documents, channels and coefficients on the command line."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pandas as pd
import pytest

import sellersheet
from sellersheet.functions import (
    CATEGORYCHECK,
    DEPOSITPLAN,
    DEPOSITTRIGGER,
    ELIGIBLE,
    ELIGIBLE_DETAIL,
    FAILCODE,
    ORDERDEPOSIT,
    POLICYVALUE,
)
from sellersheet.functions.registry import FUNCTIONS
from sellersheet.policy import load
from tests.command_line import call
from tests.excel_cases import column as upright

CAPSYS = pytest.CaptureFixture[str]
GOOD: dict[str, Any] = {
    "shop_age_days": 200,
    "violations_90d": 0,
    "sell_through": 0.7,
    "positive_rate": 0.96,
    "warehouse": "菜鸟优选仓义乌",
}
SHOP = (
    "eligible",
    "--age",
    "200",
    "--violations",
    "0",
    "--sell-through",
    "70%",
    "--positive",
    "96%",
    "--warehouse",
    "菜鸟优选仓义乌",
)
FLAGS = ("battery", "magnetic", "medical")


def row_of(table: list[list[Any]], rule: str) -> list[Any]:
    (row,) = (row for row in table if f"（{rule}）" in str(row[0]))
    return row


class TestBarredGoods:
    @pytest.mark.parametrize("flag", FLAGS)
    @pytest.mark.parametrize("category", ["LED台灯", "风筝", None])
    def test_a_yes_is_fail_in_every_way_in(
        self, flag: str, category: str | None, capsys: CAPSYS
    ) -> None:
        given = {**GOOD, "category": category, flag: True}
        assert ELIGIBLE(**given) is False
        table = ELIGIBLE_DETAIL(**given)
        row = row_of(table, "E9")
        assert row[3] == table[-1][3] == "FAIL"
        assert "禁入商品" in row[4] or "禁入" in row[4]
        frame = sellersheet.eligibility(pd.DataFrame([given]), lang="zh").iloc[0]
        assert (frame["E9"], frame["eligible"]) == ("FAIL", "FALSE")
        words = ("--category", category) if category else ()
        shown = call(capsys, *SHOP, *words, f"--{flag}", "是", "--lang", "zh").out
        assert "不能开通" in shown
        assert shown.count(" 不通过 ") == 1
        assert not re.search("PASS|FAIL|UNKNOWN", shown)
        if category:
            assert CATEGORYCHECK(category, **{flag: True}) == "FAIL"

    def test_answers_of_no_and_blanks(self) -> None:
        no = dict.fromkeys(FLAGS, False)
        assert ELIGIBLE(**GOOD, category="LED台灯", **no) is True
        assert ELIGIBLE(**GOOD, category="LED台灯") is True
        assert ELIGIBLE(**GOOD) is True
        assert ELIGIBLE(**GOOD, **no) == "#N/A"
        assert ELIGIBLE(**GOOD, category="风筝", **no) == "#N/A"
        assert row_of(ELIGIBLE_DETAIL(**GOOD, category="LED台灯", **no), "E9")[2:] == [
            "LED台灯、医疗器械：否、内置电池：否、含磁性：否",
            "PASS",
            "",
        ]
        for flag in FLAGS:
            assert ELIGIBLE(**GOOD, category="LED台灯", **{flag: "也许"}) == "#VALUE!"
            assert flag in ELIGIBLE_DETAIL(**GOOD, **{flag: "也许"})[0][4]

    def test_that_flags_were_not_asked_is_said(self, capsys: CAPSYS) -> None:
        todo = row_of(ELIGIBLE_DETAIL(**GOOD, category="LED台灯", battery=False), "E9")[4]
        assert todo == "没有问：医疗器械、含磁性；任一为“是”即禁入。"
        frame = pd.DataFrame([{**GOOD, "category": "LED台灯"}, {**GOOD, "category": ""}])
        found = sellersheet.eligibility(frame, lang="zh")
        assert found["reason"].str.contains("没有问").tolist() == [True, False]
        assert found["status"].tolist() == ["提示", "正常"]
        assert "没有问" in call(capsys, *SHOP, "--category", "LED台灯", "--lang", "zh").out

    def test_rows_beside_rows(self) -> None:
        given = {**GOOD, "category": upright("LED台灯", "LED台灯", "手机壳", None)}
        flags = upright(True, False, None, True)
        assert ELIGIBLE(**given, battery=flags) == [(False,), (True,), (True,), (False,)]
        frame = pd.DataFrame({**GOOD, "category": ["LED台灯", "LED台灯"], "内置电池": ["是", "否"]})
        assert sellersheet.eligibility(frame, lang="en")["eligible"].tolist() == ["FALSE", "TRUE"]

    def test_a_list_of_ones_own_decides_which_flags_bar(self, tmp_path: Any) -> None:
        file = tmp_path / "own.toml"
        record = '{ zh = "医疗器械", en = "Medical", aliases = ["medical"], flag = "medical" }'
        file.write_text(f"[values.barred_categories]\nvalue = [{record}]\n", encoding="utf-8")
        policy = sellersheet.load_policy(file)
        shops = pd.DataFrame([{**GOOD, "category": "LED台灯", flag: True} for flag in FLAGS])
        found = sellersheet.eligibility(shops, policy=policy, lang="en")["E9"]
        assert found.tolist() == ["PASS", "PASS", "FAIL"]


class TestDocuments:
    def test_on_the_command_line(self, capsys: CAPSYS) -> None:
        papers = (
            "--document",
            "营业执照=24",
            "--document",
            "法人身份证",
            "--document",
            "对公账户流水=60000,50000,70000",
            "--document",
            "半托管服务协议=有",
        )
        whole = call(capsys, *SHOP, *papers, "--entity", "企业", "--lang", "zh")
        assert (whole.code, whole.err) == (0, "")
        assert "所查各项都通过；E8" in whole.out
        assert "立即开通" in whole.out
        lone = call(capsys, *SHOP, *papers, "--entity", "个体户", "--lang", "zh").out
        assert "不能判定" in lone
        assert "经营场所证明" in lone
        short = call(capsys, *SHOP, *papers[:-2], "--document", "协议=无", "--lang", "zh").out
        assert "不能开通" in short
        poor = call(capsys, *SHOP, "--document", "流水=60000,49999,70000", "--lang", "en").out
        assert "Every month must have" in poor

    @pytest.mark.parametrize(
        ("item", "told"),
        [("护照=有", "“护照”不认识"), ("营业执照=很久", "不可用"), ("流水=许多", "documents")],
    )
    def test_wrong_ones(self, item: str, told: str, capsys: CAPSYS) -> None:
        shown = call(capsys, *SHOP, "--document", item, "--lang", "zh")
        assert shown.code == 2
        assert told in shown.err


class TestSigns:
    def test_triggers(self, capsys: CAPSYS) -> None:
        words = ("triggers", "--category", "消费电子", "--weekly-growth", "40%")
        one = call(capsys, *words, "--lang", "zh")
        assert one.code == 0
        assert "不能判定" in one.out
        two = call(capsys, *words, "--weekly-growth", "0.38", "--lang", "zh").out
        assert "会进入押金审核：" in two
        calm = call(
            capsys,
            "triggers",
            "--category",
            "消费电子",
            "--weekly-growth",
            "0",
            "--weekly-growth",
            "0",
            "--flash-first",
            "no",
            "--fulfilment",
            "99%",
            "--lang",
            "en",
        ).out
        assert "Nothing triggers." in calm

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ((), "没有填写任何情况"),
            (("--weekly-growth", "30"), "多半是把 30 % 写成了 30；请写 30% 或 0.3"),
            (("--monthly-growth", "许多"), "monthly_growth"),
            (("--price", "30元"), "“30元”"),
            (("--fulfilment", "95"), "“95”"),
            (("--battery", "也许"), "“也许”"),
        ],
    )
    def test_wrong_ones(self, words: tuple[str, ...], told: str, capsys: CAPSYS) -> None:
        shown = call(capsys, "triggers", *words, "--lang", "zh")
        assert shown.code == 2
        assert told in shown.err

    @pytest.mark.parametrize("growth", [10.000001, 30, 35.5, "3000%"])
    def test_a_percent_typed_whole_is_a_doubt(self, growth: Any) -> None:
        told = DEPOSITTRIGGER("消费电子", ((growth,), (0.4,)))
        assert told[0][:5] == ["#VALUE!"] * 5
        assert "1,000 %" in told[0][5]
        assert DEPOSITTRIGGER("消费电子", 0.4, monthly_growth=growth)[0][0] == "#VALUE!"

    def test_growths_up_to_the_doubt(self) -> None:
        for growth in (8, 10, "1000%", -1):
            assert DEPOSITTRIGGER("消费电子", ((growth,), (0.4,)))[1][4] in ("成立", "不成立")

    def test_mainly_is_a_value(self) -> None:
        def held(share: float, *own: tuple[Any, ...]) -> str:
            policy = (("name", "value"), *own) if own else None
            table = DEPOSITTRIGGER("3C", 0, battery=True, ru_br_share=share, policy=policy)
            return str(table[7][4])

        assert [held(share) for share in (0.5, 0.500000001)] == ["不成立", "成立"]
        own = ("warning_markets_share_over", 0.3)
        assert [held(share, own) for share in (0.3, 0.31)] == ["不成立", "成立"]
        assert (
            load().row("warning_markets_share_over", load().first_day("rush_fee"), "en")["standing"]
            == "assumed"
        )

    def test_ready(self, capsys: CAPSYS) -> None:
        words = (
            "ready",
            "--licence-days",
            "180",
            "--entity",
            "企业",
            "--certified",
            "是",
            "--violations",
            "0",
            "--alp",
            "是",
            "--tracking",
        )
        assert "前提齐备" in call(capsys, *words, "98.5%", "--lang", "zh").out
        short = call(capsys, *words, "98.4%", "--lang", "en").out
        assert "reviewed again in 7" in " ".join(short.split())
        assert call(capsys, "ready", "--lang", "zh").code == 2
        assert call(capsys, *words, "98.5", "--lang", "zh").code == 2

    def test_base(self, capsys: CAPSYS) -> None:
        low = ("base", "--orders", "499.83", "--category", "服饰", "--new-shop", "是", "--dsr")
        assert "基准值：$500.00" in call(capsys, *low, "4.78", "--lang", "zh").out
        assert "No tier is stated" in call(capsys, *low, "4.77", "--lang", "en").out
        high = ("base", "--orders", "6000", "--battery-3c", "是", "--category")
        assert "Base: $5,000.00" in call(capsys, *high, "3C", "--lang", "en").out
        assert "没有写明档位" in call(capsys, *high, "女装连衣裙", "--lang", "zh").out
        assert call(capsys, "base", "--orders", "6000").code == 2
        assert call(capsys, *low, "6", "--lang", "zh").code == 2
        early = call(capsys, *low, "4.78", "--as-of", "2024-06-30", "--lang", "zh")
        assert "没有写明" in early.out


class TestWords:
    @pytest.mark.parametrize(
        ("word", "code"),
        [
            ("入仓拦截", "E102"),
            ("条码未绑定", "E102"),
            ("质检驳回", "E205"),
            ("标签缺项", "E205"),
            ("Refused by quality check", "E205"),
        ],
    )
    def test_failures_by_name(self, word: str, code: str) -> None:
        assert FAILCODE(word) == FAILCODE(code)
        assert FAILCODE(upright(word, None), "remedy") == [[FAILCODE(code, "remedy")], [""]]

    def test_a_failure_without_a_code(self) -> None:
        ((cause, remedy, path),) = FAILCODE("物流断链")
        assert "已发货" in cause
        assert "已发货" in remedy
        assert "订单管理" in path
        assert FAILCODE("断链", "cause") == cause
        assert FAILCODE("E102", as_of="2024-06-30") == "#N/A"
        assert FAILCODE("E102", as_of="明天") == "#VALUE!"

    def test_what_is_inferred_is_said(self) -> None:
        assert "推断" in FAILCODE("ERR_DEP_501", "cause")
        assert "推断" in FAILCODE("ERR_DEP_501", "remedy")

    @pytest.mark.parametrize("word", ["Payoneer", "payoneer", "P卡", "派安盈", "PAYONEER USD"])
    def test_payoneer_in_every_way_in(self, word: str, capsys: CAPSYS) -> None:
        assert DEPOSITPLAN(3000, word)[1][1] == 1990.05
        assert sellersheet.payment_plan(3000, word)["amount_usd"].tolist() == [1990.05, 1009.95]
        assert "$1,990.05" in self.deposit(capsys, "--channel", word).out

    @pytest.mark.parametrize("word", ["alipay", "Alipay+", "支付宝", "支付宝国际版"])
    def test_alipay_in_every_way_in(self, word: str, capsys: CAPSYS) -> None:
        assert DEPOSITPLAN(3000, word)[1][1] == 3000
        assert sellersheet.payment_plan(3000, word)["fee_usd"].tolist() == [15]
        assert "$15.00" in self.deposit(capsys, "--channel", word).out

    def deposit(self, capsys: CAPSYS, *more: str, risk: str = "2", base: str = "1000") -> Any:
        words = (
            "deposit",
            "--base",
            base,
            "--risk",
            risk,
            "--shop-rate",
            "1%",
            "--category-rate",
            "1%",
        )
        return call(capsys, *words, *more, "--lang", "zh")

    @pytest.mark.parametrize(
        ("risk", "amount"),
        [("蓝牙耳机", 2300), ("棉T恤", 1800), ("bluetooth earbuds", 2300), ("1.3", 2300)],
    )
    def test_a_stated_coefficient_by_its_category(
        self, risk: str, amount: int, capsys: CAPSYS
    ) -> None:
        assert ORDERDEPOSIT(1000, risk, 0.01, 0.01) == amount
        frame = pd.DataFrame(
            {
                "base_usd": [1000],
                "类目风险系数": [risk],
                "shop_dispute_rate": [0.01],
                "category_dispute_rate": [0.01],
            }
        )
        found = sellersheet.order_deposit(frame, lang="zh")
        assert found["deposit_usd"].tolist() == [amount]
        assert found["类目风险系数"].tolist() == [risk]
        assert f"${amount:,}.00" in self.deposit(capsys, risk=risk).out

    def test_a_category_without_one(self, capsys: CAPSYS) -> None:
        assert ORDERDEPOSIT(1000, "手机壳", 0.01, 0.01) == "#VALUE!"
        risks = upright("蓝牙耳机", "手机壳", None, 0.8)
        assert ORDERDEPOSIT(1000, risks, 0.01, 0.01) == [
            (2300,),
            ("#VALUE!",),
            ("",),
            (1800,),
        ]
        days = upright("2024-06-30", "2024-07-01")
        assert ORDERDEPOSIT(1000, "蓝牙耳机", 0.01, 0.01, days) == [("#N/A",), (2300,)]
        shown = self.deposit(capsys, risk="手机壳")
        assert shown.code == 2
        assert "--risk" in shown.err

    @pytest.mark.parametrize("amount", ["$1000", "1000美元", "US $1,000.00", "USD 1000", "1000"])
    def test_dollars(self, amount: str, capsys: CAPSYS) -> None:
        assert "$3,000.00" in self.deposit(capsys, base=amount).out

    @pytest.mark.parametrize("option", ["--paid", "--logistics", "--cost", "--other", "--refund"])
    def test_yuan_in_every_option(self, option: str, capsys: CAPSYS) -> None:
        usual = {"--paid": "100", "--logistics": "22.6", option: "100"}
        for shape in ("100元", "¥100", "100 元", "RMB 100", "人民币100元"):
            given = {**usual, option: shape}
            words = [word for pair in given.items() for word in pair]
            plain = [word for pair in usual.items() for word in pair]
            shown = call(capsys, "quote", *words, "--lang", "zh")
            assert shown.out == call(capsys, "quote", *plain, "--lang", "zh").out, shape


class TestHelp:
    def test_the_dollar_sign_and_the_day(self, capsys: CAPSYS) -> None:
        assert "--base $" in call(capsys, "deposit", "--help", "--lang", "en").out
        for name in (
            "quote",
            "deposit",
            "eligible",
            "base",
            "triggers",
            "ready",
            "deadlines",
            "facts",
            "batch",
            "scale",
            "update",
            "reconcile",
        ):
            assert "--as-of" in call(capsys, name, "--help", "--lang", "en").out, name

    def test_self_run_without_a_request_is_refused(self, capsys: CAPSYS) -> None:
        asked = call(capsys, "deadlines", "--inbound", "2024-10-08 09:00", "--self-run")
        assert (asked.code, "--request" in asked.err) == (2, True)

    def test_date_is_another_word_for_as_of(self, capsys: CAPSYS) -> None:
        words = ("quote", "--paid", "100", "--logistics", "22.6")
        shown = [call(capsys, *words, flag, "2024-08-01").out for flag in ("--as-of", "--date")]
        assert shown[0] == shown[1]
        early = call(capsys, *words, "--as-of", "2024-06-30", "--lang", "zh")
        assert early.code == 1
        assert "日期早于规则" in early.err

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_the_five_warehouses_are_named(self, lang: Any) -> None:
        (told,) = (item for item in FUNCTIONS["ELIGIBLE"].arguments if item.name == "warehouse")
        text = told.help(lang)
        for word in ("杭州", "东莞", "义乌", "递四方华东仓", "万邑通深圳仓"):
            en = {"杭州": "Hangzhou", "东莞": "Dongguan", "义乌": "Yiwu"}.get(word, word)
            assert (word if lang == "zh" else en) in text

    def test_fields_are_named(self) -> None:
        (told,) = (item for item in FUNCTIONS["POLICYVALUE"].arguments if item.name == "field")
        for field in (
            "cause",
            "remedy",
            "path",
            "value",
            "unit",
            "source",
            "standing",
            "snapshot",
            "start",
            "start_standing",
            "rule",
            "note",
            "title",
            "shown",
        ):
            assert field in told.zh
            assert field in told.en
            if field not in ("cause", "remedy", "path"):
                assert POLICYVALUE("rush_fee", None, field) not in ("#VALUE!", "#N/A")
        assert POLICYVALUE("rush_fee", None, "start_standing") == "假定"
        assert POLICYVALUE("tracking_min", None, "start_standing") == "原文写明"

    def test_a_star_brings_every_function(self) -> None:
        program = (
            "from sellersheet.functions import *\n"
            "from sellersheet.functions.registry import FUNCTIONS\n"
            "assert all(callable(globals()[name]) for name in FUNCTIONS)\n"
            "assert SEMIFEE(100, 22.6) == 31.3"
        )
        subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
