"""One writer per table: a shop's day, from the first import to the removal of the demo, is traced statement by statement."""

import re
import shutil
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb
import pytest

from crm import campaigns, database, demo, jobs, privacy, segments, uploads, works
from crm.accounts import acting, invitations, sign_in, users
from crm.campaigns import restored
from crm.customers import deciding, joining, same_people
from crm.database import Store
from crm.imports.steps import ImportOptions
from crm.messaging import events, unsubscribe
from crm.orders.rates import Rate
from crm.products import assignments
from crm.segments import drafts
from crm.settings import Environment
from tests.campaigns import given
from tests.campaigns.given import DAY, NOW, Scripted, launch
from tests.conftest import ROOT
from tests.imports.given import write_items, write_orders
from tests.layouts import samples
from tests.uploads.given import table

MECHANICS = {"crm/database/store.py", "crm/database/statements.py"}
"""How a statement gets to the database; whoever called these is its writer."""
WRITES = re.compile(r'^\W*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|TRUNCATE(?: TABLE)?|MERGE INTO|COPY)\s+"?(\w+)"?', re.IGNORECASE)
KINDS = {duckdb.StatementType.INSERT, duckdb.StatementType.UPDATE, duckdb.StatementType.DELETE, duckdb.StatementType.COPY}
Seen = defaultdict[str, set[str]]


class Traced:
    """A connection, or a cursor of it, that notes who runs a statement that writes, and into which table."""

    def __init__(self, inner: Any, seen: Seen) -> None:
        self._inner, self._seen = inner, seen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def cursor(self) -> "Traced":
        return Traced(self._inner.cursor(), self._seen)

    def execute(self, sql: str, *values: Any) -> Any:
        for statement in duckdb.extract_statements(sql):
            if statement.type in KINDS:
                bare = re.sub(r"(?m)--.*$", "", statement.query).strip()
                match = WRITES.match(bare)
                assert match, f"which table does this write? {bare[:200]}"
                self._seen[match[1]].add(writer(sys._getframe(1)))
        return self._inner.execute(sql, *values)


def writer(frame: FrameType | None) -> str:
    """The package of the product whose code asked for this statement."""
    while frame is not None:
        file = Path(frame.f_code.co_filename)
        place = file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else ""
        if place.startswith("crm/") and place not in MECHANICS:
            return place.removesuffix(".py").split("/")[1]
        frame = frame.f_back
    return "tests"


def opened(folder: Path, seen: Seen) -> Store:
    folder.mkdir(exist_ok=True)
    return Store(Traced(duckdb.connect(str(folder / "shop.duckdb")), seen), folder)


def imports(shop: Store, folder: Path) -> None:
    """Orders with lines and refunds, twice, with rejected rows; one amount per line; a table nobody knows; dossiers, consents, reviews."""
    known = [samples.write(name, folder) for name in ("taobao_order_2017", "taobao_item_2021", "taobao_refund", "tiktok_orders")]
    unknown = table(folder / "u.csv", "No,Who,When,Paid", "A1,ann,2026-05-01,10.00")
    columns = {"order_id": "No", "buyer_id": "Who", "created_at": "When", "paid_amount": "Paid"}
    uploads.import_files(shop, known, now=NOW)
    again = [samples.write(name, folder) for name in ("taobao_order_2017", "taobao_item_2021")]
    done = uploads.import_files(shop, again, now=NOW)
    uploads.import_files(shop, [unknown], now=NOW, options=ImportOptions(mapping={"columns": columns}))
    uploads.undo(shop, str(done[0].import_id), NOW)
    others = [
        table(folder / "people.csv", "手机号,姓名,标签,生日", "13800000000,甲,常客,1990-01-02"),
        table(folder / "consents.csv", "email,consent,time", "a@example.com,yes,2026-01-01", "b@example.com,no,2026-01-01"),
        table(folder / "reviews.csv", "会员名,评价,时间", "tb一,差评,2026-01-01"),
        table(folder / "products.csv", "商品,品类", "锅,锅具"),
        table(folder / "rates.csv", "date,currency,rate", "2026-01-01,USD,7.1"),
    ]
    for taken in uploads.import_files(shop, others, now=NOW):
        uploads.undo(shop, str(taken.import_id), NOW)
    uploads.import_files(shop, others, now=NOW)


def decisions(shop: Store, folder: Path) -> None:
    """Settings, rates, categories, joined accounts, segments and what is being edited."""
    deciding.change(shop, {"currency": "USD", "timezone": "Europe/Berlin", "category_rules": {"锅具": ["锅"]}}, NOW)
    deciding.set_rates(shop, [Rate("CNY", DAY, Decimal(7))], NOW)
    deciding.change(shop, {"currency": "CNY"}, NOW)
    change = assignments.assign(shop, [assignments.Product("锅")], "锅具", NOW, "me")
    assignments.take_back(shop, change)
    buyers = [{"订单编号": f'="{name}"', "买家会员名": name, "买家支付宝账号": f"{name}@example.com"} for name in ("11", "12")]
    files = [write_orders(folder / f"{buyer['买家会员名']}.csv", buyer) for buyer in buyers]
    uploads.import_files(shop, [*files, write_items(folder / "i.csv", ("11", "锅", "100.00", "1", "交易成功"))], now=NOW)
    key = same_people.suggestions(shop).groups[0].key
    batch = joining.join(shop, [key], NOW, "me").batch_id
    joining.undo(shop, [batch], NOW, "me")
    ladder = segments.definition.parse({"name": "x", "rungs": [{"name": "all", "where": {"all": []}}]})
    kept = segments.saved.save(shop, ladder, NOW)
    segments.saved.save(shop, ladder, NOW, kept)
    segments.lists.keep(shop, "pasted", segments.pasted.look_up(shop, "11\nnobody"), NOW)
    segments.saved.freeze(shop, kept, DAY, NOW)
    segments.saved.delete(shop, kept, NOW)
    drafts.keep(shop, "one", {"rungs": []}, False, NOW)


