"""No personal data where nobody looks for it: the log, job rows, what the provider is told beside the letter, addresses of pages."""

import json
import logging
from pathlib import Path

import pytest

from crm import campaigns, clock, database, jobs, logs, privacy, works
from crm.messaging import Batch, Outcome
from crm.messaging.channels import sendgrid
from crm.settings import Environment
from crm.worker import Worker
from tests.campaigns.given import NOW, Scripted, launch
from tests.imports.given import write, write_orders
from tests.privacy.given import EMAIL, WORDS, order

SECRET = (*WORDS, "Zqname", "gwendolyn", "昭昭")


def test_a_shop_of_unmistakable_names_leaves_none_behind(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It imports well and badly, sends and fails to send, erases; a work breaks with her row in its error."""
    caplog.set_level(logging.DEBUG)
    store = database.open_store(tmp_path / "shop")
    worker = Worker(store, Environment())
    bad = order(4, "2026-07-07", **{"订单编号": "1.23E+17", "收货人姓名": "zqrejected"})
    wrong = order(6, "2026-07-07", **{"买家实际支付金额": "gwendolyn", "总金额": "收件昭昭"})
    good = write_orders(tmp_path / "a.csv", order(1, "2026-03-01"), order(2, "2026-04-01"), bad, wrong)
    refused = write_orders(tmp_path / "b.csv", wrong)
    asked = write(tmp_path / "c.csv", "No,Who,Person,Sum,Other\n1,zqaccount,gwendolyn,5.00,7.00\n2,zqname,zqnick,6.00,8.00\n")
    for path in (good, refused, asked, tmp_path / "missing.csv"):
        for dry_run in (True, False):
            jobs.ask(store, works.Import([str(path)], dry_run=dry_run), clock.now())
            worker.work(jobs.next_waiting(store))  # type: ignore[arg-type]
    assert {job.state for job in jobs.latest(store)} == {"done", "failed"}
    rejected = store.rows("SELECT * FROM import_rejections")
    assert "gwendolyn" in str(rejected)
    campaign = launch(store)
    channel = Scripted(Outcome("unknown", "broken"), ValueError(f"{EMAIL} gwendolyn 收件昭昭"))
    campaigns.send(store, campaign, Environment(), lambda: NOW, channel=channel, wait=lambda _: None)
    quoted = " ".join(SECRET[-3:-1])
    try:
        raise ValueError(f"cannot read '{quoted}' of {EMAIL}: 收件昭昭")
    except ValueError:
        logging.getLogger("crm.test").exception("a work broke")
    privacy.erase(store, privacy.find(store, EMAIL), 2, clock.now())
    rows = str(store.rows("SELECT * FROM jobs"))
    written = "\n".join(logs.Discreet(Environment()).format(record) for record in caplog.records)
    trail = str(store.rows("SELECT * FROM audit"))
    store.close()
    for place in (rows, written, trail):
        assert [word for word in SECRET if word in place] == []


def test_the_provider_is_told_ids_only(tmp_path: Path) -> None:
    store = database.open_store(tmp_path / "shop")
    from crm import uploads

    uploads.import_files(store, [write_orders(tmp_path / "a.csv", order(1, "2026-03-01"))], now=NOW)
    channel = Scripted()
    campaigns.send(store, launch(store), Environment(), lambda: NOW, channel=channel, wait=lambda _: None)
    (batch,) = channel.batches
    assert isinstance(batch, Batch)
    request = sendgrid.payload(batch)
    people = request.pop("personalizations")
    beside = [
        request["custom_args"],
        request.get("categories"),
        *[one["custom_args"] for one in people],
        *[one["headers"] for one in people],
    ]  # type: ignore[attr-defined, index, union-attr]
    store.close()
    assert EMAIL in json.dumps(people)
    assert [word for word in SECRET if word in json.dumps(beside, ensure_ascii=False)] == []
    assert "categories" not in request
