"""What kind of export a seed makes: drawn once per table, the typical often, the nasty as a fat tail."""

from dataclasses import dataclass, field
from random import Random

from tests.unknown.shop import LANGUAGES

GRAINS = {"order": 60, "lines_repeated": 14, "lines_own": 14, "lines_first": 12}
AMOUNTS = {"total": 38, "parts": 38, "net_gross": 9, "paid_due": 5, "pos": 7, "two_totals": 3}
IDENTITIES = {
    "account": 20,
    "email": 22,
    "phone": 8,
    "account_email": 18,
    "email_phone": 8,
    "account_phone": 4,
    "name": 8,
    "none": 6,
    "type": 4,
    "masked": 2,
}
STATUSES = {"none": 35, "order": 33, "payment": 28, "codes": 2, "both": 2}
MOMENTS = {"created": 62, "created_paid": 22, "paid": 6, "date_time": 10}


@dataclass
class Traits:
    """One table's features. `unsure` names the roles of which a person could not tell either.

    `partly`: some orders are partially refunded, and no column says how much.
    """

    language: str
    words: str
    size: int
    grain: str
    amounts: str
    identity: str
    status: str
    refunds: str
    moment: str
    walk_ins: float
    guests: bool
    named: bool
    has_id: bool
    places: tuple[str, ...]
    currency: str
    distractors: int
    shuffled: bool
    title_rows: int
    totals: bool
    blanks: float
    partly: bool = False
    unsure: list[str] = field(default_factory=list)

    def labels(self) -> list[str]:
        """The features by name, for counting."""
        plain = [f"{name}={getattr(self, name)}" for name in ("language", "grain", "amounts", "identity", "status", "refunds", "moment")]
        more = {
            "walk-ins": self.walk_ins > 0,
            "guests": self.guests,
            "no id": not self.has_id,
            "foreign header": self.words != self.language,
            "totals row": self.totals,
            "title rows": self.title_rows > 0,
            "places": bool(self.places),
            f"currency={self.currency}": True,
            "few distractors": self.distractors < 4,
            "many distractors": self.distractors > 7,
        }
        return plain + [name for name, there in more.items() if there]


def pick(chance: Random, weights: dict[str, int]) -> str:
    """One of the names by weight."""
    return chance.choices(list(weights), list(weights.values()))[0]


def drawn(chance: Random) -> Traits:
    """The features of a table; what cannot stand together is set right."""
    language = chance.choice(LANGUAGES)
    traits = Traits(
        language=language,
        words="en" if chance.random() < 0.1 else language,
        size=chance.choice((5, 8, 12, 20, 20, 35, 60, 120, 200)),
        grain=pick(chance, GRAINS),
        amounts=pick(chance, AMOUNTS),
        identity=pick(chance, IDENTITIES),
        status=pick(chance, STATUSES),
        refunds=chance.choices(("none", "column", "rows"), (72, 20, 8))[0],
        moment=pick(chance, MOMENTS),
        walk_ins=chance.choice((0, 0, 0, 0.15, 0.3)),
        guests=chance.random() < 0.4,
        named=chance.random() < 0.6,
        has_id=chance.random() > 0.03,
        places=chance.choice(((), (), ("country",), ("region", "city"), ("country", "region", "city"), ("city",), ("region",))),
        currency=chance.choices(("none", "one", "two"), (65, 32, 3))[0],
        distractors=chance.choices((0, 2, 5, 8, 12), (15, 30, 30, 18, 7))[0],
        shuffled=chance.random() < 0.3,
        title_rows=chance.choices((0, 1, 3), (92, 5, 3))[0],
        totals=chance.random() < 0.08,
        blanks=chance.choice((0, 0, 0.1, 0.3)),
    )
    traits.partly = chance.random() < 0.05
    return _settled(chance, traits)


def _settled(chance: Random, traits: Traits) -> Traits:
    if traits.grain != "order":
        traits.has_id = True
        traits.amounts = (
            "lines" if traits.grain == "lines_own" else "parts" if traits.amounts in ("pos", "paid_due", "two_totals") else traits.amounts
        )
        traits.size = min(traits.size, 80)
        if traits.refunds == "rows":
            traits.refunds = "cancel_rows" if traits.grain == "lines_own" else "none"
    if traits.grain == "lines_own" and traits.refunds == "column":
        traits.refunds = "none"
    if not traits.has_id and traits.refunds == "rows":
        traits.refunds = "none"
    if traits.refunds in ("rows", "cancel_rows"):
        traits.moment = "created" if traits.moment != "date_time" else traits.moment
        traits.amounts = "total" if traits.grain == "order" else traits.amounts
        traits.totals = False
        traits.size = max(traits.size, 12)
    if traits.amounts == "paid_due":
        traits.refunds = "none"
        traits.status = "none" if traits.status in ("codes", "both") else traits.status
    if traits.identity in ("none", "type", "masked"):
        traits.named, traits.walk_ins = False, 0
    if traits.identity == "name":
        traits.named = False
    traits.guests = traits.guests and traits.identity == "account_email"
    if traits.currency == "two" and traits.amounts == "two_totals":
        traits.currency = "one"
    return _unsure(traits)


def _unsure(traits: Traits) -> Traits:
    if traits.amounts == "two_totals":
        traits.unsure.append("amount")
    if traits.status == "codes":
        traits.unsure.append("status")
    words = traits.status in ("order", "payment") and traits.refunds == "none" and traits.moment != "paid" and traits.amounts != "paid_due"
    traits.partly = traits.partly and words
    if traits.partly:
        traits.unsure.append("refund")
    return traits


def states(traits: Traits) -> dict[str, int]:
    """Which states orders may have where the file can tell them, with weights."""
    if traits.amounts == "paid_due":
        return {"paid": 80, "unpaid": 20}
    tells = {"paid": 82}
    if traits.status != "none" and traits.moment != "paid":
        tells |= {"unpaid": 8, "cancelled": 6}
    if traits.status in ("order", "payment", "both") and traits.refunds in ("none", "column"):
        tells |= {"refunded": 5}
    if traits.partly:
        tells |= {"partial": 6}
    if traits.refunds == "column":
        tells |= {"refunded": 5, "partial": 5}
    if traits.refunds in ("rows", "cancel_rows"):
        tells |= {"refunded": 8, "partial": 8}
    return tells
