"""Status texts: whole phrases first, then word by word; with one word that is not known nothing is said. Sorts of rows."""

import pytest

from crm.columns import statuses

SAID = {
    "[7] Warenausgang gebucht": "shipped",
    "[11.1] Gutschrift ausgezahlt": "closed_refunded",
    "[3] Warten auf Zahlung": "unpaid",
    "[6] In Versandvorbereitung": "paid_unshipped",
    "ja (Überweisung)": "paid_unshipped",
    "ja, bar": "paid_unshipped",
    "Gepackt": "paid_unshipped",
    "Annulée par le client": "cancelled",
    "Refusée par le vendeur": "cancelled",
    "En attente d'acceptation": "unpaid",
    "En attente de virement bancaire": "unpaid",
    "Cancelada por el comprador": "cancelled",
    "Devuelto con reembolso al comprador": "closed_refunded",
    "Devuelto, se le reintegró todo": "closed_refunded",
    "En espera de pago por transferencia bancaria": "unpaid",
    "Error en pago": "closed_unpaid",
    "Pendiente de cobro": "unpaid",
    "Entregado y pago": "shipped",
    "Denegada 190": "closed_unpaid",
    "Written off": "closed_unpaid",
    "Credit note": "closed_refunded",
    "Payment not received": "unpaid",
    "Not confirmed": "unpaid",
    "Refund rejected": "completed",
    "Partially refunded": "partial_refund",
    "On its way": "shipped",
    "等未付": "unpaid",
    "尾款未付": "deposit_paid",
    "已结清": "paid_unshipped",
    "退貨完成": "closed_refunded",
    "已出貨": "shipped",
}
UNSAID = (
    "Delivery failed",
    "pagado no enviado",
    "paid but not shipped",
    "Partially paid",
    "no cancelado",
    "Not deposited",
    "Zorp",
    "paid zorp",
    "In Klärung",
    "30",
    "",
    "被合并",
)
NEUTRAL = ("Open", "closed", "Bestellt", "Abierta", "Cerrada", "Sent", "Confirmed", "Nouvelle", "freigegeben", "待审核", "已確認", "生效")


@pytest.mark.parametrize(("text", "meaning"), SAID.items())
def test_a_text_is_read_word_by_word(text: str, meaning: str) -> None:
    assert statuses.meaning(text) == meaning


@pytest.mark.parametrize("text", UNSAID)
def test_one_word_too_many_and_nothing_is_said(text: str) -> None:
    assert statuses.meaning(text) == "unknown"


@pytest.mark.parametrize("text", NEUTRAL)
def test_states_that_say_nothing_of_the_money(text: str) -> None:
    assert (statuses.is_neutral(text), statuses.meaning(text) in ("unknown", "unpaid")) == (True, True)


@pytest.mark.parametrize("text", [text for text, meaning in SAID.items() if meaning in ("unpaid", "closed_unpaid", "cancelled")])
def test_what_is_not_paid_never_is_a_sale(text: str) -> None:
    assert statuses.answer(text) not in ("paid_unshipped", "shipped", "completed")


SORTS = {
    "sells": (
        "Sale",
        "Sales invoice",
        "Rechnung",
        "Auftrag",
        "Umsatz",
        "Vente",
        "Facture",
        "Boleta Electrónica",
        "Venta",
        "销售单",
        "商城订单",
        "堂食",
    ),
    "gives_back": (
        "Refund",
        "Sales credit note",
        "Credit Memo",
        "Refund receipt",
        "Gutschrift",
        "Retoure zu Bon 70014",
        "Avoir",
        "Retour T-4411",
        "Nota crédito",
        "Rectificativa de F260001",
        "销售退货单",
        "红字",
    ),
    "no_sale": (
        "Quote",
        "Payout",
        "Angebot",
        "Lieferschein",
        "Mahnung",
        "Devis",
        "Facture pro forma",
        "Cotización",
        "Guía de Despacho",
        "储值充值",
        "会员储值",
    ),
    "void": ("Voided", "Storniert", "Annulé", "作废"),
    "": ("Online", "Zorp", "Visa", "微信", ""),
}


@pytest.mark.parametrize(("sort", "text"), [(sort, text) for sort, texts in SORTS.items() for text in texts])
def test_sorts_of_rows(sort: str, text: str) -> None:
    assert statuses.sort(text) == sort


def test_a_column_of_sorts_sells_and_does_something_else() -> None:
    assert statuses.are_sorts(["Sale", "Refund"]) and statuses.are_sorts(["销售单", "储值充值", "堂食"])
    assert not statuses.are_sorts(["Sale", "Order"])
    assert not statuses.are_sorts(["Sale", "Visa", "Cash", "Refund", "Card"])
    assert not statuses.are_sorts([])


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("已付款(部分退款)", "partial_refund"),
        ("未支付（已取消）", "cancelled"),
        ("Storniert (unbezahlt)", "cancelled"),
        ("Versendet (nicht bezahlt)", "unpaid"),
        ("Shipped (refunded)", "closed_refunded"),
        ("Cancelado sin pago", "cancelled"),
        ("Annulé, non payé", "cancelled"),
        ("已提货", "completed"),
        ("Cancelled (refunded)", "closed_refunded"),
        ("Annulée - remboursée", "closed_refunded"),
        ("Refund cancelled", "completed"),
        ("not cancelled", "unknown"),
        ("Paid (foo)", "unknown"),
    ],
)
def test_two_words_in_one_status(text: str, means: str) -> None:
    assert statuses.meaning(text) == means
