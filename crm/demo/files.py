"""Writing orders as Taobao exports them: the 46-column order file and the 10-column item file, GB18030, with the oddities of real ones."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from crm.demo import catalogue
from crm.demo.baskets import CLOSED_REFUNDED, CLOSED_UNPAID, SHIPPED, STATUS, SUCCESS, UNPAID, Baskets
from crm.demo.people import People

# Blanks behind some names are in the real exports, too.
ORDER_HEADER = tuple(
    (
        "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,"
        "买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时间,订单付款时间 ,"
        "宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,发票抬头,"
        "是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片,是否上传小票,是否代付,定金排名,修改后的sku,"
        "修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,退款金额,预约门店"
    ).split(",")
)
ITEM_HEADER = ("订单编号", "标题", "价格", "购买数量", "外部系统编号", "商品属性", "套餐信息", "备注", "订单状态", "商家编码")
ORDER_ROW = (
    '="%d","%s","%s","%.2f","%.2f","0","%.2f","0","%.2f","0","%s","%s","%s","%s","快递","%s",%s,"%s","%s","%s","%d","%s","%s","%s","%d","0",'
    f'"{catalogue.SHOP}","%s","0","0元","","%s","",="","否","否","否","","","","","","","","%.2f",""'
)
ITEM_ROW = '="%d","%s","%.2f","%d","SKU-%03d","%s","","","%s","SKU-%03d",'  # ends with a comma too many, as the real file does
CHUNK = 50_000
CLOSED_BECAUSE = {CLOSED_UNPAID: "买家未付款", CLOSED_REFUNDED: "退款"}
CARRIERS = ("中通快递", "圆通速递", "顺丰速运", "韵达快递", "申通快递")


def write(folder: Path, stamp: str, people: People, baskets: Baskets, rng: np.random.Generator, ids: np.ndarray) -> list[Path]:
    """ExportOrderList<stamp>.csv and ExportItemlList<stamp>.csv in `folder`; both paths. `ids` are the order ids."""
    folder.mkdir(parents=True, exist_ok=True)
    orders, items = folder / f"ExportOrderList{stamp}.csv", folder / f"ExportItemlList{stamp}.csv"
    _write(orders, ORDER_HEADER, _order_rows(people, baskets, rng, ids))
    _write(items, ITEM_HEADER, _item_rows(baskets, ids))
    return [orders, items]


def order_ids(moment: np.ndarray, late: bool = False) -> np.ndarray:
    """19 digits that grow with time and never end in 0, so that no spreadsheet damage is suspected. `late` ones never meet the others."""
    seconds = moment.astype("datetime64[s]").astype(np.int64)
    number = np.arange(len(moment), dtype=np.int64) + (50_000_000 if late else 0)
    ids: np.ndarray = seconds * 1_000_000_000 + number * 10 + 1 + number % 9
    return ids


def _write(path: Path, header: tuple[str, ...], rows: Iterable[str]) -> None:
    with path.open("wb") as file:
        file.write((",".join(f'"{name}"' for name in header) + "\r\n").encode("gb18030"))
        for chunk in _chunks(rows):
            file.write(chunk.encode("gb18030"))


def _chunks(rows: Iterable[str]) -> Iterator[str]:
    held: list[str] = []
    for row in rows:
        held.append(row)
        if len(held) >= CHUNK:
            yield "\r\n".join(held) + "\r\n"
            held = []
    if held:
        yield "\r\n".join(held) + "\r\n"


def _order_rows(people: People, baskets: Baskets, rng: np.random.Generator, ids: np.ndarray) -> Iterator[str]:
    who, count = baskets.customer, len(baskets.customer)
    sent = np.isin(baskets.status, (SUCCESS, SHIPPED))
    status = np.array(STATUS, dtype=object)[baskets.status]
    reason = np.array([CLOSED_BECAUSE.get(code, "订单未关闭") for code in range(len(STATUS))], dtype=object)[baskets.status]
    chance = rng.random(count)
    columns = (
        ids,
        people.buyer[who],
        people.alipay[who],
        baskets.goods / 100,
        baskets.shipping / 100,
        baskets.total / 100,
        baskets.paid / 100,
        status,
        np.where(chance < 0.02, "请尽快发货", ""),
        _receivers(people.name[who], rng),
        people.address[who],
        np.where(chance < 0.5, "", "null"),
        _mobiles(people.mobile[who], rng),
        _text(baskets.moment),
        _paid_at(baskets),
        _titles(baskets),
        np.bincount(baskets.of, minlength=count),
        np.where(sent, np.char.add("No:YT", (ids // 10 % 10**12).astype(str)), ""),
        np.where(sent, np.array(CARRIERS)[rng.integers(0, len(CARRIERS), count)], ""),
        np.where(chance > 0.985, "'老客户，送赠品", ""),
        baskets.items,
        reason,
        np.where(chance < 0.86, "手机订单", ""),
        baskets.refunded / 100,
    )
    return (ORDER_ROW % row for row in zip(*(column.tolist() for column in columns), strict=True))


def _item_rows(baskets: Baskets, ids: np.ndarray) -> Iterator[str]:
    title = np.array([product.title.replace('"', '""') for product in catalogue.PRODUCTS], dtype=object)[baskets.product]
    variants = [product.variants for product in catalogue.PRODUCTS]
    attribute = [variants[p][v % len(variants[p])] for p, v in zip(baskets.product.tolist(), baskets.variant.tolist(), strict=True)]
    status = np.where(baskets.line_closed, "交易关闭", np.array(STATUS, dtype=object)[baskets.status[baskets.of]])
    columns = (ids[baskets.of], title, catalogue.PRICES[baskets.product], baskets.quantity, baskets.product)
    rows = zip(*(column.tolist() for column in columns), attribute, status.tolist(), baskets.product.tolist(), strict=True)
    return (ITEM_ROW % row for row in rows)


def _titles(baskets: Baskets) -> np.ndarray:
    """All titles of an order in one cell, joined by `，`."""
    titles = [product.title.replace('"', '""') for product in catalogue.PRODUCTS]
    joined: list[str] = [""] * len(baskets.customer)
    for order, product in zip(baskets.of.tolist(), baskets.product.tolist(), strict=True):
        joined[order] = f"{joined[order]}，{titles[product]}" if joined[order] else titles[product]
    return np.array(joined, dtype=object)


def _paid_at(baskets: Baskets) -> np.ndarray:
    paid = ~np.isin(baskets.status, (CLOSED_UNPAID, UNPAID))
    return np.where(paid, _text(baskets.moment + baskets.pay_delay.astype("timedelta64[s]")), "")


def _text(moment: np.ndarray) -> np.ndarray:
    return np.char.replace(np.datetime_as_string(moment, unit="s"), "T", " ")


def _receivers(names: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Receivers' names; every twelfth masked, `张**`."""
    masked = rng.random(len(names)) < 0.08
    return np.array([f"{name[0]}**" if hide else name for name, hide in zip(names.tolist(), masked, strict=True)], dtype=object)


def _mobiles(mobiles: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Phones with the quote the export puts before them: clear, virtual (`…-7576`), masked, or none."""
    chance, tail = rng.random(len(mobiles)), rng.integers(1000, 9999, len(mobiles))
    rows = zip(mobiles.tolist(), chance.tolist(), tail.tolist(), strict=True)
    return np.array([_mobile(mobile, kind, number) for mobile, kind, number in rows], dtype=object)


def _mobile(mobile: str, kind: float, tail: int) -> str:
    if kind < 0.52:
        return f'"\'{mobile}"'
    if kind < 0.8:
        return f'"\'{mobile}-{tail}"'
    return f'"\'{mobile[:3]}****{mobile[-4:]}"' if kind < 0.97 else '"\'"'
