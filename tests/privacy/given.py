"""A shop with one woman whose every word is found nowhere else, and all that can be said of her; its numbers as text."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import ibis

from crm import campaigns, database, roi, uploads
from crm.customers import dimensions, distributions, joining, kpi, same_people
from crm.database import Store
from crm.database.compiling import compiled
from crm.messaging import events
from crm.segments import lists, pasted, scope
from crm.settings import Environment
from tests.campaigns.given import launch
from tests.imports.given import write_items, write_orders
from tests.uploads.given import table

NOW = datetime(2026, 11, 1, 4)
LATER = datetime(2026, 11, 20, 4)
DAY = date(2026, 11, 20)
PHONE, EMAIL, ACCOUNT = "13912344321", "zqanna@zqmail.example", "zqaccount"
WORDS = tuple(
    f"{ACCOUNT} zqsecond zqname 收件昭昭 {PHONE} {EMAIL} zqroad zqengraved zqnick zqremark zqreview zqfamily zqwechat zqrejected".split()
)
"""In every text that is hers; nobody and nothing else has them."""
PERSONAL = ("reachable", "mailbox", "phone", "district", "gender", "age", "birthday", "tags", "owner", "complete", "consent")
"""Beginnings of the dimensions that are of the person: who was erased is unknown there."""
HER = {
    "买家会员名": ACCOUNT,
    "买家支付宝账号": EMAIL,
    "收货人姓名": "收件昭昭",
    "收货地址": "浙江省 杭州市 西湖区 zqroad7号(310000)",
    "联系手机": f"'{PHONE}",
}


def order(number: int, day: str, paid: str = "100.00", **more: str) -> dict[str, str]:
    """Her order of a day."""
    moment = {"订单创建时间": f"{day} 10:00:00", "订单付款时间": f"{day} 10:01:00"}
    money = {"买家应付货款": paid, "总金额": paid, "买家实际支付金额": paid}
    return HER | moment | money | {"订单编号": f'="9{number:016}"'} | more


def somebody(number: int) -> dict[str, str]:
    """Another buyer."""
    place = {"收货人姓名": "别人", "收货地址": "广东省 广州市 越秀区 路1号(510000)", "联系手机": f"'1380000000{number}"}
    return place | {"买家会员名": f"other{number}", "买家支付宝账号": f"other{number}@example.com"}


def files(folder: Path) -> list[Path]:
    """Orders of her and of others, their lines, a dossier, a review, a consent, an opt-out."""
    others = [order(100 + n, f"2026-0{1 + n % 9}-11", f"{50 + n}.00", **somebody(n % 7)) for n in range(20)]
    second = {"买家会员名": "zqsecond", "订单状态": "交易关闭", "订单付款时间": ""}
    hers = [order(1, "2026-03-01"), order(2, "2026-06-05", "80.00"), order(3, "2026-09-09", "70.50", **{"买家会员名": "zqsecond"})]
    broken = order(4, "2026-07-07", **{"订单编号": "1.23E+17", "收货人姓名": "zqrejected"})
    lines = [("9000000000000000" + str(n), "锅 zqengraved" if n == 9 else "锅", "100.00", "1", "交易成功") for n in (1, 2)]
    return [
        write_orders(folder / "orders.csv", *others, *hers, order(5, "2026-08-08", "10.00", **second), broken),
        write_items(folder / "items.csv", *lines),
        table(
            folder / "people.csv",
            "会员名,平台,手机号,邮箱,姓名,昵称,性别,生日,备注,家庭,微信,标签",
            f"{ACCOUNT},淘宝,{PHONE},{EMAIL},zqname,zqnick,女,1990-02-03,zqremark,zqfamily,zqwechat,常客",
        ),
        table(folder / "reviews.csv", "会员名,平台,评价,内容,时间", f"{ACCOUNT},淘宝,差评,zqreview,2026-06-20 10:00"),
        table(folder / "consents.csv", "email,channel,consent,time", f"{EMAIL},email,yes,2026-02-01", f"{PHONE}x,sms,no,2026-02-01"),
        table(folder / "noes.csv", "phone,channel,consent,time", f"{PHONE},sms,no,2026-02-02"),
    ]


def shop(folder: Path) -> Store:
    """Everything of her: imported, joined, written to by letter, clicked, asked of the worker."""
    store = database.open_store(folder / "shop")
    uploads.import_files(store, files(folder), now=NOW)
    key = next(group.key for group in same_people.suggestions(store).groups if any(one.customer_id for one in group.bonds))
    joining.join(store, [key], NOW, "me")
    lists.keep(store, "会员日", pasted.look_up(store, f"{ACCOUNT}\nother1"), NOW)
    campaign = launch(store, NOW)
    campaigns.send(store, campaign, Environment(), lambda: NOW)
    sent = store.rows("SELECT message_id FROM recipients WHERE address_norm = ? AND message_id IS NOT NULL", [EMAIL])
    for row in sent:
        click = {"message_id": row["message_id"], "event": "click", "url": "https://x.example/?zqnick", "timestamp": events.seconds(NOW)}
        events.ingest(store, [click], NOW)
    return store


def numbers(store: Store, personal: bool = False) -> str:
    """Every number of kpi, distribution and roi, today and of days in the past, as text."""
    return json.dumps(dict(_numbers(store, personal)), ensure_ascii=False, indent=1, default=str)


def _numbers(store: Store, personal: bool) -> Iterator[tuple[str, Any]]:
    for day in (DAY, date(2026, 6, 30)):
        yield f"kpi {day}", kpi.compute(store, day).as_json()
        yield f"kpi {day} month", kpi.compute(store, day, day.replace(day=1)).as_json()
        within = scope.at(store, day)
        yield f"bars {day}", bars(store, within, personal)
    for row in store.rows("SELECT campaign_id FROM campaigns WHERE launched_at IS NOT NULL ORDER BY name, campaign_id"):
        yield f"roi {row['campaign_id']}", roi.as_json(roi.report(store, row["campaign_id"], as_of=DAY))


def bars(store: Store, within: scope.Scope, personal: bool = False) -> list[dict[str, Any]]:
    """Every bin of every dimension; one statement, for each is written down for half a second."""
    counted = [
        distributions.counts(one, within.facts, within).select("bin", "customers", "spend", dimension=ibis.literal(name))
        for name, one in dimensions.every().items()
        if personal or not name.startswith(PERSONAL)
    ]
    return store.rows(compiled(ibis.union(*counted).order_by("dimension", "bin")))


def texts(store: Store) -> dict[str, str]:
    """Every row of every table, as text."""
    names = [
        row["name"]
        for row in store.rows("SELECT table_name AS name FROM duckdb_tables() WHERE NOT temporary AND database_name = current_database()")
    ]
    return {name: "\n".join(str(tuple(row.values())) for row in store.rows(f'SELECT * FROM "{name}"')) for name in names}  # noqa: S608


def naming(store: Store, words: tuple[str, ...] = WORDS) -> dict[str, list[str]]:
    """The tables in which any of these words stands, with the words."""
    seen = {name: [word for word in words if word in text] for name, text in texts(store).items()}
    return {name: some for name, some in seen.items() if some}
