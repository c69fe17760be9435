"""The same orders in every container and encoding a shop meets; what is in it that is no order is named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crm.database import Store
from crm.errors import BadFileError
from crm.imports import opening
from tests.imports.given import ORDER, take, write, write_items, write_orders
from tests.layouts import samples
from tests.reading.containers import HEADER, TABLE, WANTED, gzipped, page, spreadsheet_xml, text, xlsb, zipped

CSV = text().encode("gb18030")
MAKERS: dict[str, Callable[[Path], Path]] = {
    "o.xlsx": lambda path: samples.workbook(path, {"Sheet1": TABLE}),
    "o.xlsm": lambda path: samples.workbook(path, {"Sheet1": TABLE}),
    "o.xlsb": xlsb,
    "page.xls": page,
    "page.html": lambda path: page(path, encoding="utf-8", declared="gb2312"),
    "2003.xls": lambda path: spreadsheet_xml(path, {"Sheet1": TABLE}),
    "o.zip": lambda path: zipped(path, {"五月/订单.csv": CSV}),
    "x.zip": lambda path: zipped(path, {"o.xlsb": xlsb(path.with_suffix(".xlsb")).read_bytes()}),
    "o.csv.gz": lambda path: gzipped(path, CSV),
    "o.gz": lambda path: gzipped(path, page(path.with_suffix(".xls")).read_bytes()),
    "renamed.csv": lambda path: zipped(path, {"a": CSV}),
}


def spent(store: Store) -> dict[str, str]:
    return {row["order_id"]: str(row["spend"]) for row in store.rows("SELECT order_id, spend FROM orders")}


@pytest.mark.parametrize("name", MAKERS)
def test_every_container_gives_the_same_orders(store: Store, tmp_path: Path, name: str) -> None:
    result = take(store, MAKERS[name](tmp_path / name))[0]
    assert (spent(store), result.rejected, result.left_out) == (WANTED, 0, [])
    assert {row["buyer"] for row in store.rows("SELECT buyer FROM customers")} == {"王小明", "陈大文"}


def test_what_is_offered_is_what_is_read() -> None:
    assert {name.rpartition(".")[2] for name in MAKERS} | {"tsv", "txt", "xls", "ods", "xml", "htm"} == set(opening.EXTENSIONS)


TRADITIONAL = "訂單編號,訂單日期,會員,商品名稱,訂單金額\nA1,2026-05-01,王小明,炒鍋,100.50\nA2,2026-05-02,陳大文,菜刀,80.00\n"
SIMPLE = "订单编号,订单日期,会员,商品名称,订单金额\nA1,2026-05-01,王小明,炒锅,100.50\nA2,2026-05-02,陈大文,菜刀,80.00\n"
BARE = "order,date,customer,amount\nA1,2026-05-01,{},100.50\nA2,2026-05-02,{},80.00\n"


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "cp950", "big5"),
        (TRADITIONAL.replace("王小明", "鰂魚涌的啲嘢"), "big5hkscs", "big5hkscs"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (SIMPLE, "gbk", "gb18030"),
        (SIMPLE, "gb2312", "gb18030"),
        (BARE.format("陳大文", "林志玲"), "big5", "big5"),
        (BARE.format("陈大文", "林志玲"), "gbk", "gb18030"),
        (BARE.format("Jérôme", "Émile Müller"), "cp1252", "cp1252"),
        (BARE.format("Zo\xeb", "Ren\xe9\x81"), "latin-1", "latin-1"),
        (BARE.format("さくら", "田中太郎"), "cp932", "shift_jis"),
        (SIMPLE, "utf-16-le", "utf-16-le"),
        (SIMPLE, "utf-16-be", "utf-16-be"),
        (SIMPLE, "utf-16", "utf-16"),
        (SIMPLE, "utf-8-sig", "utf-8-sig"),
    ],
)
def test_encodings_are_found_and_said(store: Store, tmp_path: Path, content: str, encoding: str, said: str) -> None:
    result = take(store, write(tmp_path / "o.csv", content, encoding))[0]
    assert (result.encoding, spent(store)) == (said, WANTED)
    assert all(row["buyer"] in content for row in store.rows("SELECT buyer FROM customers"))


def test_members_that_are_no_orders_are_named(store: Store, tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"o.csv": CSV}).read_bytes()
    file = zipped(
        tmp_path / "a.zip",
        {
            "QQQQ.csv": CSV,
            "../../readme.txt": b"hello\n",
            "__MACOSX/._o": b"\0\5\x16\7" + bytes(99),
            "inner.zip": inner,
            "logo.png": b"\x89PNG\r\n",
        },
    )
    file.write_bytes(file.read_bytes().replace(b"QQQQ.csv", "订单.csv".encode("gbk")))  # as Windows in China writes names
    result = take(store, file)[0]
    assert (result.file, spent(store)) == ("a.zip [订单.csv]", WANTED)
    assert result.as_json()["left_out"] == ["a.zip [readme.txt]", "a.zip [._o]", "a.zip [inner.zip]", "a.zip [logo.png]"]
    assert not (tmp_path.parent.parent / "readme.txt").exists()


def test_zip_slip_an_entry_that_leads_out_of_its_archive_writes_nothing_there(store: Store, tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    outside = str(tmp_path / "absolute.csv")
    file = zipped(deep / "a.zip", {"../../../evil.csv": CSV, outside: CSV, "..\\..\\windows.csv": CSV, "x/../../../../up.csv": CSV})
    assert {result.file for result in take(store, file)} <= {f"a.zip [{name}.csv]" for name in ("evil", "absolute", "windows", "up")}
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]


def test_every_sheet_with_the_same_header_is_read_and_the_others_are_named(store: Store, tmp_path: Path) -> None:
    june = [HEADER, ["A3", "2026-06-01 09:00:00", "x", "锅", "5.00"]]
    pivot = [["日期", "会员", "合计"], ["2026-05", "王小明", "100.50"]]
    results = take(store, samples.workbook(tmp_path / "o.xlsx", {"五月": TABLE, "汇总": pivot, "六月": june, "空": []}))
    assert [result.file for result in results] == ["o.xlsx [五月]", "o.xlsx [六月]"]
    assert (results[0].left_out, spent(store)) == (["o.xlsx [汇总]"], WANTED | {"A3": "5.00"})


def test_cells_that_reach_over_rows_belong_to_each(store: Store, tmp_path: Path) -> None:
    order = "".join(f"<td rowspan=2>{cell}" for cell in ("A1", "2026-05-01", "王小明"))
    cells = f"<tr><th>订单号<th>日期<th>会员<th>商品<th>金额<tr>{order}<td>炒锅<td>60<tr><td>菜刀<td>40"
    other = "<tr><td>A2<td>2026-05-02<td>陈大文<td>盆<td>80"
    result = take(store, write(tmp_path / "o.xls", f"<html><table>{cells}{other}</table>"))[0]
    assert (result.lines, spent(store)) == (3, {"A1": "100.00", "A2": "80.00"})


def test_a_page_without_tables_and_a_gz_in_a_gz_are_refused(store: Store, tmp_path: Path) -> None:
    for file, sentence in (
        (write(tmp_path / "login.xls", "<html><body>Please log in</body></html>"), "is a web page"),
        (gzipped(tmp_path / "a.gz", gzipped(tmp_path / "b.gz", CSV).read_bytes()), "archive inside an archive"),
        (zipped(tmp_path / "empty.zip", {}), "is empty"),
        (zipped(tmp_path / "none.zip", {"a.png": b"\x89PNG\r\n"}), "picture"),
    ):
        with pytest.raises(BadFileError, match=sentence):
            take(store, file)


def test_order_and_item_files_in_one_archive_join(store: Store, tmp_path: Path) -> None:
    items = write_items(tmp_path / "i.csv", (ORDER["订单编号"][2:-1], "锅", "60", "1", "交易成功")).read_bytes()
    orders = write_orders(tmp_path / "o.csv", {}).read_bytes()
    results = take(store, zipped(tmp_path / "both.zip", {"items.csv": items, "orders.csv": orders}))
    assert [result.format for result in results] == ["taobao_item_2012", "taobao_order_2017"]
    assert store.rows("SELECT product FROM order_lines WHERE customer_id IS NOT NULL") == [{"product": "锅"}]
