"""A shop whose customers cannot be mistaken, and everything that a page says as the browser would get it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from crm import campaigns, clock, jobs, works
from crm.accounts.acting import Actor, Right, Role, rights_of
from crm.customers import joining, same_people
from crm.database import Store
from crm.segments import saved
from crm.segments.definition import parse
from crm.settings import Environment
from crm.worker import Worker
from tests.imports.given import write_orders
from tests.uploads.given import table

NAMES = ["欧阳震华甲", "司马相如乙", "诸葛孔明丙"]
NICKS = ["zebrafish一号", "zebrafish二号", "zebrafish三号"]
PHONES = ["13987654321", "13976543218", "13965432187"]
MAILS = ["quixotic.walrus@example.com", "pensive.ostrich@example.com", "jovial.badger@example.com"]
STREETS = ["胡同弄堂八十八号", "烟袋斜街九十九号", "帽儿胡同七十七号"]
OTHER = ["wxkookaburra", "881188227", "爱喝苦瓜汁的老人家", "夏侯惇将军丁"]
SECRET = [*NAMES, *NICKS, *MAILS, *STREETS, *OTHER, *(mail.partition("@")[0] for mail in MAILS), *(name[1:] for name in NAMES)]
EVERYBODY = {"name": "all", "rungs": [{"name": "all", "where": {"all": []}}]}
BODY = "{{ customer.nickname }} {{ customer.name }}\n\nhttps://shop.example.com\n\n{{ unsubscribe_url }}"
LETTER = {
    "name": "秋",
    "segment": "all",
    "subject": "AD {{ customer.name }}",
    "body": BODY,
    "holdout": 0.0,
    "from_email": "a@shop.example.com",
}
UNKNOWN = "流水,旺旺号,收件人,电话,邮箱,街道地址,不知道,金额,下单日期"


def actor(*special: Right, role: Role = Role.SPECIALIST) -> Actor:
    """A user of the shop."""
    return Actor("bo", rights_of([role], special), "1")


def order(at: int, shop: str, **changed: str) -> dict[str, str]:
    """An order of one of the people in one of two shops."""
    number = f'="{40000000000000011 + at * 10 + len(shop)}"'
    who = {"买家会员名": NICKS[at], "买家支付宝账号": MAILS[at], "收货人姓名": NAMES[at], "联系手机": f"'{PHONES[at]}"}
    return {"订单编号": number, "店铺名称": shop, "收货地址": f"浙江省 杭州市 西湖区 {STREETS[at]}", **who, **changed}


def fill(store: Store, folder: Path) -> dict[str, str]:
    """Customers of two shops, a dossier, a rejected row, accounts joined and set apart, campaigns, jobs, files to look at; their ids."""
    bad = order(0, "甲店", 订单编号='="40000000000000999"', 买家实际支付金额=f"{NAMES[0]} {PHONES[0]}")
    first = write_orders(folder / "甲店.csv", *(order(at, "甲店") for at in range(3)), bad)
    second = write_orders(folder / "乙.csv", order(0, "乙铺子"), order(1, "乙铺子", 收货人姓名=OTHER[3]), order(2, "乙铺子"))
    head = "平台,店铺,账号,手机,邮箱,姓名,QQ,微信,备注"
    dossier = table(folder / "d.csv", head, f"淘宝,甲店,{NICKS[0]},{PHONES[0]},{MAILS[0]},{NAMES[0]},{OTHER[1]},{OTHER[0]},{OTHER[2]}")
    jobs_done = [work(store, first, second, dossier), work(store, write_orders(folder / "bad.csv", bad))]
    for group in same_people.suggestions(store).groups:
        names = {name for given in group.names_given for name in given}
        if NAMES[1] not in names:
            (joining.join if NAMES[2] in names else joining.set_apart)(store, [group.key], clock.now(), "screen")
    kept = saved.save(store, parse(EVERYBODY), clock.now())
    draft, sent = (campaigns.saved.create(store, campaigns.parse(LETTER), clock.now()) for _ in range(2))
    day = clock.day_of(clock.now(), "Asia/Shanghai")
    checksum = campaigns.plan(store, sent, day).checksum
    campaigns.launch(store, sent, day, checksum, clock.now(), env=Environment(public_url="https://crm.example.com"))
    rows = [
        f"A{at},{NICKS[at]},{NAMES[at]},{PHONES[at]},{MAILS[at]},{STREETS[at]},{OTHER[at]},1{at}.50,2026-07-0{at + 1}" for at in range(3)
    ]
    files = {"unknown": str(table(folder / "unknown.csv", UNKNOWN, *rows)), "dossier": str(dossier)}
    rejected = store.rows("SELECT import_id FROM import_rejections LIMIT 1")[0]["import_id"]
    return {"job": jobs_done[0], "failed": jobs_done[1], "segment": kept, "draft": draft, "sent": sent, "rejected": rejected} | files


def work(store: Store, *files: Path) -> str:
    """The import of these files, done by the worker; the job's id."""
    job = jobs.get(store, jobs.ask(store, works.Import([str(file) for file in files]), clock.now()))
    assert job is not None
    Worker(store, Environment()).work(job)
    return job.job_id


class Wire:
    """All that is sent to the browser."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.messages: list[ForwardMsg] = []
        enqueue = ForwardMsgQueue.enqueue

        def recorded(queue: Any, message: ForwardMsg, *more: Any) -> None:
            self.messages.append(message)
            enqueue(queue, message, *more)

        monkeypatch.setattr(ForwardMsgQueue, "enqueue", recorded)

    def taken(self) -> bytes:
        """What was sent since the last time."""
        sent, self.messages = b"\n".join(one.SerializeToString() for one in self.messages), []
        return sent


def named(sent: bytes) -> list[str]:
    """Which of the secrets are in it, written as they are or as JSON, and which pieces of phone numbers."""
    whole = sent.decode("utf-8", "ignore")
    texts = {one for one in SECRET for form in (one, json.dumps(one)[1:-1]) if form in whole}
    return sorted(texts | {run[0] for run in re.finditer(r"\d{5,}", whole) if _piece(run, whole)})


def _piece(run: re.Match[str], whole: str) -> bool:
    """Five digits in a row of a phone number, or the number with more around it. So few are in ids by chance, so those are left out."""
    around = whole[run.start() - 1 : run.start()] + whole[run.end() : run.end() + 1]
    alone = len(run[0]) > 6 or not re.search(r"\w|-", around)
    return alone and any(run[0] in number or number in run[0] for number in PHONES)
