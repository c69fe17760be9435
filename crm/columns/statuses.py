"""Status words of shops nobody told us about, in five languages: whole words with their negations, never parts of words."""

import re
from functools import lru_cache

from crm.columns import names

UNKNOWN = "unknown"
WORST_FIRST = (
    "closed_refunded", "cancelled", "closed", "closed_unpaid", "unpaid", "deposit_paid", "on_hold", UNKNOWN, "refunding", "partial_refund",
    "paid_unshipped", "shipped", "completed",
)  # fmt: skip
"""Of an order's status and its payment's the one that counts: whichever says that less money came."""

_NOT = r"(not|non|no|un|nicht|noch nicht|pas|sin|sans|never|nie|ohne|without|yet to be)( yet| fully| been| ete| ha sido| wurde| worden)*"
_REFUND = (
    r"(refund(ed|s|ing)?|return(ed|s)?|erstattet\w*|erstattung|rueckerstattet\w*|rueckerstattung|zurueckgezahlt|zurueckerstattet|retourniert\w*|"
    r"retoure|rembourse\w*|retourne\w*|reembols\w*|devuelt\w*|devolucion|devolver)"
)
_SEND = (
    r"(ship(ped|ping|ment)?|fulfil(l?ed|l?ment)|dispatch(ed)?|deliver(ed|y)?|pick ?up|collection|packed|versendet|versandt?|verschickt|geliefert|"
    r"lieferung|expedie\w*|expedition|envoye\w*|livre\w*|livraison|enviad\w*|envio|entregad\w*|entrega|despachad\w*|despacho)"
)
_PAY = r"(paid|payment|bezahlt|gezahlt|zahlung|paye\w*|paiement|regle\w*|reglement|pagad\w*|pago|pagar|abonad\w*|abonar|cobrad\w*|cobrar|payer|zahlen)"
_WAIT = (
    r"(awaiting|pending|waiting( for| on)?|wartet( auf)?|warte auf|ausstehend\w*|offen\w*|en attente( de| d)?|attente( de| d)?|pendiente( de)?|"
    r"esperando( el)?|a la espera de|por|to be|due)"
)
_PARTLY = r"(partial(ly)?|partly|part|in teilen|en partie|teilweise|teil|partiel\w*|parcial\w*|in part)"
_FIT = r"{0} {1}|{1} {0}"

