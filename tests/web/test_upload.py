"""Uploads on the wire: written whole or not at all, only for whoever holds a ticket of ours, under a name that is only a name."""

import errno
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from crm import database
from crm.accounts.acting import Role
from crm.settings import Environment
from crm.web import door, entrance, upload_files, upload_owner
from crm.web.upload_routes import UPLOAD, tidy
from tests.accounts.given import PASSWORD, add

ID, OTHER_ID = "a1" * 12, "b2" * 12
MARK = upload_owner.new_mark()
OWNER = upload_owner.folder_name(MARK)


async def page(request: object) -> HTMLResponse:
    return HTMLResponse("page")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CRM_DATA", str(tmp_path))
    opened = database.open_store(tmp_path)
    yield tmp_path
    opened.close()


@pytest.fixture
def client(data: Path) -> TestClient:
    return TestClient(Starlette(routes=[UPLOAD, Route("/orders", page)], middleware=[Middleware(upload_owner.Marker)]))


def shown(mark: str = MARK, **more: str) -> dict[str, str]:
    """What a page of ours sends with an upload."""
    return {upload_owner.HEADER: upload_owner.ticket(Environment(), mark), "sec-fetch-site": "same-origin"} | more


def files(data: Path) -> list[str]:
    return sorted(str(path.relative_to(data / "uploads")) for path in (data / "uploads").rglob("*") if path.is_file())


def put(client: TestClient, name: str = "orders.csv", content: bytes = b"a,b\n1,2\n", id: str = ID, **headers: str) -> httpx.Response:
    answer: httpx.Response = client.put(f"/upload/{id}/{name}", content=content, headers=headers or shown())
    return answer


def test_a_file_arrives_under_its_name_and_is_listed(client: TestClient, data: Path) -> None:
    assert put(client).json() == {"id": ID, "name": "orders.csv", "bytes": 8}
    assert files(data) == [f"{OWNER}/{ID}/orders.csv"]
    assert upload_files.listed(data, OWNER)[0].path.read_bytes() == b"a,b\n1,2\n"
    assert client.get(f"/upload/{ID}/x", headers=shown()).json() == {"whole": True, "error": ""}


def test_two_files_of_one_name_stay_apart(client: TestClient, data: Path) -> None:
    put(client)
    assert put(client, id=OTHER_ID).json()["name"] == "orders (2).csv"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {upload_owner.HEADER: "x"},
        {upload_owner.HEADER: f"{MARK}.{'0' * 64}"},
        {"cross": "sec-fetch-site:cross-site"},
        {"cross": "sec-fetch-site:same-site"},
        {"cross": "origin:https://evil.example"},
    ],
)
def test_strangers_and_foreign_pages_write_and_remove_nothing(client: TestClient, data: Path, headers: dict[str, str]) -> None:
    put(client)
    if "cross" in headers:
        name, _, value = headers["cross"].partition(":")
        headers = {upload_owner.HEADER: shown()[upload_owner.HEADER], name: value}
    for method in ("PUT", "GET", "DELETE"):
        assert client.request(method, f"/upload/{OTHER_ID}/x.csv", content=b"1", headers=headers).status_code == 403
        assert client.request(method, f"/upload/{ID}/orders.csv", content=b"1", headers=headers).status_code == 403
    assert files(data) == [f"{OWNER}/{ID}/orders.csv"]


def test_only_the_owner_removes(client: TestClient, data: Path) -> None:
    put(client)
    client.delete(f"/upload/{ID}/orders.csv", headers=shown(upload_owner.new_mark()))
    assert len(files(data)) == 1
    assert client.delete(f"/upload/{ID}/orders.csv", headers=shown()).status_code == 204
    assert files(data) == []


def test_a_browser_without_marks_needs_the_same_origin(client: TestClient) -> None:
    assert put(client, **(shown(origin="http://testserver") | {"sec-fetch-site": "same-origin"})).status_code == 201
    ticket = {upload_owner.HEADER: shown()[upload_owner.HEADER]}
    assert put(client, id=OTHER_ID, **ticket, origin="http://testserver").status_code == 201


@pytest.mark.parametrize(
    ("name", "content", "status"), [("photo.png", b"x", 415), ("orders", b"x", 415), ("a.csv", b"", 400), ("a.csv", b"x" * 1_000_001, 413)]
)
def test_what_cannot_be_imported_is_refused_with_a_sentence(
    client: TestClient, data: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, status: int
) -> None:
    monkeypatch.setenv("CRM_UPLOAD_LIMIT_MB", "1")
    answer = put(client, name, content, **shown(**{"accept-language": "zh-CN"}))
    assert answer.status_code == status
    assert any("\u4e00" <= sign <= "\u9fff" for sign in answer.json()["error"])
    assert files(data) == []
    assert client.get(f"/upload/{ID}/x", headers=shown()).json() == {"whole": False, "error": answer.json()["error"]}