def campaign(shop: Store) -> str:
    """One campaign by mail, with an event and an opt-out; a message of it that nobody has answered yet."""
    one = launch(shop)
    draft = campaigns.saved.create(shop, campaigns.parse(given.spec(approval=True)), NOW)
    with acting.by(users.every(shop)[0].actor()):
        campaigns.approvals.approve(shop, draft, campaigns.saved.get(shop, draft).spec, DAY, NOW)
    campaigns.send(shop, one, Environment(), lambda: NOW, channel=Scripted(), wait=lambda _: None)
    first, second, *_ = [row["message_id"] for row in shop.rows("SELECT message_id FROM recipients WHERE message_id IS NOT NULL")]
    report = {"message_id": first, "event": "open", "timestamp": events.seconds(NOW), "sg_event_id": "e"}
    assert events.ingest(shop, [report], NOW)["new"] == 1
    assert unsubscribe.open(shop, first, NOW)
    return str(second)


def people(shop: Store) -> None:
    """An owner, who signs in."""
    invitations.accept(shop, invitations.first_link(shop, NOW), "Anna", "correct horse battery", NOW)
    sign_in.attempt(shop, "Anna", "correct horse battery", sign_in.Visitor("x", "x", "x"), NOW)


def work(shop: Store, folder: Path) -> None:
    """A job with its progress."""
    job = jobs.ask(shop, works.Demo(), NOW)
    jobs.start(shop, job, NOW)
    jobs.progress(shop, job, "half", 1, 2)
    demo.load(shop, folder / "demo", DAY, NOW, customers=100, orders=300)
    demo.remove(shop, NOW)
    jobs.finish(shop, job, "done", NOW)


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Table → the packages that wrote it, over a shop's life: also a copy of its database that is put back."""
    folder, seen = tmp_path_factory.mktemp("traced"), Seen(set)
    data = folder / "shop"
    shop = opened(data, seen)
    work(shop, folder)
    people(shop)
    imports(shop, folder)
    decisions(shop, folder)
    shop.close()
    shutil.copy2(data / "shop.duckdb", folder / "copy.duckdb")
    shop = opened(data, seen)
    message = campaign(shop)
    others = "SELECT customer_id FROM customers WHERE customer_id NOT IN (SELECT customer_id FROM recipients WHERE message_id = ?)"
    who = str(shop.rows(others, [message])[0]["customer_id"])
    privacy.erase(shop, [privacy.of(shop, who)], None, NOW)
    shop.close()
    shutil.copy2(folder / "copy.duckdb", data / "shop.duckdb")
    shop = opened(data, seen)
    assert restored.state(shop).stopped
    assert unsubscribe.open(shop, message, NOW)
    assert privacy.adopt(shop, NOW) == 1
    restored.keep(shop, None, NOW)
    shop.close()
    return seen


def written_down() -> Seen:
    """The same from the text of all files, for statements that name their table: also those that no run comes by."""
    seen = Seen(set)
    for file in [*(ROOT / "crm").rglob("*.py"), *(ROOT / "crm").rglob("*.sql")]:
        place = file.relative_to(ROOT / "crm")
        for name in re.findall(r"\b(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) \"?(\w+)", file.read_text(encoding="utf-8")):
            if place.parts[:2] != ("database", "versions"):
                seen[name].add(place.with_suffix("").parts[0])
    return seen


def test_each_table_has_one_writer(traced: Seen) -> None:
    """No exceptions: who removes the demo shop, undoes an import or adopts the journal asks the package that owns the table."""
    fresh = database.memory()
    durable = {row["name"] for row in fresh.rows("SELECT table_name AS name FROM duckdb_tables() WHERE database_name = 'memory'")}
    fresh.close()
    assert sorted(durable - traced.keys()) == [], "the run above does not write these: add what does"
    texts = written_down()
    writers = {name: sorted(traced[name] | texts[name]) for name in durable}
    assert {name: who for name, who in writers.items() if len(who) > 1} == {}
    named = documented()
    assert named.keys() == writers.keys()
    assert {name: who for name, who in writers.items() if who[0] not in named[name]} == {}


def documented() -> dict[str, list[str]]:
    """Table → the packages of its row in the table of packages in docs/architecture.md."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = text.partition("| package |")[2].partition("\n\n")[0]
    rows = [line.split("|")[1:4] for line in packages.splitlines() if line.startswith("| `")]
    return {name: re.findall(r"`(\w+)`", package) for package, _, tables in rows for name in re.findall(r"`(\w+)`", tables)}
