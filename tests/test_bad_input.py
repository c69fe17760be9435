"""Bad input from a shop's everyday: each gets its sentence in both languages, exit code 1, no traceback, and nothing is written."""

import importlib
import json
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from typer.testing import CliRunner

from crm import cli
from crm.words import catalogue, translate
from tests.conftest import serving

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
LOCKED = OLE.ljust(512, b"\0") + "EncryptedPackage".encode("utf-16-le").ljust(1536, b"\0")
"""As Office writes a workbook with a password: an OLE file that holds a stream of this name."""
EVERYBODY = {"name": "x", "rungs": [{"name": "all", "where": {"all": []}}]}
UNKNOWN_FIELD = {"name": "x", "rungs": [{"name": "feet", "where": {"field": "shoe_size", "op": "is", "value": 4}}]}
NO_ROWS = "{file} has a header and no rows that could be read below it. Nothing was imported. Please export it again."
NO_AMOUNT = (
    "{file} has no column that could be what the customer paid. Nothing was imported. "
    "Please say it on the import page, or with --map (see “What is asked” in docs/import.md)."
)

FILES = {
    "empty.csv": (b"", "{file} is empty. Nothing was imported. Please export it again."),
    "blank.csv": (b"\xef\xbb\xbf \r\n\r\n", "{file} is empty. Nothing was imported. Please export it again."),
    "photo.csv": (
        PNG,
        "{file} is a picture or a document, not a table. Nothing was imported. Please choose the table that the platform exported.",
    ),
    "scan.csv": (
        b"%PDF-1.7\n" + bytes(900),
        "{file} is a picture or a document, not a table. Nothing was imported. Please choose the table that the platform exported.",
    ),
    "locked.xlsx": (LOCKED, "{file} is protected by a password. Nothing was imported. Please save it without the password."),
    "broken.xlsx": (b"PK\x03\x04" + bytes(300), "{file} is damaged and cannot be opened. Nothing was imported. Please export it again."),
    "colours.csv": (b"colour,size\nred,L\nblue,M\n", NO_AMOUNT),
    "letter.txt": (b"Dear shop,\nour newest news.\n", NO_ROWS),
}
CODES = {
    "empty.csv": "file.empty",
    "blank.csv": "file.empty",
    "photo.csv": "file.picture_or_document",
    "scan.csv": "file.picture_or_document",
    "locked.xlsx": "file.password_protected",
    "broken.xlsx": "file.damaged",
    "colours.csv": "file.no_amount",
    "letter.txt": "file.no_rows",
}


@cache
def terminal() -> typer.Typer:
    """All verbs, as `crm` has them."""
    app = typer.Typer(pretty_exceptions_enable=False)
    for area in cli.AREAS:
        importlib.import_module(f"crm.cli.{area}").register(app)
    return app


