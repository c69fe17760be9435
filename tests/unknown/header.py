"""The words of an export's header."""

from random import Random

from tests.unknown import styles, writing
from tests.unknown.sheet import Column, Sheet
from tests.unknown.shop import WORDS
from tests.unknown.styles import Style


def titles(made: Sheet, style: Style) -> list[str | None]:
    """The header: one word per column in the style's language, none twice; None for a column that finds no word of its own."""
    chance, taken, result = Random(style.salt), set(), []
    for column in made.columns:
        words = _words(made, column, style.words)
        chance.shuffle(words)
        shown = [_decorated(word, column, made, style) for word in words]
        free = next((word for word in shown if word.strip().lower() not in taken), None)
        taken.add((free or "").strip().lower())
        result.append(free)
    return result


BARE = {
    "en": ("Amount", "Value", "Sum"),
    "de": ("Betrag", "Wert", "Summe"),
    "fr": ("Montant", "Valeur", "Somme"),
    "es": ("Importe", "Valor", "Suma"),
    "zh": ("金额", "总额", "款额"),
}


def _words(made: Sheet, column: Column, language: str) -> list[str]:
    """The dictionary's words for a column, without those that another column of this table would make unfair."""
    if made.traits.amounts == "two_totals" and column.role in ("total", "other_total"):
        return list(BARE[language])
    words = WORDS["roles"].get(column.role) or WORDS["distractors"][column.role]
    roles_here = {one.role for one in made.columns}
    rivals = {
        "invoice_full": r"nvoice|echnung|actur",
        "invoice_sparse": r"nvoice|echnung|actur",
        "transaction": "ransact|交易|商户",
        "record_no": "流水",
    }
    items = list(words[language])
    if column.role == "order_id":
        items = [word for word in items if not any(rival in roles_here and writing.has(pattern, word) for rival, pattern in rivals.items())]
    return items


def _decorated(word: str, column: Column, made: Sheet, style: Style) -> str:
    currency, unit = made.shop.currency, ""
    if column.kind == "money" and style.unit and column.role != "total_base":
        shown = {"CNY": "元"}.get(currency, currency) if style.words == "zh" else currency
        unit = {"code": f" ({shown})", "in": f" in {styles.SIGNS[currency]}", "sign": f" [{styles.SIGNS[currency]}]"}[style.unit]
        unit = f"({shown})" if style.words == "zh" else unit
    order = column.role in ("order_id", "created", "total", "status", "currency", "shipping", "tax", "discount")
    person = column.role in ("email", "phone", "name", "country", "city", "region")
    own = writing.has(r"(?i)order|sale|receipt|ship|bill|customer|buyer|contact|invoice|purchase|transaction|ticket|document|placed", word)
    prefix = ("order" if order else "billing" if person else "") if style.prefix and style.words == "en" and not own else ""
    return styles.header(word, style.head, money=unit, prefix=prefix)
