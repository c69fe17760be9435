"""Finding customers as a person asks for them: by order number, phone or its end, e-mail, account or id, and by a part of a name.

find(store, words)    up to 20 of them, and how many there are in all
one(store, words)     the only one; several or nobody is a refusal
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.accounts import acting, masking
from crm.accounts.acting import Right
from crm.accounts.masking import Kind
from crm.database import Store
from crm.errors import BadInputError, NotFoundError

MOST = 20
LONGEST = 100
"""Characters of what is searched for: names and numbers are shorter."""
_BETWEEN = re.compile(r"[\s\u00a0().\u2010-\u2015/-]")
_END = re.compile(r"\d{4,10}")
"""The end of a phone number: its last four digits or more."""
_CHINA = re.compile(r"^(?:\+?86|0086)(1\d{10})$")


@dataclass(frozen=True, slots=True)
class Found:
    """A customer by the id she lives on as, and what tells her from others of her name. Spend in the shop's currency."""

    customer_id: str
    nickname: str | None
    name: str | None
    province: str | None
    city: str | None
    purchases: int
    spend: Decimal
    last_purchase_day: date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Some of those who were found, who is known by exactly the words first, then the highest spend; `total`: how many there are."""

    people: list[Found]
    total: int


_ORDERED = """
SELECT customer_id, 0 AS rank FROM orders WHERE order_id IN ($plain, '#' || $plain, ltrim($plain, '#'))
"""
_WHOLE = """
UNION ALL SELECT customer_id, 0 FROM customer_facts WHERE customer_id = $plain OR email_norm = $lower
UNION ALL SELECT customer_id, 0 FROM merged_customers WHERE customer_id = $plain
UNION ALL SELECT customer_id, 0 FROM profiles
    WHERE lower(buyer) = $lower OR email_norm = $lower OR (phone = $phone AND phone_quality = 'clear')
UNION ALL SELECT customer_id, 0 FROM customers WHERE lower(buyer) = $lower
UNION ALL SELECT customer_id, 0 FROM orders WHERE order_key IN (
    SELECT order_key FROM order_records
    WHERE (phone = $phone AND phone_quality = 'clear') OR ($mail AND lower(email) = $lower)
        OR (lower(buyer) = $lower AND customer_id IN (FROM joined)))
"""
_ENDING = """
UNION ALL SELECT customer_id, 1 FROM customers WHERE phone_quality = 'clear' AND ends_with(phone, $end)
UNION ALL SELECT customer_id, 1 FROM profiles WHERE phone_quality = 'clear' AND ends_with(phone, $end)
"""
_NAMED = """
UNION ALL SELECT customer_id, CASE WHEN $lower IN (lower(nickname), lower(name)) THEN 1 ELSE 2 END FROM (
    SELECT customer_id, nickname, name FROM customer_facts
    UNION ALL SELECT customer_id, nickname, name FROM customers WHERE customer_id IN (SELECT customer_id FROM profiles)
    UNION ALL SELECT customer_id, nickname, receiver FROM order_records
        WHERE customer_id IN (FROM joined))
WHERE contains(lower(concat_ws(' ', nickname, name)), $first)
    AND list_bool_and(list_transform($words::TEXT[], lambda word: contains(lower(concat_ws(' ', nickname, name)), word)))
"""
_ASKED = """
WITH joined AS (SELECT customer_id FROM merged_customers UNION SELECT merged_into FROM merged_customers), hits AS ({}), people AS (
    SELECT coalesce(merged_into, hits.customer_id) AS customer_id, min(rank) AS rank
    FROM hits LEFT JOIN merged_customers USING (customer_id) GROUP BY 1)
SELECT customer_id, nickname, name, province, city, purchases, spend, last_purchase_day, count(*) OVER () AS total
FROM people JOIN customer_facts USING (customer_id) ORDER BY rank, spend DESC, customer_id LIMIT $limit OFFSET $offset
"""


@acting.needs(Right.CUSTOMERS)
def find(store: Store, words: str, limit: int = MOST, offset: int = 0) -> Answer:
    """Who is meant by these words. Capitals and the width of signs do not count; of a name every word must be in it, in any order.

    The end of a phone number is that of the latest clear one. A customer who was joined from several accounts is found by each. Whoever
    may not see names in full finds by order number alone: any other answer would tell her whether somebody is a customer.
    """
    plain = unicodedata.normalize("NFKC", words).strip()[:LONGEST]
    if not plain:
        return Answer([], 0)
    given = {"plain": plain, "limit": limit, "offset": offset}
    parts = [_ORDERED]
    if acting.may(Right.REVEAL):
        parts += [_WHOLE, _NAMED]
        lower = plain.lower()
        if _END.fullmatch(plain):
            parts.append(_ENDING)
            given["end"] = plain
        given |= {"lower": lower, "mail": "@" in plain, "phone": dialled(plain), "first": lower.split()[0], "words": lower.split()}
    rows = store.rows(_ASKED.format("".join(parts)), given)
    people = [Found(**{name: value for name, value in row.items() if name != "total"}) for row in rows]
    return Answer(people, rows[0]["total"] if rows else 0)


def dialled(text: str) -> str:
    """A phone number as it is kept: without what stands between its digits and without the code of China (`dial` of the imports)."""
    bare = _BETWEEN.sub("", text)
    return _CHINA.sub(r"\1", bare)


def one(store: Store, words: str) -> Found:
    """The only customer whom these words mean; where several are found, the only one who is known by exactly them.

    Raises NotFoundError, and BadInputError naming the ids of the first of several.
    """
    answer = find(store, words)
    if not answer.people:
        raise NotFoundError(
            "customer.nobody_found",
            "Nobody is found by “{words}”. Nothing was computed. Please give a name, a nickname, a phone number or its last four "
            "digits, a whole e-mail address or account, an order number or a customer id.",
            words=words[:40],
        )
    by_id = [one for one in answer.people if one.customer_id == words.strip()]
    if answer.total > 1 and not by_id:
        ids = [one.customer_id if acting.may(Right.REVEAL) else masking.shown(Kind.HIDE, one.customer_id) for one in answer.people]
        raise BadInputError(
            "customer.several_found",
            "“{words}” finds {n} customers. Nothing was computed. Please say which one by its id: {ids}.",
            n=answer.total,
            words=words[:40],
            ids=", ".join(ids) + (", …" if answer.total > len(ids) else ""),
        )
    return (by_id or answer.people)[0]
