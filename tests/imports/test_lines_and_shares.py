"""Tables nobody knows: what was given back of single lines, shares of an order's money, statuses of lines, dates beside payments."""

from pathlib import Path

import pytest

from crm.database import Store
from crm.errors import AskError
from tests.imports.given import take
from tests.imports.test_unknown_kinds import spent, table

HEADS = {
    "订单号,下单时间,邮箱,商品名称,订单实付金额,商品退款金额": "zh",
    "Order No,Order date,Email,Item,Order total,Refund amount": "en",
    "Bestellnummer,Bestelldatum,E-Mail,Artikel,Gesamtbetrag,Erstattungsbetrag": "de",
    "N° de commande,Date de commande,E-mail,Article,Total TTC,Montant remboursé": "fr",
    "Nº de pedido,Fecha de pedido,Correo,Artículo,Total pedido,Importe reembolsado": "es",
}


@pytest.mark.parametrize("head", HEADS)
def test_what_was_given_back_of_single_lines_is_added_up(store: Store, tmp_path: Path, head: str) -> None:
    """Where an order's lines differ in it the column is of lines, and nobody gets back more than was paid."""
    rows = [
        "A1,2025-03-04,a@x.example,Pan,283.00,0.00",
        "A1,2025-03-04,a@x.example,Lid,283.00,15.00",
        "A2,2025-03-05,b@x.example,Pan,103.40,10.40",
        "A2,2025-03-05,b@x.example,Lid,103.40,3.00",
        "A3,2025-03-06,c@x.example,Pan,90.00,90.00",
        "A3,2025-03-06,c@x.example,Lid,90.00,90.00",
        "A4,2025-03-07,a@x.example,Pan,50.00,",
        "A4,2025-03-07,a@x.example,Lid,50.00,7.50",
        "A5,2025-03-08,d@x.example,Pan,20.00,0.00",
        "A6,2025-03-09,d@x.example,Pan,100.00,15.00",
        "A6,2025-03-09,d@x.example,Lid,100.00,15.00",
    ]
    take(store, table(tmp_path, head, *rows))
    assert spent(store) == {"A1": "268.00", "A2": "90.00", "A3": "0.00", "A4": "42.50", "A5": "20.00", "A6": "70.00"}


@pytest.mark.parametrize("name", ["Zeta", "Anteil XY", "分配价", "Mise", "Reparto"])
def test_money_without_a_name_beside_list_prices_is_asked(store: Store, tmp_path: Path, name: str) -> None:
    rows = [
        f"A{n},2025-03-0{n},p{n}@x.example,Pan,{n},10.00,{n * 9.5:.2f}" for n in range(1, 9)
    ]  # what the lines came to after discounts, perhaps
    with pytest.raises(AskError, match=name):
        take(store, table(tmp_path, f"Order No,Date,Email,Item,Quantity,Unit price,{name}", *rows))


@pytest.mark.parametrize("name", ["分摊应收", "分摊后总价", "优惠后小计"])
def test_shares_of_an_order_are_its_lines_money(store: Store, tmp_path: Path, name: str) -> None:
    rows = [
        "A1,2025-03-04 09:00:12,甜橙,T恤,2,79.00,150.00",
        "A1,2025-03-04 09:00:12,甜橙,袜,1,22.00,20.00",
        "A2,2025-03-04 11:00:12,老猫,鞋,1,459.00,399.00",
        "A3,2025-03-05 11:00:12,ava,垫,1,139.00,129.00",
    ]
    take(store, table(tmp_path, f"订单编号,下单时间,客户网名,货品名称,下单数量,标价,{name}", *rows))
    assert spent(store) == {"A1": "170.00", "A2": "399.00", "A3": "129.00"}


@pytest.mark.parametrize("name", ["Line status", "État de la ligne", "Positionsstatus", "Estado de la línea", "子订单状态"])
def test_statuses_of_lines_of_which_some_were_cancelled_are_asked(store: Store, tmp_path: Path, name: str) -> None:
    rows = [
        "A1,2025-03-04,a@x.example,Pan,30.00,shipped",
        "A2,2025-03-05,b@x.example,Lid,20.00,cancelled",
        "A3,2025-03-06,c@x.example,Cup,9.00,shipped",
    ]
    with pytest.raises(AskError, match=name):
        take(store, table(tmp_path, f"Order No,Date,Email,Item,Order total,{name}", *rows))


