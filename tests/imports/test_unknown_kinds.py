"""Tables nobody knows: what is owed, sorts of rows, credit notes, cents, names with a common beginning, people who come again."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm import uploads
from crm.database import Store
from crm.errors import AskError, CrmError
from crm.imports.results import REASONS
from tests.imports.given import NOW, one, take, write


def table(folder: Path, *lines: str) -> Path:
    return write(folder / "table.csv", "\n".join(lines) + "\n")


def spent(store: Store) -> dict[str, Any]:
    rows = store.rows("SELECT order_id, spend FROM orders ORDER BY order_id")
    return {row["order_id"]: f"{row['spend'] or 0:.2f}" for row in rows}


def codes(result: Any) -> list[str]:
    return [warning.code for warning in result.warnings]


OWED = {
    "Total,Balance due": "en",
    "Gesamtbetrag,Offener Betrag": "de",
    "Total TTC,Solde dû": "fr",
    "Importe total,Saldo pendiente": "es",
    "总金额,未付金额": "zh",
}


@pytest.mark.parametrize("names", OWED)
def test_an_order_of_which_all_is_owed_is_unpaid(store: Store, tmp_path: Path, names: str) -> None:
    rows = [
        "A1,ann@example.com,2026-01-13,40.00,0.00",
        "A2,ben@example.com,2026-01-14,25.50,25.50",
        "A3,ann@example.com,2026-01-15,10.00,0.00",
    ]
    take(store, table(tmp_path, f"Order No,E-Mail,Date,{names}", *rows))
    assert spent(store) == {"A1": "40.00", "A2": "0.00", "A3": "10.00"}


def test_a_part_that_is_owed_is_asked(store: Store, tmp_path: Path) -> None:
    rows = ["A1,ann@example.com,2026-01-13,40.00,0.00", "A2,ben@example.com,2026-01-14,25.50,5.50"]
    with pytest.raises(AskError, match="Balance due"):
        take(store, table(tmp_path, "Order No,E-Mail,Date,Total,Balance due", *rows))


def test_a_part_that_is_owed_below_the_sample_is_asked(store: Store, tmp_path: Path) -> None:
    rows = [f"A{n},b{n}@example.com,2026-01-{n % 27 + 1:02d},40.00,{'40.00' if n % 5 == 0 else '0.00'}" for n in range(300)]
    with pytest.raises(AskError, match=r"5\.50"):
        take(store, table(tmp_path, "Order No,E-Mail,Date,Total,Balance due", *rows, "B1,c@example.com,2026-01-14,25.50,5.50"))
    assert store.rows("SELECT 1 FROM imports") == []


def test_rows_that_are_no_sale_are_listed(store: Store, tmp_path: Path) -> None:
    lines = [
        "Document No,Type,Date,Customer No,Amount,For",
        "Q1,Quote,2026-01-02,C1,500.00,",
        "I1,Invoice,2026-01-05,C1,60.00,",
        "I2,Invoice,2026-01-06,C2,70.00,",
        "C1,Credit Memo,2026-01-15,C2,30.00,I2",
        "I3,Voided,2026-01-16,C3,80.00,",
    ]
    result = take(store, table(tmp_path, *lines))[0]
    assert spent(store) == {"I1": "60.00", "I2": "40.00", "I3": "0.00"}
    assert [(row.row, row.reason) for row in result.rejections] == [(2, REASONS["no_sale"])]


def test_a_sort_of_row_that_nobody_knows_is_asked_and_can_be_said(store: Store, tmp_path: Path) -> None:
    lines = [
        "Doc No,Date,Customer,Type,Amount",
        "A1,2026-01-13,Ann Poe,Sale,10.00",
        "A2,2026-01-14,Bob Ray,Zorp,20.00",
        "A3,2026-01-16,Cy Lowe,Voided,5.00",
    ]
    with pytest.raises(AskError, match="Zorp"):
        take(store, table(tmp_path, *lines))
    take(store, table(tmp_path, *lines), mapping={"statuses": {"Zorp": "cancelled"}})
    assert spent(store) == {"A1": "10.00", "A2": "0.00", "A3": "0.00"}


CREDIT = (
    "Gutschrift;GU1;12.01.2026;C2;-20,00",
    "Gutschrift;GU1;12.01.2026;C2;20,00",
    "Stornorechnung;ST-9;11.01.2026;C2;-20,00",
    "Retoure;R7;10.01.2026;C2;-20,00",
)


@pytest.mark.parametrize("credit", CREDIT)
def test_a_credit_note_without_its_order_is_the_buyer_s_last_one(store: Store, tmp_path: Path, credit: str) -> None:
    lines = [
        "Belegart;Belegnummer;Datum;Kundennummer;Brutto",
        "Rechnung;RE1;05.01.2026;C2;50,00",
        "Rechnung;RE2;07.01.2026;C2;30,00",
        "Rechnung;RE3;08.01.2026;C1;40,00",
    ]
    result = take(store, table(tmp_path, *lines, credit, "Rechnung;RE4;20.01.2026;C2;90,00"))[0]
    assert spent(store) == {"RE1": "50.00", "RE2": "10.00", "RE3": "40.00", "RE4": "90.00"}
    assert {"refund_rows", "refund_buyer"} <= set(codes(result))


def test_a_credit_note_larger_than_any_order_of_the_buyer_is_rejected(store: Store, tmp_path: Path) -> None:
    lines = [
        "Belegart;Belegnummer;Datum;Kundennummer;Brutto",
        "Rechnung;RE1;05.01.2026;C2;50,00",
        "Gutschrift;GU1;12.01.2026;C2;-60,00",
        "Rechnung;RE2;13.01.2026;C2;99,00",
    ]
    result = take(store, table(tmp_path, *lines))[0]
    assert (spent(store), [row.row for row in result.rejections]) == ({"RE1": "50.00", "RE2": "99.00"}, [3])


@pytest.mark.parametrize("remark", ["Return of A-1001", "see A-1001", "A-1001: broken", "(A-1001)"])
def test_a_refund_names_its_order_in_a_remark(store: Store, tmp_path: Path, remark: str) -> None:
    lines = [
        "Receipt No,Date,Customer Card,Total,Remark",
        "A-1001,2026-01-05,K1,50.00,",
        "A-1002,2026-01-06,K2,30.00,",
        f"A-1003,2026-01-07,,-20.00,{remark}",
    ]
    take(store, table(tmp_path, *lines))
    assert spent(store) == {"A-1001": "30.00", "A-1002": "30.00"}


@pytest.mark.parametrize(
    "name", ["amount_cents", "Amount (cents)", "金额(分)", "Betrag (in Cent)", "montant en centimes", "Amount in pence"]
)
def test_amounts_in_cents_are_read_so(store: Store, tmp_path: Path, name: str) -> None:
    take(
        store,
        table(tmp_path, f"order_id,created_at,customer_email,{name}", "1,2026-01-05,a@example.com,4999", "2,2026-01-06,b@example.com,2500"),
    )
    assert spent(store) == {"1": "49.99", "2": "25.00"}


def test_a_map_says_cents_or_not(store: Store, tmp_path: Path) -> None:
    lines = ["order_id,created_at,customer_email,amount", "1,2026-01-05,a@example.com,4999"]
    take(store, table(tmp_path, *lines), mapping={"hundredths": True})
    assert spent(store) == {"1": "49.99"}


def test_a_status_that_says_nothing_of_the_money_is_decided_by_the_payment(store: Store, tmp_path: Path) -> None:
    lines = [
        "Bestellnummer;Bestelldatum;E-Mail;Gesamtbetrag;Bestellstatus;Zahlung erhalten am",
        "1;05.12.2025;a@example.com;54,50;Versendet;06.12.2025",
        "2;06.12.2025;b@example.com;26,00;Versendet;",
        "3;17.12.2025;c@example.com;20,00;Neu;",
        "4;18.12.2025;d@example.com;9,00;Bezahlt;",
    ]
    result = take(store, table(tmp_path, *lines))[0]
    assert spent(store) == {"1": "54.50", "2": "0.00", "3": "0.00", "4": "9.00"}
    assert next(warning.values for warning in result.warnings if warning.code == "by_payment") == {"n": 2}


def test_names_with_a_common_beginning(store: Store, tmp_path: Path) -> None:
    lines = [
        "OXORDERNR,OXORDERDATE,OXBILLEMAIL,OXTOTALORDERSUM,OXPAID",
        "601,2026-02-01,n@example.com,102.90,2026-02-01 15:01:00",
        "602,2026-02-02,e@example.com,44.40,0000-00-00 00:00:00",
    ]
    take(store, table(tmp_path, *lines))
    assert spent(store) == {"601": "102.90", "602": "0.00"}


def test_a_total_less_fees_is_asked(store: Store, tmp_path: Path) -> None:
    lines = [
        "Order No,Date,Buyer ID,Items total,Commission,Total",
        "A1,2026-01-13,ann7,40.00,-4.00,36.00",
        "A2,2026-01-14,ben8,25.00,-2.50,22.50",
        "A3,2026-01-15,cy9,10.00,-1.00,9.00",
    ]
    with pytest.raises(AskError, match="Items total"):
        take(store, table(tmp_path, *lines))


def test_a_sum_under_the_table_is_no_line_of_the_last_order(store: Store, tmp_path: Path) -> None:
    lines = [
        "Order No,Date,E-Mail,Product,Amount",
        "A1,2026-01-13,a@example.com,Mug,40.00",
        "A2,2026-01-14,b@example.com,Lamp,25.00",
        ",,,All together,65.00",
    ]
    try:
        take(store, table(tmp_path, *lines))
    except CrmError:
        return
    assert sum(Decimal(value) for value in spent(store).values()) == 65


def test_sales_whose_columns_nobody_knows_are_not_taken_for_people(store: Store, tmp_path: Path) -> None:
    rows = [
        f"{day} May,{name},01632 96000{place},Large,{price}"
        for day, (name, place, price) in enumerate([("Elsie Tate", 1, 18), ("Dev Anand", 2, 22)] * 4, 1)
    ]
    with pytest.raises(CrmError):
        uploads.import_files(store, [table(tmp_path, "Day,Customer,Phone,Box,How much", *rows)], now=NOW)
    assert one(store, "SELECT count(*) AS n FROM person_records") == {"n": 0}


def test_a_comma_before_three_digits_parts_thousands_where_the_header_s_language_does_so(store: Store, tmp_path: Path) -> None:
    result = take(store, table(tmp_path, "Order No,Customer ID,Date,Total", '1,C1,2026-10-01,"12,345"', "2,C2,2026-10-02,950"))[0]
    assert (spent(store), codes(result)) == ({"1": "12345.00", "2": "950.00"}, ["numbers"])


def test_a_comma_before_three_digits_is_asked_elsewhere(store: Store, tmp_path: Path) -> None:
    lines = ["Bestellnummer;Kunde;Bestelldatum;Gesamtbetrag", "1;C1;01.10.2026;12,345", "2;C2;02.10.2026;950"]
    with pytest.raises(AskError, match="12,345"):
        take(store, table(tmp_path, *lines))


@pytest.mark.parametrize("names", ["", "INV-2", "INV-1"])
def test_a_refund_is_never_taken_off_money_of_another_kind(store: Store, tmp_path: Path, names: str) -> None:
    lines = [
        "Document No,Type,Date,Customer No,Amount,Currency,For",
        "INV-1,Invoice,2026-01-05,C2,60.00,EUR,",
        "INV-2,Invoice,2026-01-06,C2,70.00,USD,",
    ]
    result = take(store, table(tmp_path, *lines, f"C1,Credit Memo,2026-01-15,C2,20.00,EUR,{names}"))[0]
    kept = {"INV-1": "60.00", "INV-2": "70.00"} if names == "INV-2" else {"INV-1": "40.00", "INV-2": "70.00"}
    paid = {row["order_id"]: f"{row['paid'] - row['refunded']:.2f}" for row in store.rows("SELECT order_id, paid, refunded FROM orders")}
    assert (paid, [row.reason for row in result.rejections]) == (kept, [REASONS["no_original"]] if names == "INV-2" else [])


def test_members_by_their_numbers_are_buyers(store: Store, tmp_path: Path) -> None:
    rows = [f"R{n},2026-01-{n % 27 + 1:02d},M{n % 9},Sale,{n}.50" for n in range(1, 40)]
    take(store, table(tmp_path, "Receipt,Date,Member,Type,Amount", *rows, "R99,2026-02-01,M1,Refund,0.50"))
    assert one(store, "SELECT count(DISTINCT customer_id) AS n FROM orders") == {"n": 9}