def test_a_full_disk_is_said_before_anything_is_written(client: TestClient, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(client)
    monkeypatch.setattr(upload_files, "free", lambda folder: 50_000_000)
    answer = put(client, id=OTHER_ID, **shown(**{"accept-language": "en"}))
    assert (answer.status_code, "free 50 MB" in answer.json()["error"]) == (507, True)
    assert files(data) == [f"{OWNER}/{ID}/orders.csv"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO])
def test_a_disk_that_fills_up_on_the_way_keeps_nothing(data: Path, number: int) -> None:
    class Full:
        def write(self, content: bytes) -> None:
            raise OSError(number, "")

        def close(self) -> None:
            raise OSError(number, "")

    incoming = upload_files.Incoming(data, OWNER, ID, 10)
    incoming._file.close()
    incoming._file = Full()  # type: ignore[assignment]
    with pytest.raises(OSError if number == errno.EIO else upload_files.CrmError):
        incoming.write(b"1234567890")
    incoming.drop()
    assert files(data) == []


def test_half_a_file_is_not_kept(data: Path) -> None:
    incoming = upload_files.Incoming(data, OWNER, ID, 10)
    incoming.write(b"12345")
    assert not incoming.whole
    assert upload_files.listed(data, OWNER) == []
    tidy(Environment())
    assert incoming.part.exists()  # it may still be coming
    tidy(Environment(), everything_half=True)
    assert not incoming.part.exists()


def test_old_files_go_unless_an_import_waits_for_them(client: TestClient, data: Path) -> None:
    put(client)
    put(client, id=OTHER_ID)
    long_ago = time.time() - 2 * 24 * 3600 - 60
    for upload in upload_files.listed(data, OWNER):
        os.utime(upload.path.parent, (long_ago, long_ago))
    upload_files.sweep(data, {data.resolve() / "uploads" / OWNER / ID / "orders.csv"})
    assert files(data) == [f"{OWNER}/{ID}/orders.csv"]


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("orders.csv", "orders.csv"),
        ("../../etc/passwd.csv", "passwd.csv"),
        ("..\\..\\boot.csv", "boot.csv"),
        ("/abs/olute.csv", "olute.csv"),
        ("订单 (1).xlsx", "订单 (1).xlsx"),
        (".hidden.csv", "hidden.csv"),
        ("a\x00b\n\u202ecsv.csv", "abcsv.csv"),
        ('a:b*?"<>|.csv', "a_b______.csv"),
        ("", "file"),
        (".", "file"),
        ("汉" * 300 + ".csv", "汉" * 40 + ".csv"),
    ],
)
def test_names_are_only_names(given_name: str, kept: str) -> None:
    assert upload_files.sane(given_name) == kept


@given(st.text())
def test_no_name_leaves_its_folder(name: str) -> None:
    kept = upload_files.sane(name)
    assert kept == Path(kept).name
    assert kept not in ("", ".", "..")
    assert len(kept.encode()) <= 180


@given(st.text(min_size=1, max_size=40))
def test_ids_are_never_paths(name: str) -> None:
    assert upload_owner.folder_name(name).isalnum()


@pytest.mark.parametrize("path", ["/upload/../x.csv", "/upload/%2e%2e/x.csv", "/upload/..%2f..%2fx/x.csv", "/upload/short/x.csv"])
def test_odd_ids_are_refused(client: TestClient, data: Path, path: str) -> None:
    assert client.put(path, content=b"1", headers=shown()).status_code in (403, 404)
    assert files(data) == []


def test_a_browser_gets_its_mark_once_and_only_with_a_page(client: TestClient) -> None:
    first = client.get("/orders", headers={"accept": "text/html"})
    assert "HttpOnly" in first.headers["set-cookie"] and "SameSite=Lax" in first.headers["set-cookie"]
    assert "set-cookie" not in client.get("/orders", headers={"accept": "text/html"}).headers
    client.cookies.clear()
    assert "set-cookie" not in client.get("/orders", headers={"accept": "image/png"}).headers


def test_the_door_is_before_the_uploads(data: Path) -> None:
    add(database.open_store(data), "Anna", Role.OWNER)
    middleware: Any = [Middleware(door.Door), Middleware(upload_owner.Marker)]
    with TestClient(Starlette(routes=[*entrance.ROUTES, UPLOAD], middleware=middleware), follow_redirects=False) as client:
        assert put(client).status_code == 403
        assert files(data) == []
        client.post("/login", data={"name": "Anna", "password": PASSWORD})
        assert put(client).status_code == 201
    shutil.rmtree(data / "uploads")
