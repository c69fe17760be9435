"""Product titles → categories, by the shop's own keywords (`Shop.category_rules`), and these rules as lines of text.

What counts for an order line, here and nowhere else decided (crm/orders/sql/order_lines.sql does it):

1. what a person or an uploaded table said of the product, the latest of it (crm/products/assignments.py);
2. the category column of the order file itself;
3. the keywords: the longest that stands in the title, of equally long ones the first there; the order of the rules does not matter.
"""

from collections.abc import Callable, Mapping, Sequence

from crm.database import Transaction
from crm.errors import BadInputError
from crm.orders.sql import SQL

Rules = Mapping[str, Sequence[str]]
MOST = 60


def category(title: str, rules: Rules) -> str | None:
    """The category whose keyword counts for this title, or None. Case does not matter."""
    return matcher(rules)(title)


def matcher(rules: Rules) -> Callable[[str], str | None]:
    """`category` for many titles: the rules are looked through once."""
    words = sorted((-len(word), word, name) for name, result in rules.items() for word in map(str.lower, result) if word)

    def category_of(title: str) -> str | None:
        lowered, best, longest = title.lower(), None, 0
        for length, word, name in words:
            if best and length > longest:
                break
            place = lowered.find(word)
            if place >= 0 and (best is None or (place, name) < best):
                best, longest = (place, name), length
        return best[1] if best else None

    return category_of


def as_text(rules: Rules) -> str:
    """Rules as lines `category = word, word`."""
    return "\n".join(f"{name} = {', '.join(words)}" for name, words in rules.items())


def read(text: str) -> tuple[dict[str, list[str]], list[str]]:
    """Lines `category = word, word` as rules, and the lines that are not of that form."""
    rules: dict[str, list[str]] = {}
    problems = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, sign, words = line.partition("=")
        items = [word.strip() for word in words.replace("，", ",").replace("、", ",").split(",") if word.strip()]
        if sign and name.strip() and items:
            rules.setdefault(name.strip(), []).extend(items)
        else:
            problems.append(line)
    return {name: list(dict.fromkeys(words)) for name, words in rules.items()}, problems


def check(rules: Rules) -> None:
    """Raises BadInputError for a keyword in two categories and for names that are too long."""
    owner: dict[str, str] = {}
    for name, words in rules.items():
        named(name)
        for word in words:
            other = owner.setdefault(word.lower(), name)
            if other != name:
                raise BadInputError(
                    "category.word_in_two",
                    "The word “{word}” stands in two categories, {one} and {other}. Nothing was saved. Please take it out of one.",
                    word=word,
                    one=other,
                    other=name,
                )


def named(name: str) -> str:
    """A category's name as it is kept. Raises BadInputError for one that is empty or too long."""
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > MOST or "=" in tidy:
        raise BadInputError(
            "category.bad_name",
            "“{name}” cannot be a category's name: 1 to {most} letters, no “=”. Nothing was changed.",
            name=name[:MOST],
            most=MOST,
        )
    return tidy


def prepare(change: Transaction, rules: Rules) -> None:
    """The temporary tables from which order lines take their category: `chosen_titles`, `chosen_codes`, `product_words`."""
    SQL.run(change, "choices")
    if rules:
        result = matcher(rules)
        products = change.frame("SELECT DISTINCT product FROM line_records WHERE category IS NULL AND product IS NOT NULL")
        products["category"] = [result(title) for title in products["product"]]
        change.insert("product_words", products.dropna())