@pytest.mark.parametrize("between", [" - ", " – ", " | ", ", ", " · ", " / ", "  ", "T"])
def test_what_stands_between_day_and_time_makes_no_difference(store: Store, tmp_path: Path, between: str) -> None:
    rows = [f"A{n};2025-03-{n:02d}{between}08:12:{n:02d};p{n}@x.example;10,50" for n in range(1, 6)]
    take(store, table(tmp_path, "Bestellnummer;Erstelldatum;E-Mail;Gesamtbetrag", *rows))
    assert [str(row["at"]) for row in store.rows("SELECT created_at AS at FROM orders ORDER BY order_id")] == [
        f"2025-03-{n:02d} 00:12:{n:02d}" for n in range(1, 6)
    ]


@pytest.mark.parametrize("name", ["落单日期", "Erstelldatum", "Zeitpunkt", "Quando"])
def test_unpaid_orders_keep_their_day_though_only_payments_have_a_name(store: Store, tmp_path: Path, name: str) -> None:
    rows = ["A1,2025-03-04,2025-03-05,a@x.example,30.00", "A2,2025-03-05,,b@x.example,20.00", "A3,2025-03-06,2025-03-06,c@x.example,9.00"]
    (result,) = take(store, table(tmp_path, f"Order No,{name},Payment date,Email,Total", *rows))
    assert (result.orders, result.rejected) == (3, 0)
    assert spent(store) == {"A1": "30.00", "A2": "0.00", "A3": "9.00"}


def test_masked_numbers_are_nobody_s_so_nicknames_are(store: Store, tmp_path: Path) -> None:
    rows = [f"A{n},2025-03-0{n},{['甜橙', '老猫'][n % 2]},138****441{n % 2},1{n}.00" for n in range(1, 7)]
    take(store, table(tmp_path, "订单编号,下单时间,客户网名,手机,实付金额", *rows))
    assert store.rows("SELECT count(DISTINCT customer_id) AS n, count(customer_id) AS orders FROM orders") == [{"n": 2, "orders": 6}]


@pytest.mark.parametrize("name", ["Zurückgelegt", "XY", "Manko", "另记", "Remis"])
def test_money_on_a_few_rows_that_nobody_knows_is_said(store: Store, tmp_path: Path, name: str) -> None:
    rows = [f"A{n},2025-03-0{n},p{n}@x.example,3{n}.00,{'5.50' if n == 3 else ''}" for n in range(1, 9)]
    file = table(tmp_path, f"Order No,Date,Email,Total,{name}", *rows)
    (result,) = take(store, file)
    assert [warning.values["names"] for warning in result.warnings if warning.code == "unused_money"] == [name]
    columns = {"order_id": "Order No", "created_at": "Date", "buyer_email": "Email", "paid_amount": "Total", "refund_amount": name}
    (result,) = take(store, file, mapping={"columns": columns})
    assert "unused_money" not in [warning.code for warning in result.warnings]
    assert spent(store)["A3"] == "27.50"


@pytest.mark.parametrize("name", ["Payment", "Paiement", "Zahlung", "Pago"])
@pytest.mark.parametrize("refund", ["Refund", "Remboursement", "Erstattung", "davon erstattet", "Devuelto"])
def test_a_payment_column_of_states_and_refunds_in_brackets(store: Store, tmp_path: Path, name: str, refund: str) -> None:
    states = ["paid", "paid", "unpaid", "failed", "paid", "paid"]
    rows = [f"A{n},2025-03-0{n},p{n}@x.example,3{n}.00,{state},{'(5.50)' if n == 2 else ''}" for n, state in enumerate(states, 1)]
    take(store, table(tmp_path, f"Order No,Date,Email,Grand total,{name},{refund}", *rows))
    assert spent(store) == {"A1": "31.00", "A2": "26.50", "A3": "0.00", "A4": "0.00", "A5": "35.00", "A6": "36.00"}