LATIN: tuple[tuple[str, str], ...] = (
    ("partial_refund", _FIT.format(_PARTLY, _REFUND) + r"|teil(rueck)?erstatt\w*|teilretoure"),
    ("completed", rf"{_NOT} {_REFUND}|{_REFUND} (rejected|declined|denied|refused|closed|cancell?ed|abgelehnt|refuse\w*|rechazad\w*)|dispute won|won"),
    ("refunding", rf"{_REFUND} (pending|request(ed)?|processing|in progress|beantragt|angefordert|en cours|demande\w*|pendiente|solicitad\w*|en proceso)"
                  rf"|{_WAIT} {_REFUND}|return (initiated|in transit)|refunding|reembolso en curso"),
    ("closed_refunded", rf"(fully |voll(staendig)? |totalmente |entierement |integralement )*{_REFUND}( fully| in full| completed?| issued| complete| total\w*)?"
                        r"|charge ?backs?( lost)?|charged back|dispute lost|lost|rueckbuchung|rueckgebucht|reversed|contracargo|retrofacturation|geld zurueck"),
    (UNKNOWN, rf"{_NOT} (cancell?ed|storniert|annule\w*|cancelad\w*|anulad\w*|void(ed)?|failed)|{_PARTLY} {_PAY}|{_PAY} {_PARTLY}|teilbezahlt|teilzahlung"),
    ("cancelled", r"(order |bestellung |commande |pedido |auto(matically)? )*(cancell?ed|cancell?ation|cancell?|void(ed)?|storniert\w*|storno|stornierung|annulliert\w*|"
                  r"annule\w*|annulation|cancelad\w*|cancelacion|anulad\w*|revoked|rejected|abgelehnt|refuse\w*|rechazad\w*|abgebrochen|withdrawn)"
                  r"( by( the)? (customer|buyer|seller|merchant|system|admin)| order| durch kunden?| vom kunden)*"),
    ("closed_unpaid", r"((payment|zahlung|paiement|pago|order) )*(failed|failure|fail|declined|denied|expired|abandoned|timed? ?out|error|fehlgeschlagen|gescheitert|"
                      r"abgelaufen|verfallen|echou\w*|echec|echec de paiement|expire\w*|fallid\w*|fallo|caducad\w*|abandonad\w*|abandonne\w*|error de pago|pago fallido)( payment)?"),
    ("paid_unshipped", rf"{_NOT} {_SEND}|unfulfilled|unshipped|undelivered|{_WAIT} {_SEND}|{_WAIT} (processing|fulfillment|preparation|preparacion)"
                       rf"|(ready|bereit|pret\w*|listo|lista)( (to|for|zum|zur|fuer|a|para|pour))*( the| el| l| la| die| den)*( {_SEND}| be {_SEND})|versandbereit|abholbereit"),
    ("unpaid", rf"{_NOT} {_PAY}|unpaid|unbezahlt\w*|impaye\w*|impagad\w*|{_WAIT} {_PAY}|{_PAY} (pending|due|outstanding|required|expected|ausstehend|offen|en attente|pendiente)"
               r"|pending|overdue|outstanding|offen|ausstehend|ueberfaellig|faellig|gemahnt|en attente|a payer|en souffrance|pendiente|por pagar|a pagar|vencid\w*"
               rf"|{_NOT} (completed?|complete|finished|abgeschlossen|termine\w*|finalise\w*|completad\w*|finalizad\w*|confirmed)|incomplete|unvollstaendig|incomplet\w*"
               r"|(payment |order )?(on )?hold|on backorder|en espera|zurueckgestellt|angehalten|suspendu\w*|draft|entwurf|brouillon|borrador|quote|quotation|angebot|devis|presupuesto"
               r"|authori[sz]ed|autorisiert|autorise\w*|autorizad\w*|checkout|in checkout|cart|warenkorb|panier|open invoice|invoiced unpaid|not yet due"),
    ("deposit_paid", r"deposit( paid)?|anzahlung|angezahlt|acompte( verse)?|anticipo|sena"),
    ("shipped", rf"({_PARTLY} )?(shipped|fulfilled|dispatched|versendet|versandt|verschickt|expedie\w*|envoye\w*|enviad\w*|despachad\w*|teilversendet|teilgeliefert|teilversandt)"
                r"|(order )?in transit|out for delivery|unterwegs|en transit|en cours de livraison|en cours d acheminement|en camino|en transito|en reparto|on (the|its) way|in zustellung"),
    ("completed", r"(order |payment |transaction )*(completed?|complete|done|delivered|success(ful|fully)?|succeeded|finished|fulfilled|picked ?up|collected|sold|paid and (shipped|delivered|completed?)|"
                  r"geliefert|zugestellt|abgeschlossen|fertig|erledigt|erfolgreich|abgeholt|ausgeliefert|termine\w*|complete\w*|livre\w*|finalise\w*|reussi\w*|completad\w*|"
                  r"completo|entregad\w*|finalizad\w*|terminad\w*|exitos\w*|completada|recibid\w*|recogid\w*|received by (customer|buyer)|ok)"),
    ("paid_unshipped", r"(fully |already |order |payment |vollstaendig |totalmente |entierement )*(paid|prepaid|pre paid|payment (received|accepted|complete[d]?|confirmed|successful)|captured|settled|processed|processing|"
                       r"in process|in progress|packed|packing|preparing|being prepared|bezahlt|gezahlt|vorausbezahlt|zahlung erhalten|zahlung eingegangen|in bearbeitung|"
                       r"wird bearbeitet|in vorbereitung|paye|payes|payee|payees|prepaye\w*|regle|reglee|paiement (accepte|recu|valide|effectue)|en preparation|"
                       r"en cours( de (preparation|traitement))?|en traitement|pagad\w*|prepagad\w*|abonad\w*|cobrad\w*|pago (recibido|aceptado|confirmado|completado)|"
                       r"procesando|en proceso|en preparacion|preparando)( in full| fully| online)?"),
)  # fmt: skip
"""Meaning, and the whole texts that have it (small letters, without accents and marks); the first that fits counts."""

