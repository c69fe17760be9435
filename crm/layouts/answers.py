"""What people answered when asked whether they may be written to: the words for it in five languages, and which columns hold answers.

`meaning` reads a cell, `question` a column's title. Titles are compared as words and phrases, never as parts of words; accents, case,
punctuation and camelCase make no difference. A title alone is never enough: `holds` looks at the cells too.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from crm.layouts.registry import SIMPLIFIED
from crm.reading.tables import strip

MEANINGS: dict[str, tuple[str, ...]] = {
    "yes": (
        "yes", "y", "true", "1", "on", "x", "checked", "subscribed", "subscribe", "opted in", "opt in", "optin", "opt-in", "in", "granted",
        "agree", "agreed", "accepted", "accepts", "accept", "consented", "consent given", "given", "allowed", "confirmed", "double opt in",
        "single opt in", "confirmed opt in", "ja", "wahr", "angemeldet", "abonniert", "eingewilligt", "zugestimmt", "bestaetigt", "erteilt",
        "oui", "vrai", "abonne", "abonnee", "inscrit", "inscrite", "accepte", "consenti", "si", "s", "verdadero", "suscrito",
        "suscrita", "aceptado", "acepta", "consentido", "confirmado", "是", "真", "同意", "已同意", "订阅", "已订阅", "接受",
        "已接受", "允许", "愿意", "已授权", "授权", "✓", "✔", "√",
    ),
    "no": (
        "no", "n", "false", "0", "0.0", "off", "f", "unchecked", "unsubscribed", "unsubscribe", "opted out", "opt out", "optout", "out",
        "refused", "rejected", "declined", "denied", "revoked", "withdrawn", "not subscribed", "not agreed", "blocklisted", "blocked",
        "blacklisted", "disabled", "suppressed", "user suppressed", "do not contact", "do not email", "do not call", "not opted in",
        "not granted", "nein", "falsch", "abgemeldet", "abbestellt", "widerrufen", "abgelehnt", "gesperrt", "nicht abonniert",
        "nicht angemeldet", "verweigert", "non", "faux", "desabonne", "desabonnee", "desinscrit", "desinscrite", "refuse", "retire",
        "non abonne", "non inscrit", "bloque", "falso", "baja", "dado de baja", "de baja", "no suscrito", "rechazado",
        "rechaza", "revocado",
        "bloqueado", "cancelado", "否", "假", "不同意", "拒绝", "已拒绝", "退订", "已退订", "拒收", "已拒收", "不接受", "不愿意", "取消",
        "取消订阅", "已取消订阅", "已取消", "未订阅", "未同意", "黑名单", "已拉黑", "拉黑", "已屏蔽", "✗", "✘", "×",
    ),
    "silent": (
        "never subscribed", "non subscribed", "nonsubscribed", "pending", "unconfirmed", "not confirmed", "awaiting confirmation",
        "confirmation pending", "double opt in pending", "not activated", "no permissions set", "unknown", "not set", "none", "n/a", "na",
        "not asked", "implied", "transactional", "soft bounce", "soft bounced", "softbounce", "ausstehend", "unbestaetigt",
        "nicht bestaetigt", "keine angabe", "unbekannt", "offen", "en attente", "non confirme", "inconnu", "non renseigne", "pendiente",
        "sin confirmar", "no confirmado", "desconocido", "待确认", "未确认", "未知", "未设置", "未询问", "软退信", "[]", "{}",
    ),
    "bounced": (
        "bounced", "bounce", "hard bounce", "hard bounced", "hardbounce", "cleaned", "undeliverable", "invalid", "invalid email",
        "unzustellbar", "ungueltig", "rebond", "non distribue", "invalide", "rebotado", "rebote", "invalido", "退信", "已退信", "硬退信",
        "无效", "无效邮箱",
    ),
    "complained": (
        "complained", "complaint", "spam", "spam complaint", "spam report", "spam reported", "reported as spam", "marked as spam", "abuse",
        "beschwerde", "spambeschwerde", "plainte", "queja", "投诉", "已投诉", "举报", "垃圾邮件投诉",
    ),
}  # fmt: skip
"""Meaning → words. `silent` is no answer: not asked, not confirmed, a mail that may arrive another time."""
FLAGS = {
    "yes": ("yes", "y", "true", "1", "on", "x", "checked", "ja", "wahr", "oui", "vrai", "si", "s", "verdadero", "是", "真", "✓", "✔", "√"),
    "no": ("no", "n", "false", "0", "0.0", "off", "f", "unchecked", "nein", "falsch", "non", "faux", "falso", "否", "假", "✗", "✘", "×"),
}  # fmt: skip
"""Words that say nothing but yes or no, so that the title decides to what."""
REPLIES = ("r", "t", "td")
"""What is texted back to be left alone."""
GRAVITY = ("silent", "yes", "bounced", "no", "complained")
"""Of several answers of one person on one channel the last of these counts."""
REFUSALS = ("no", "complained")

_CHANNELS = {
    "email": ("email", "e mail", "mail", "mails", "emails", "newsletter", "newsletters", "news", "edm", "correo", "boletin", "courriel",
              "infolettre", "邮件", "邮箱", "电邮"),
    "sms": ("sms", "text", "texts", "text message", "mms", "短信", "简讯"),
    "call": ("call", "calls", "phone", "telephone", "telefon", "anruf", "telefono", "appel", "llamada", "电话", "外呼", "来电"),
    "other": ("whatsapp", "whats app", "push", "partner", "partners", "third party", "third parties", "dritte", "dritten", "partenaire",
              "partenaires", "socios", "terceros", "post", "postal", "line", "微信", "公众号", "合作伙伴", "第三方"),
}  # fmt: skip
_NO = (
    "unsubscribed", "unsubscribe", "opted out", "opt out", "optout", "optedout", "do not email", "do not mail", "do not call",
    "do not contact", "do not sms", "do not text", "donotemail", "no marketing", "no newsletter", "blacklist", "blacklisted", "blocklist",
    "blocklisted", "suppressed", "suppression", "suppressions", "abgemeldet", "abgemeldet am", "abbestellt", "abmeldung", "widerruf",
    "widerrufen", "desabonne", "desabonnement", "desinscrit", "desinscription", "baja", "dado de baja", "退订", "拒收", "黑名单", "拉黑",
    "免打扰", "勿扰",
)  # fmt: skip
_YES = (
    "newsletter", "newsletters", "accepts marketing", "accept marketing", "marketing consent", "marketing opt in", "marketing optin",
    "marketing permission", "consent", "consented", "opt in", "optin", "opted in", "optedin", "subscribed", "subscriber status",
    "subscription status", "is subscribed", "email marketing", "sms marketing", "whatsapp marketing", "marketing emails",
    "marketing allowed", "marketing", "gdpr consent", "einwilligung", "werbeeinwilligung", "werbung erlaubt", "werbung", "zustimmung",
    "abonniert", "abonnent", "newsletteranmeldung", "newsletterempfaenger", "abonne", "abonnee", "inscrit newsletter", "consentement",
    "accepte la publicite", "accepte marketing", "lettre d information", "offres", "consentimiento", "suscrito", "suscriptor",
    "suscripcion", "acepta publicidad", "acepta marketing", "publicidad", "boletin", "infolettre", "订阅", "同意营销", "营销同意",
    "接受营销", "营销授权", "同意接收", "愿意接收", "接收营销", "接受推广", "是否同意", "营销许可", "营销", "同意收",
)  # fmt: skip
_TIME = (
    "at", "time", "date", "timestamp", "since", "on", "datum", "zeitpunkt", "am", "le", "depuis", "fecha", "desde", "时间", "日期",
)  # fmt: skip
_BESIDE = (
    "id", "ip", "source", "reason", "campaign", "campaigns", "channel", "cost", "spend", "budget", "price", "plan", "medium", "url",
    "method", "detail", "text", "version", "level", "updated", "number", "count", "total", "quelle", "grund", "raison", "origen", "motivo",
    "来源", "原因", "渠道", "版本", "费用", "次数", "主题",
)  # fmt: skip
"""Words beside which a title asks for something else: how, where, why."""


def _folded(text: str) -> str:
    """Lower case without accents, full-width and traditional signs; what is no letter or digit becomes a blank."""
    plain = text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    plain = plain.replace("Ä", "Ae").replace("Ö", "Oe").replace("Ü", "Ue")
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return plain.translate(SIMPLIFIED).translate(str.maketrans("閱絕許認誰", "阅绝许认谁")).casefold().strip()


@cache
def _words() -> dict[str, str]:
    return {_spaced(word): name for name, words in MEANINGS.items() for word in words}


def _spaced(text: str) -> str:
    folded = _folded(text)
    return re.sub(r"[\s_\-–./'\"!?:()]+", " ", folded).strip() or folded


def meaning(text: str) -> str | None:
    """`yes`, `no`, `silent`, `bounced` or `complained`; a blank cell is silent, None is a word that nobody knows."""
    plain = _spaced(strip(text))
    return "silent" if not plain else _words().get(plain)


def refusal(text: str) -> str | None:
    """The same below a title that asks who refused: yes is a no, no is silence; words that name an answer keep their meaning."""
    plain = _spaced(strip(text))
    return "no" if plain in _flags("yes") else "silent" if plain in _flags("no") else meaning(text)


@cache
def _flags(name: str) -> frozenset[str]:
    return frozenset(_spaced(word) for word in FLAGS[name])


def listed(text: str) -> str:
    """The gravest meaning of a cell that lists why somebody is kept from mail: `[]` is silent, an unknown reason a no."""
    words = [word for word in re.split(r"[,;|\[\]{}\"]+", text) if word.strip()]
    return gravest([meaning(word) or "no" for word in words])


def gravest(meanings: Iterable[str]) -> str:
    """Which of several answers counts: a complaint before a no, a no before a bounce, a bounce before a yes, all before silence."""
    return max(meanings, key=GRAVITY.index, default="silent")


def _title(title: str) -> str:
    """A title as words with a blank on both sides, camelCase taken apart."""
    apart = _folded(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title))
    apart = re.sub(r"(?<=[a-z0-9])(?=[\u2e80-\uffff])|(?<=[\u2e80-\uffff])(?=[a-z0-9])", " ", apart)
    words = re.sub(r"[^0-9a-z\u2e80-\uffff]+", " ", apart).strip()
    return f" {words} "


def _has(title: str, phrases: Iterable[str]) -> bool:
    """Whether a phrase stands in a title, as whole words; Chinese has no blanks between its own."""
    return any(phrase in title if ord(phrase[0]) > 0x2E80 else f" {phrase} " in title for phrase in phrases)


@cache
def question(title: str) -> str | None:
    """Which field of `FIELDS` a column's title asks for; `other` for what it asks on behalf of others or of ways we do not have."""
    words = _title(title)
    refusal = _has(words, _NO)
    if not refusal and not _has(words, _YES):
        return None
    if _has(words, _BESIDE):
        return None
    ways = [name for name, phrases in _CHANNELS.items() if _has(words, phrases)]
    if "other" in ways:
        return "other"
    if _has(words, _TIME) and not _has(words, ("opted in", "on off")):
        return "opted_out_at" if refusal else "opted_in_at"
    way = ways[0] if len(ways) == 1 else "all"
    return f"{way}_{'refused' if refusal else 'consent'}"


def holds(cells: Iterable[str]) -> bool:
    """Whether at least half of the filled cells are answers; a column without any filled cell may yet hold some."""
    filled = [cell for cell in cells if strip(cell)]
    return 2 * sum(meaning(cell) is not None or cell.strip().lower() in REPLIES for cell in filled) >= len(filled)