def test_a_cancelled_order_of_which_money_came_back_was_paid(store: Store, tmp_path: Path) -> None:
    items = [("paid", "0.00"), ("cancelled", "32.00"), ("cancelled", "0.00")]
    rows = [f"A{n},2025-03-0{n},p{n}@x.example,3{n}.00,{status},{back}" for n, (status, back) in enumerate(items, 1)]
    take(store, table(tmp_path, "Order No,Date,Email,Total,Status,Refund", *rows))
    assert [(row["order_id"], row["is_paid"], float(row["spend"])) for row in store.rows("SELECT * FROM orders ORDER BY order_id")] == [
        ("A1", True, 31.0),
        ("A2", True, 0.0),
        ("A3", False, 0.0),
    ]


@pytest.mark.parametrize("head", HEADS)
def test_what_was_given_back_of_an_order_is_told_once_however_many_lines_it_has(store: Store, tmp_path: Path, head: str) -> None:
    rows = [
        "A1,2025-03-04,a@x.example,Pan,283.00,0.00",
        "A1,2025-03-04,a@x.example,Lid,283.00,0.00",
        "A2,2025-03-05,b@x.example,Pan,103.40,10.40",
        "A2,2025-03-05,b@x.example,Lid,103.40,10.40",
        "A2,2025-03-05,b@x.example,Cup,103.40,10.40",
    ]
    take(store, table(tmp_path, head, *rows))
    assert spent(store) == {"A1": "283.00", "A2": "93.00"}


@pytest.mark.parametrize("name", ["Appointment Price", "Worth", "Kurswert", "Zeta"])
def test_a_payment_that_is_now_and_then_a_part_of_other_money_is_asked(store: Store, tmp_path: Path, name: str) -> None:
    rows = [f"A{n},2025-03-0{n},p{n}@x.example,{paid},{price}" for n, (paid, price) in enumerate(DEPOSITS, 1)]
    with pytest.raises(AskError, match=name):
        take(store, table(tmp_path, f"Order No,Date,Email,Amount paid online,{name}", *rows))


DEPOSITS = [("85.00", "85.00"), ("30.00", "120.00"), ("60.00", "60.00"), ("25.00", "85.50"), ("0.00", "60.00"), ("44.00", "44.00")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("138-0000-0001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("138 0000 0001", "+8613800000001"),
        ("0171/123 45 67", "0171 1234567"),
        ("06.12.34.56.78", "06 12 34 56 78"),
        ("(555) 010-2030", "555-010-2030"),
        ("612 345 678", "612-345-678"),
        ("+34 612-345-678", "+34612345678"),
        ("0086 13800000001", "13800000001"),
        ("020 7946\u20110018", "020 7946 0018"),
    ],
)
def test_one_number_is_one_person_however_it_is_written(store: Store, tmp_path: Path, one: str, other: str) -> None:
    rows = [f"A1,2025-03-04,{one},30.00", f"A2,2025-03-05,{other},20.00", "A3,2025-03-06,13900000009,20.00"]
    take(store, table(tmp_path, "Order No,Date,Phone,Total", *rows))
    assert store.rows("SELECT count(DISTINCT customer_id) AS n, count(customer_id) AS orders FROM orders") == [{"n": 2, "orders": 3}]


@pytest.mark.parametrize("name", ["Deposit paid", "Deposit", "Anzahlung", "Acompte", "Anticipo", "定金", "Zeta"])
def test_a_total_of_which_now_and_then_only_a_part_may_have_come_is_asked(store: Store, tmp_path: Path, name: str) -> None:
    rows = [f"A{n},2025-03-0{n},p{n}@x.example,{price},{paid}" for n, (paid, price) in enumerate(DEPOSITS, 1)]
    with pytest.raises(AskError, match=name):
        take(store, table(tmp_path, f"Order No,Date,Email,Order total,{name}", *rows))


@pytest.mark.parametrize(
    ("name", "words"), [("Situação", "Pago,Aguardando pagamento,Cancelado,Enviado"), ("Tila", "maksettu,cancelled,odottaa,avoin")]
)
def test_words_of_another_language_of_which_one_is_known_to_be_no_sale_are_asked(
    store: Store, tmp_path: Path, name: str, words: str
) -> None:
    rows = [f"A{n},2025-03-0{n},p{n}@x.example,3{n}.00,{word}" for n, word in enumerate(words.split(","), 1)]
    with pytest.raises(AskError, match=name):
        take(store, table(tmp_path, f"Order No,Date,Email,Total,{name}", *rows))