CHINESE: tuple[tuple[str, str], ...] = (
    ("partial_refund", r"部分(已)?(退款|退货)(成功|完成)?"),
    ("completed", r"(未|无|没有|不)(申请|发生|产生|需)?(退款|退货|售后)|(退款|售后|退货)(申请)?(已)?(关闭|取消|撤销|拒绝|被拒绝|失败)|拒绝退款"),
    ("refunding", r"(待|等待|申请|正在|处理)(卖家|商家|买家)?.{0,2}(退款|退货).*|(退款|退货|售后)(处理)?(中|申请中|待处理|审核中)|退款申请.*"),
    ("closed_refunded", r"(已)?(全额|全部)?(退款|退货|退货退款)(成功|完成|完毕)?|(交易|订单)?(已)?退款(成功)?[，,]?(交易|订单)?(已)?关闭|(已)?拒付|(已)?退单|(已)?退回"),
    ("cancelled", r"(订单|交易|买家|卖家|用户|系统|客户|商家)?(已|自动|主动)?(被)?(取消|作废|撤销|撤单|废弃)(订单|交易)?|无效(订单)?"),
    ("closed", r"(订单|交易)?(已|自动)?关闭"),
    ("closed_unpaid", r"(支付|付款|扣款|下单|交易)失败|失败|(已)?(过期|超时|失效)(未付款|未支付|关闭)?|(超时|逾期)未(付款|支付)(关闭)?|未付款(已)?(取消|关闭)"),
    (UNKNOWN, r"部分(付款|支付|收款)|已(付|支付)部分"),
    ("deposit_paid", r"(已)?(付|支付)?(定金|订金)(已付|已支付)?|(待|等待)(付|支付)?尾款"),
    ("unpaid", r"(未|待|等待|尚未|没有|还没|等)(买家|客户|用户|顾客)?(付款|支付|付|收款|结账|结算|付清|付费)(确认|中)?|(付款|支付)(中|待确认)|欠款|赊账|挂账|挂起|暂停|草稿|(未|尚未|没有)完成|未成交|未确认|待确认付款|报价"),
    ("paid_unshipped", r"(买家|客户|已)?(已)?(付款|支付|付清|收款|结账|付|结算)(成功|完成)?([，,]?(待|等待|未)(卖家|商家)?发货)?|(支付|付款|收款)(成功|完成)|(待|等待|未|尚未)(卖家|商家)?(发货|出库|配货|备货|配送|揽收|揽件|打包|接单|处理|自提)|备货中|配货中|(拣货|打包|处理)中"),
    ("shipped", r"(卖家|商家|部分)?(已|部分)?(发货|出库|寄出|发出|揽收|揽件)([，,]?(待|等待)(买家)?(确认)?(收货|签收))?|(配送|运输|派送|派件|在途|快递|物流)(中|途中)?|(待|等待)(买家)?(确认)?(收货|签收)"),
    ("completed", r"(交易|订单)?(已)?(成功|完成|完结|签收|收货|送达|妥投|成交|确认收货|自提|核销|评价|结束)|待评价|(已)?完成(交易)?|正常|有效"),
)  # fmt: skip
_LATIN = tuple((meaning, re.compile(pattern)) for meaning, pattern in LATIN)
_CHINESE = tuple((meaning, re.compile(pattern)) for meaning, pattern in CHINESE)
YES = frozenset(["yes", "y", "true", "1", "ja", "wahr", "oui", "vrai", "si", "verdadero", "是", "已付", "x", "t", "j", "s", "o"])
NO = frozenset(["no", "n", "false", "0", "nein", "falsch", "non", "faux", "falso", "否", "未付", "f"])


@lru_cache(maxsize=4096)
def meaning(text: str) -> str:
    """Our status (crm/orders/statuses.py RANK) of a text; `unknown` where no whole word of ours says it."""
    chinese = re.sub(r"[\s()（）【】\[\]:：。!！]", "", text)
    if re.search(r"[\u3400-\u9fff]", chinese):
        return _first(_CHINESE, chinese)
    words = names.status_words(text)
    return _first(_LATIN, words) if words else UNKNOWN


def _first(rules: tuple[tuple[str, re.Pattern[str]], ...], text: str) -> str:
    return next((meaning for meaning, pattern in rules if pattern.fullmatch(text)), UNKNOWN)


SELLS = re.compile(
    r"sales?|order|orders|purchase|payment|charge|invoice|receipt|verkauf|bestellung|auftrag|rechnung|zahlung|vente|commande|facture|paiement|achat|venta|pedido|factura|pago|compra|"
    r"cobro|ticket|销售|订单|销售出库|收款|支付|销售单|正常|消费|购买|下单"
)
GIVES_BACK = re.compile(
    r"refunds?|returns?|credit( note| memo)?|reversal|chargeback|money back|erstattung|rueckerstattung|gutschrift|retoure|ruecknahme|rueckgabe|storno|stornorechnung|rechnungskorrektur|"
    r"remboursement|avoir|retour|facture d avoir|note de credit|reembolso|devolucion|abono|nota de (credito|abono)|factura rectificativa|(销售)?退(款|货)(单|入库)?|红字发票|红冲|冲红|红字|退货退款"
)
"""Sorts of rows: what sells, and what gives money back."""


def sells(text: str) -> bool:
    """Whether a sort of row is a sale."""
    return bool(SELLS.fullmatch(names.status_words(text) or text.strip()))


def gives_back(text: str) -> bool:
    """Whether a sort of row gives money back: a refund, a return, a credit note."""
    return bool(GIVES_BACK.fullmatch(names.status_words(text) or text.strip()))


def answer(text: str) -> str:
    """The same of a column that asks whether an order is paid: yes and no are answers there."""
    plain = text.strip().lower()
    return "paid_unshipped" if plain in YES else "unpaid" if plain in NO else meaning(text)


def worst(*meanings: str | None) -> str:
    """Of what several columns say of one order that which counts: the one under which the least money came."""
    told = [meaning for meaning in meanings if meaning]
    return min(told, key=WORST_FIRST.index) if told else UNKNOWN
