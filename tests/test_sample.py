"""The invented orders: plausible, complete, the same everywhere."""

import hashlib

import pytest

from sellersheet.columns import INPUT
from sellersheet.wording import Lang
from sellersheet_workbook.batch.sample import sample_orders


@pytest.mark.parametrize(
    ("lang", "digest"), [("zh", "54224ea75c77edb4"), ("en", "d731e0e169e28e7c")]
)
def test_the_same_orders_everywhere(lang: Lang, digest: str) -> None:
    frame = sample_orders(lang=lang)
    assert frame.shape[0] == 200
    assert set(frame.columns) <= {column.title(lang) for column in INPUT}
    text = frame.to_csv(index=False, header=False, lineterminator="\n")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == digest


def test_another_seed_gives_other_orders() -> None:
    assert not sample_orders(seed=1).equals(sample_orders(seed=2))


def test_what_is_in_it() -> None:
    frame = sample_orders()
    assert frame["店铺"].nunique() == 2
    assert set(frame["目的国"]) == {"ES", "FR", "PL", "SA", "KR", "DE", "IT", "火星"}
    assert frame["下单日期"].dt.strftime("%Y-%m").unique().tolist() == [
        "2024-07", "2024-08", "2024-09", "2024-10", "2024-11", "2024-12",
    ]  # fmt: skip
    assert frame["商品编码"].str.startswith("演示-").all()
    assert frame["订单号"].str.startswith("DEMO").all()
    assert frame["订单号"].duplicated().any()
    assert not frame.duplicated(["店铺", "订单号", "行号"]).any()
    assert (frame["入仓天数"] > 1).any()
    assert (frame["平台标准箱"] == "否").any()
    assert (frame["件型"] == "大件").any()
    assert frame["退货情形"].nunique() == 3
    assert frame["退款金额"].notna().equals(frame["退货情形"].notna())
    paid = frame["订单实付金额"]
    assert [value for value in paid if isinstance(value, str) or value < 0] == ["待确认", -59.9]


def test_few_orders_are_all_good() -> None:
    assert len(sample_orders(0)) == 0
    assert all(value > 0 for value in sample_orders(9)["订单实付金额"])