def run(*words: str | Path, data: Path) -> tuple[int, str, str]:
    """One verb: exit code, stdout, stderr."""
    done = CliRunner().invoke(terminal(), [*map(str, words), "--data", str(data)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def refused(items: tuple[int, str, str], sentence: str, code: str = "", **values: Any) -> None:
    """Exit 1, the sentence on stderr, on stdout nothing, or with --json its code and the sentence; the sentence has a Chinese twin."""
    words = sentence.format(**values)
    out = json.dumps({"error": {"code": code, "sentence": words}}, ensure_ascii=False) + "\n" if code else ""
    assert items == (1, out, words + "\n")
    assert sentence in catalogue("zh_CN")
    assert "{" not in translate("zh_CN", sentence, **values)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_order_file_is_refused(tmp_path: Path, name: str) -> None:
    content, sentence = FILES[name]
    (tmp_path / name).write_bytes(content)
    data = tmp_path / "shop"
    refused(run("import", tmp_path / name, "--json", data=data), sentence, CODES[name], file=name)
    refused(run("import", tmp_path / name, "--dry-run", data=data), sentence, file=name)
    assert json.loads(run("imports", "--json", data=data)[1]) == {"imports": []}
    assert json.loads(run("kpi", "--json", data=data)[1])["orders"] == 0


def test_one_bad_file_among_good_ones_stops_them_all(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text("order id,buyer,date,amount\nA1,ann,2026-03-01,10\nA2,bob,2026-03-02,20\n")
    (tmp_path / "empty.csv").touch()
    result = run("import", tmp_path / "good.csv", tmp_path / "empty.csv", data=tmp_path / "shop")
    refused(result, FILES["empty.csv"][1], file="empty.csv")
    assert json.loads(run("imports", "--json", data=tmp_path / "shop")[1]) == {"imports": []}


def test_ten_damaged_rows_among_a_thousand_cost_only_themselves(tmp_path: Path) -> None:
    rows = [f"T{n},b{n % 50},2026-03-{n % 28 + 1:02d},{n % 90 + 10}.50" for n in range(1000)]
    damaged = list(range(5, 1000, 100))
    for place, row in enumerate(damaged):
        cells = rows[row].split(",")
        cells[2 + place % 2] = ["never", "much"][place % 2]
        rows[row] = ",".join(cells)
    (tmp_path / "orders.csv").write_text("order id,buyer,date,amount\n" + "\n".join(rows))
    code, out, _ = run("import", tmp_path / "orders.csv", "--json", data=tmp_path / "shop")
    entry = json.loads(out)["files"][0]
    assert (code, entry["rows"], entry["orders"], entry["rejected"]) == (0, 1000, 990, 10)
    assert [(one["row"], one["column"], one["value"]) for one in entry["rejections"]] == [
        (row + 2, ["date", "amount"][place % 2], ["never", "much"][place % 2]) for place, row in enumerate(damaged)
    ]
    assert {one["reason"] for one in entry["rejections"]} == {
        "This is not a date. One is read that is written like 2026-01-31 09:30:00.",
        "This is not an amount.",
    }
    assert {one["reason"] for one in entry["rejections"]} <= set(catalogue("zh_CN"))
    assert {one["code"] for one in entry["rejections"]} == {"date", "amount"}


def test_a_segment_that_names_an_unknown_field_is_refused(tmp_path: Path) -> None:
    ladder = tmp_path / "feet.json"
    ladder.write_text(json.dumps(UNKNOWN_FIELD))
    sentence = "There is no field “{name}”. Nearest known: {known}."
    for words in (("count",), ("members", "--out", str(tmp_path / "out.csv"))):
        result = run("segment", words[0], ladder, *words[1:], "--json", data=tmp_path / "shop")
        refused(result, sentence, "segment.unknown_field", name="shoe_size", known=result[2].strip().rpartition(": ")[2].rstrip("."))
    assert not (tmp_path / "out.csv").exists()


def test_a_template_with_an_unclosed_tag_is_refused(tmp_path: Path) -> None:
    (tmp_path / "all.json").write_text(json.dumps(EVERYBODY))
    spec = {"name": "c", "segment": "all.json", "channel": "outbox", "from_email": "s@example.com", "subject": "AD hello"}
    letter = tmp_path / "letter.json"
    letter.write_text(json.dumps(spec | {"body": "Dear you,\n{% if shop.name %}hello"}))
    sentence = "Line {line} of the text opens a tag that is never closed. Nothing was sent. Please close it."
    refused(run("campaign", "create", letter, data=tmp_path / "shop"), sentence, line=2)
    letter.write_text(json.dumps(spec | {"body": "hello", "subject": "AD {{ customer.nickname"}))
    sentence = "The subject opens a tag that is never closed. Nothing was sent. Please close it."
    refused(run("campaign", "create", letter, data=tmp_path / "shop"), sentence)
    assert json.loads(run("campaign", "list", "--json", data=tmp_path / "shop")[1]) == {"campaigns": []}


@pytest.fixture
def hook(tmp_path: Path) -> Iterator[str]:
    """The address for delivery reports of a running server that has a key."""
    key = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEN0sZwZ0n6x6M6kP5n4Wd7Jk3pQ5G1m0n1d2O7x4Jd0"
    with serving(tmp_path / "shop", CRM_SENDGRID_WEBHOOK_KEY=key) as server:
        yield server.url + "/hooks/sendgrid"


def test_a_delivery_report_without_a_good_signature_is_refused(hook: str) -> None:
    event = [{"event": "delivered", "message_id": "m1", "sg_event_id": "e1", "timestamp": 1}]
    prefix = "X-Twilio-Email-Event-Webhook-"
    forged = {prefix + "Signature": "bm90IGEgc2lnbmF0dXJl", prefix + "Timestamp": "1"}
    for headers, sentence in (
        ({}, "This delivery report is not signed. It was not taken."),
        (forged, "The signature of this delivery report does not fit. It was not taken."),
    ):
        answer = httpx.post(hook, json=event, headers=headers, timeout=20)
        assert (answer.status_code, answer.json()) == (401, {"error": sentence})
        assert sentence in catalogue("zh_CN")
