"""Every input and output column, defined once: key, Chinese header, kind, bounds, help.

Header matching, typed columns, template headers and comments, and the tables of the
README all come from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from sellersheet.wording import Lang

Kind = Literal[
    "text",  # kept as written
    "date",  # a day
    "money",  # an amount, two decimals, in the column's currency
    "rate",  # a share: 0.035 is 3.5 %
    "number",  # any finite number
    "grams",
    "cm",
    "count",  # a whole number
    "yes_no",
    "choice",  # one of ``choices``
    "country",  # ISO-3166 alpha-2, names understood
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One permitted word of a ``choice`` column, with the words understood for it."""

    key: str
    zh: str
    en: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``low`` and ``high`` are inclusive bounds in the column's own unit.

    ``default`` is what a blank means (None: a blank stays unknown). ``also`` lists other
    headers that are understood.
    """

    key: str
    zh: str
    en: str
    kind: Kind
    help_zh: str
    help_en: str
    unit: str = ""
    required: bool = False
    low: float | None = None
    high: float | None = None
    default: int | None = None
    choices: tuple[Choice, ...] = ()
    also: tuple[str, ...] = ()

    def title(self, lang: Lang) -> str:
        """The header shown to people."""
        return self.zh if lang == "zh" else self.en

    def help(self, lang: Lang) -> str:
        """What to enter, or what the result means."""
        return self.help_zh if lang == "zh" else self.help_en


MONEY_MAX: Final = 1_000_000_000.0
GRAMS_MAX: Final = 1_000_000.0
CM_MAX: Final = 1_000.0
DAYS_MAX: Final = 3_650.0

PARCEL: Final = (
    Choice("standard", "标准件", "standard", ("标准", "小件", "small", "std")),
    Choice("oversize", "大件", "oversize", ("超大件", "large", "oversized", "big")),
)
RETURN_CASE: Final = (
    Choice("none", "无退货", "none", ("无", "没有", "未退货", "no return", "no")),
    Choice(
        "buyer",
        "买家退货验货通过",
        "buyer",
        ("买家退货", "buyer return", "buyer, inspection passed"),
    ),
    Choice(
        "buyer_failed",
        "买家退货验货未通过",
        "buyer_failed",
        ("验货未通过", "buyer failed", "buyer, inspection failed"),
    ),
    Choice(
        "seller",
        "卖家责任",
        "seller",
        ("卖家责任退货", "错发漏发", "seller fault", "seller's fault"),
    ),
)


def _money(key: str, zh: str, en: str, help_zh: str, help_en: str, **more: object) -> Column:
    settings: dict[str, object] = {"unit": "CNY", "low": 0.0, "high": MONEY_MAX, **more}
    return Column(key, zh, en, "money", help_zh, help_en, **settings)  # type: ignore[arg-type]


INPUT: Final[tuple[Column, ...]] = (
    Column(
        "shop",
        "店铺",
        "Shop",
        "text",
        "店铺名称或编号;同一店铺同一订单号的各行算一个订单。",
        "Shop name or number; rows of one shop and order number are one order.",
        also=("店铺名称", "store", "shop_id"),
    ),
    Column(
        "order_id",
        "订单号",
        "Order",
        "text",
        "平台订单号;留空时每行各算一个订单。",
        "The platform's order number; when blank each row is an order of its own.",
        also=("订单编号", "order", "order_no", "order number"),
    ),
    Column(
        "line_no",
        "行号",
        "Line",
        "text",
        "同一订单内的行号。",
        "The line's number within its order.",
        also=("订单行号", "line_number"),
    ),
    Column(
        "order_date",
        "下单日期",
        "Order date",
        "date",
        "按这一天取当时有效的规则。",
        "The rules in force on this day are used.",
        also=("日期", "订单日期", "date"),
    ),
    Column(
        "settled_on",
        "结算日期",
        "Settled on",
        "date",
        "结算日期(可空)。",
        "Day of settlement, optional.",
    ),
    Column(
        "sku", "商品编码", "SKU", "text", "SKU 编码。", "The SKU code.", also=("sku编码", "商品sku")
    ),
    Column(
        "qty",
        "数量",
        "Quantity",
        "count",
        "件数,留空按 1。",
        "Pieces; blank counts as 1.",
        low=1,
        high=1_000_000,
        default=1,
        also=("件数", "quantity"),
    ),
    Column(
        "category", "类目", "Category", "text", "商品类目。", "Product category.", also=("品类",)
    ),
    Column(
        "country",
        "目的国",
        "Destination",
        "country",
        "国家二位代码,或中文、英文国名。",
        "Two-letter code, or a Chinese or English country name.",
        also=("目的地", "国家", "收货国家", "destination", "country_code"),
    ),
    _money(
        "paid_cny",
        "订单实付金额",
        "Amount paid",
        "买家实付金额(人民币);按填写的数计算。",
        "What the buyer paid, in CNY; taken as entered.",
        required=True,
        also=("实付金额", "paid", "amount_paid"),
    ),
    Column(
        "weight_g",
        "实重(克)",
        "Weight (g)",
        "grams",
        "包裹实际重量,克。",
        "Actual weight, grams.",
        unit="g",
        low=0,
        high=GRAMS_MAX,
        also=("实重", "重量(克)", "重量", "weight"),
    ),
    Column(
        "length_cm",
        "长",
        "Length (cm)",
        "cm",
        "包裹长,厘米。",
        "Length, cm.",
        unit="cm",
        low=0,
        high=CM_MAX,
        also=("长(cm)", "长度", "length"),
    ),
    Column(
        "width_cm",
        "宽",
        "Width (cm)",
        "cm",
        "包裹宽,厘米。",
        "Width, cm.",
        unit="cm",
        low=0,
        high=CM_MAX,
        also=("宽(cm)", "宽度", "width"),
    ),
    Column(
        "height_cm",
        "高",
        "Height (cm)",
        "cm",
        "包裹高,厘米。",
        "Height, cm.",
        unit="cm",
        low=0,
        high=CM_MAX,
        also=("高(cm)", "高度", "height"),
    ),
    Column(
        "line",
        "物流线路",
        "Shipping line",
        "text",
        "费率表中的线路名;留空时取该国唯一的线路。",
        "The line's name in the rate card; blank takes the only line of the destination.",
        also=("线路", "shipping_line"),
    ),
    _money(
        "logistics_cny",
        "物流费(系统报价)",
        "Freight quote",
        "平台系统报价;留空则查费率表。",
        "The platform's quote; blank looks it up in the rate card.",
        also=("物流费报价", "系统报价", "logistics", "freight"),
    ),
    Column(
        "parcel",
        "件型",
        "Parcel",
        "choice",
        "标准件或大件;留空按标准件。",
        "Standard or oversize; blank is standard.",
        default=0,
        choices=PARCEL,
        also=("包裹类型", "parcel_type"),
    ),
    Column(
        "inbound_days",
        "入仓天数",
        "Inbound days",
        "count",
        "T+n 的 n;留空按 1。",
        "The n of T+n; blank counts as 1.",
        unit="d",
        low=0,
        high=DAYS_MAX,
        default=1,
        also=("入仓天数(T+n)", "入仓时效"),
    ),
    Column(
        "standard_box",
        "平台标准箱",
        "Standard box",
        "yes_no",
        "是否用平台标准箱(30×20×15cm);留空按是。",
        "Packed in the platform's standard box; blank is yes.",
        default=1,
        also=("标准箱",),
    ),
    Column(
        "return_case",
        "退货情形",
        "Return",
        "choice",
        "留空为无退货。",
        "Blank: no return.",
        default=0,
        choices=RETURN_CASE,
        also=("退货", "return"),
    ),
    _money(
        "refund_cny",
        "退款金额",
        "Refund",
        "退给买家的金额。",
        "Money given back to the buyer.",
        also=("退款", "refund"),
    ),
    _money(
        "goods_lost_cny",
        "货损",
        "Goods lost",
        "退货中不能再卖的货值;有退货而留空则按全部采购成本计。",
        "Value of returned goods that can't be resold; blank counts the whole cost.",
    ),
    _money(
        "cost_cny",
        "采购成本",
        "Cost of goods",
        "整行的采购成本。",
        "Cost of the goods of the line.",
        also=("成本", "cost"),
    ),
    _money(
        "other_cny",
        "其他成本",
        "Other costs",
        "佣金、广告、优惠券等其他成本合计。",
        "Commission, advertising, coupons and other costs together.",
    ),
)

OUTPUT: Final[tuple[Column, ...]] = (
    Column(
        "chargeable_g",
        "计费重",
        "Chargeable (g)",
        "grams",
        "体积重与实重取大者(克)。",
        "The larger of volumetric and actual weight, grams.",
        unit="g",
    ),
    _money(
        "service_fee_cny",
        "基础服务费",
        "Service fee",
        "实付金额 × 服务费率(F1)。",
        "Amount paid × service rate (F1).",
    ),
    _money(
        "operation_fee_cny",
        "操作费",
        "Operation fee",
        "每单操作费,大件加收(F2、F3)。",
        "Per order, more for oversize (F2, F3).",
    ),
    _money(
        "rush_fee_cny", "加急费", "Rush fee", "延迟入仓加急费(F5、F6)。", "Late inbound (F5, F6)."
    ),
    _money("repack_fee_cny", "二次打包费", "Repacking fee", "非平台标准箱(F7)。", "Own box (F7)."),
    _money(
        "logistics_fee_cny",
        "物流费",
        "Freight",
        "系统报价或费率表(F8)。",
        "Quote or rate card (F8).",
    ),
    _money(
        "operation_refund_cny",
        "操作费返还",
        "Operation refund",
        "买家退货验货通过时返还(F10),不大于 0。",
        "Given back when a buyer return passes inspection (F10); never above 0.",
        low=None,
    ),
    _money(
        "subsidy_loss_cny",
        "补贴扣减",
        "Subsidy lost",
        "卖家责任退货扣减的补贴(F11)。",
        "Subsidy lost by a return of the seller's fault (F11).",
    ),
    _money(
        "total_fee_cny", "费用合计", "Total fees", "以上七项之和。", "The sum of the seven parts."
    ),
    _money(
        "profit_cny",
        "毛利",
        "Profit",
        "实付金额减退款、成本、货损、其他成本与费用合计(F16)。",
        "Paid less refund, cost, goods lost, other costs and fees (F16).",
        low=None,
    ),
    Column("margin", "毛利率", "Margin", "rate", "毛利 ÷ 实付金额。", "Profit / amount paid."),
    Column(
        "status",
        "状态",
        "Status",
        "text",
        "正常、提示、警告或错误。",
        "ok, note, warning or error.",
    ),
    Column(
        "reason", "说明", "Reason", "text", "为什么是这个结果。", "Why the result is what it is."
    ),
)

RATES: Final[tuple[Column, ...]] = (
    Column(
        "country",
        "目的国",
        "Destination",
        "country",
        "国家二位代码或国名。",
        "Country code or name.",
        required=True,
        also=("国家", "destination", "目的地"),
    ),
    Column(
        "line",
        "物流线路",
        "Shipping line",
        "text",
        "线路名称。",
        "Name of the line.",
        also=("线路",),
    ),
    Column(
        "goods",
        "货物类型",
        "Goods",
        "text",
        "普货、带电等;留空为不限。",
        "General, with battery …; blank: any.",
        also=("货类", "goods_type"),
    ),
    Column(
        "from_g",
        "重量起(克)",
        "From (g)",
        "grams",
        "重量段下限,不含。",
        "Lower end, exclusive.",
        unit="g",
        low=0,
        high=GRAMS_MAX,
        default=0,
        also=("重量起", "起始重量"),
    ),
    Column(
        "to_g",
        "重量止(克)",
        "To (g)",
        "grams",
        "重量段上限,含。",
        "Upper end, inclusive.",
        unit="g",
        low=0,
        high=GRAMS_MAX,
        required=True,
        also=("重量止", "截止重量"),
    ),
    Column(
        "first_g",
        "首重(克)",
        "First weight (g)",
        "grams",
        "首重,克。",
        "First weight, grams.",
        unit="g",
        low=0,
        high=GRAMS_MAX,
        also=("首重",),
    ),
    Column(
        "first_price",
        "首重价格",
        "First price",
        "money",
        "首重价格。",
        "Price of the first weight.",
        low=0,
        high=MONEY_MAX,
        also=("首重费", "首重价"),
    ),
    Column(
        "step_g",
        "续重单位(克)",
        "Step (g)",
        "grams",
        "每续重单位,克。",
        "Step weight, grams.",
        unit="g",
        low=0,
        high=GRAMS_MAX,
        also=("续重单位", "续重(克)", "续重"),
    ),
    Column(
        "step_price",
        "续重价格",
        "Step price",
        "money",
        "每续重单位价格。",
        "Price of a step.",
        low=0,
        high=MONEY_MAX,
        also=("续重费", "续重价"),
    ),
    Column(
        "per_kg",
        "每公斤价格",
        "Per kg",
        "money",
        "按公斤计价时填。",
        "When priced per kilogram.",
        low=0,
        high=MONEY_MAX,
        also=("元/kg", "每公斤", "price_per_kg"),
    ),
    Column(
        "registration",
        "挂号费",
        "Registration",
        "money",
        "每件挂号费。",
        "Fee per parcel.",
        low=0,
        high=MONEY_MAX,
        default=0,
        also=("处理费", "registration_fee"),
    ),
    Column(
        "divisor",
        "体积重除数",
        "Divisor",
        "text",
        "数字;“不计”为不计体积重;“未知”为未说明。",
        "A number; 'none': volume does not count; 'unknown': not stated.",
        also=("抛重系数", "除数"),
    ),
    Column(
        "round_g",
        "进位(克)",
        "Rounded up to (g)",
        "grams",
        "计费重向上取整的单位。",
        "The chargeable weight is rounded up to it.",
        unit="g",
        low=0,
        high=GRAMS_MAX,
        also=("进位", "计费重进位"),
    ),
    Column(
        "min_g",
        "最低计费重(克)",
        "Minimum (g)",
        "grams",
        "轻于此按此计。",
        "A lighter parcel is charged as this.",
        unit="g",
        low=0,
        high=GRAMS_MAX,
        also=("最低计费重", "起重"),
    ),
    Column(
        "max_side_cm",
        "最长边限(cm)",
        "Longest side (cm)",
        "cm",
        "最长边不超过。",
        "The longest side allowed.",
        unit="cm",
        low=0,
        high=CM_MAX,
        also=("最长边",),
    ),
    Column(
        "max_sum_cm",
        "三边和限(cm)",
        "Three sides (cm)",
        "cm",
        "三边之和不超过。",
        "The three sides together at the most.",
        unit="cm",
        low=0,
        high=3 * CM_MAX,
        also=("三边和",),
    ),
    Column("currency", "币种", "Currency", "text", "留空为人民币。", "Blank: CNY.", also=("货币",)),
    Column(
        "start",
        "生效日期",
        "Start",
        "date",
        "自这一天起有效。",
        "In force from this day.",
        required=True,
        also=("开始日期", "effective_date"),
    ),
    Column(
        "source", "来源", "Source", "text", "费率出处。", "Where the rate is from.", also=("出处",)
    ),
    Column(
        "standing",
        "依据",
        "Standing",
        "text",
        "原文 stated、解读 read、假设 assumed 或自定 own。",
        "stated, read, assumed or own.",
    ),
    Column("note", "备注", "Note", "text", "备注。", "Note.", also=("说明",)),
)

SKU_COSTS: Final[tuple[Column, ...]] = (
    Column(
        "sku",
        "商品编码",
        "SKU",
        "text",
        "SKU 编码。",
        "The SKU code.",
        required=True,
        also=("sku编码",),
    ),
    Column("start", "生效日期", "Start", "date", "自这一天起有效。", "In force from this day."),
    _money(
        "cost_cny",
        "采购成本",
        "Cost of goods",
        "每件采购成本。",
        "Cost of one piece.",
        required=True,
        also=("成本", "cost"),
    ),
)

FX: Final[tuple[Column, ...]] = (
    Column(
        "currency",
        "币种",
        "Currency",
        "text",
        "三位货币代码。",
        "Three-letter code.",
        required=True,
        also=("货币",),
    ),
    Column("start", "生效日期", "Start", "date", "自这一天起有效。", "In force from this day."),
    Column(
        "rate",
        "汇率",
        "Rate to CNY",
        "number",
        "1 单位外币合多少人民币。",
        "CNY for one unit.",
        required=True,
        low=1e-6,
        high=1e6,
        also=("兑人民币",),
    ),
)

OVERRIDES: Final[tuple[Column, ...]] = (
    Column(
        "name",
        "名称",
        "Name",
        "text",
        "规则数值的名称。",
        "Name of the policy value.",
        required=True,
        also=("参数", "项目"),
    ),
    Column(
        "value",
        "数值",
        "Value",
        "text",
        "替换成的数值。",
        "The value put in its place.",
        required=True,
        also=("自定义", "own_value"),
    ),
    Column(
        "start",
        "生效日期",
        "Start",
        "date",
        "自这一天起有效;留空为一直有效。",
        "In force from this day; blank: always.",
    ),
    Column(
        "reason", "原因", "Reason", "text", "为什么替换。", "Why it was replaced.", also=("备注",)
    ),
)

TABLES: Final = {
    "orders": INPUT,
    "rates": RATES,
    "sku_costs": SKU_COSTS,
    "fx": FX,
    "overrides": OVERRIDES,
}
FEE_PARTS: Final = (
    "service_fee_cny",
    "operation_fee_cny",
    "rush_fee_cny",
    "repack_fee_cny",
    "logistics_fee_cny",
    "operation_refund_cny",
    "subsidy_loss_cny",
)
