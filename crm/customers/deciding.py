"""What the shop decides for itself, changed with all that follows from it in one transaction: settings, and rates of other currencies.

change(store, {"timezone": "Europe/Berlin"}, now)   checked with a sentence, kept; another zone or currency makes everything derived anew
set_rates(store, rates, now)                        the whole table of rates; orders in other currencies are converted anew
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from crm import database, jobs
from crm.accounts import acting, audit
from crm.accounts.acting import Right
from crm.columns import currencies
from crm.customers import addresses, derived
from crm.database import Store
from crm.errors import BadInputError, NotFoundError
from crm.orders import derive, rates
from crm.orders.rates import Rate
from crm.places import zones
from crm.settings import Shop

REMAKES = ("timezone", "currency")
"""Settings on which days and sums depend: everything derived is made anew."""
RANGES: dict[str, tuple[Any, Any]] = {
    "active_days": (1, 3650),
    "sleeping_days": (1, 3650),
    "lost_days": (1, 3650),
    "repeat_purchases": (1, 3650),
    "fan_purchases": (1, 3650),
    "cap_days": (0, 365),
    "window_days": (1, 365),
    "retention_days": (0, 36_500),
    "letters_days": (0, 3650),
    "rejected_days": (0, 3650),
    "uploads_days": (1, 365),
    "trail_days": (0, 36_500),
    "choosy_signs": (1, 1000),
    "choosy_percent": (0, 1000),
    "lively_percent": (1, 100),
    "lively_discount": (0, 100),
    "loyal_discount": (0, 100),
    "holdout": (0, Decimal("0.9")),
    "margin": (0, 1),
    "cost_per_message": (0, 100),
}


@acting.needs(Right.SETTINGS)
def change(
    store: Store,
    values: Mapping[str, Any],
    now: datetime,
    actor: str = "screen",
    report: jobs.Report = jobs.silent,
    seen: database.Seen | None = None,
) -> tuple[Shop, Shop]:
    """Change some settings, by name; the shop's settings before and after. `now` is UTC.

    Raises NotFoundError for a name that is none and BadInputError for a value that cannot be, ChangedError for a
    setting that is no longer in the version `seen`; then nothing is changed.
    """
    with store.transaction(alone=True) as result:
        before = derive.shop_of(result)
        after = checked(before, values)
        database.keep_shop(result, after, now, acting.named(actor), seen)
        changed = [name for name in Shop.model_fields if getattr(before, name) != getattr(after, name)]
        if changed:
            audit.noted(result, now, actor, "settings", ", ".join(changed))
        report("Making the customers anew", 0, 2)
        if set(changed) & set(REMAKES):
            derive.rebuild(result, after)
        elif "category_rules" in changed:
            derive.relabel(result, after)
        if set(changed) & {*REMAKES, "category_rules"}:
            derived.rebuild(result)
        report("Keeping it", 1, 2)
    return before, after


@acting.needs(Right.SETTINGS)
def set_rates(store: Store, table: Sequence[Rate], now: datetime, actor: str = "screen", report: jobs.Report = jobs.silent) -> int:
    """Make `table` the rates into the shop's currency, whatever was entered or uploaded before; how many were added, changed or removed.

    Raises BadInputError for a rate that cannot be, and for two rates of one day.
    """
    with store.transaction(alone=True) as outcome:
        shop = derive.shop_of(outcome)
        wanted = [_rate(one, shop.currency) for one in table]
        twice = next((one for place, one in enumerate(wanted) if any(_same(one, other) for other in wanted[:place])), None)
        if twice:
            raise BadInputError(
                "rate.given_twice",
                "There are two rates of {currency} for {day}. Nothing was saved.",
                currency=twice.currency,
                day=twice.day,
            )
        known = [Rate(row["currency"], row["day"], row["rate"]) for row in rates.known(outcome, shop.currency)]
        result = rates.differences(known, wanted)
        report("Making the customers anew", 0, 2)
        if result:
            rates.add(outcome, shop.currency, result)
            audit.noted(outcome, now, actor, "rates", f"{len(result)} rates")
            derive.reconvert(outcome, shop)
            derived.rebuild(outcome)
        report("Keeping it", 1, 2)
    return len(result)


def _same(one: Rate, other: Rate) -> bool:
    return (one.currency, one.day) == (other.currency, other.day)


def _rate(result: Rate, own: str) -> Rate:
    code = currencies.code(result.currency, own)
    if code is None or code == own:
        raise BadInputError(
            "rate.unknown_currency", "“{word}” is no other currency that is known. Nothing was saved.", word=result.currency
        )
    rate = None if result.rate is None else result.rate.quantize(rates.SMALLEST)
    if rate is None or not 0 < rate <= rates.LARGEST:
        raise BadInputError(
            "rate.not_positive", "The rate of {currency} for {day} must be more than 0. Nothing was saved.", currency=code, day=result.day
        )
    return Rate(code, result.day, rate)


def checked(before: Shop, values: Mapping[str, Any]) -> Shop:
    """The settings with these values in them; raises NotFoundError and BadInputError. A text is read as the setting needs it."""
    unknown = next((name for name in values if name not in Shop.model_fields), None)
    if unknown:
        raise NotFoundError(
            "setting.unknown", "There is no setting “{name}”. Known are: {known}.", name=unknown[:40], known=", ".join(Shop.model_fields)
        )
    shop = before
    for name, value in values.items():
        shop = _with(shop, name, value)
        if name in RANGES and not RANGES[name][0] <= getattr(shop, name) <= RANGES[name][1]:
            raise BadInputError(
                "setting.out_of_range",
                "“{name}” must be between {low} and {high}, not {value}. Nothing was saved.",
                name=name,
                low=RANGES[name][0],
                high=RANGES[name][1],
                value=value,
            )
    if not shop.active_days < shop.sleeping_days < shop.lost_days:
        raise BadInputError("setting.stages_not_rising", "The days for active, sleeping and long lost must rise. Nothing was saved.")
    if values.keys() & {"repeat_purchases", "fan_purchases"} and shop.fan_purchases <= shop.repeat_purchases:
        raise BadInputError("setting.fans_not_more", "A fan must have more purchases than a repeat customer. Nothing was saved.")
    _check_texts(shop, before)
    return shop.model_copy(update={"currency": currencies.code(shop.currency, shop.currency) or shop.currency})


def _with(shop: Shop, name: str, value: Any) -> Shop:
    try:
        given = str(value).strip() if isinstance(getattr(shop, name), str) else _read(value)
        return Shop.model_validate(shop.model_dump() | {name: given})
    except (ValidationError, ValueError) as error:
        raise BadInputError(
            "setting.wrong_kind",
            "“{value}” cannot be the setting “{name}”, which is like {example} now. Nothing was saved.",
            value=str(value)[:60],
            name=name,
            example=shop.model_dump_json(include={name}),
        ) from error


def _read(value: Any) -> Any:
    """A text of the terminal as a number, a list (`100, 300`) or an object; anything else as it is."""
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"\s*\d+\s*(,\s*\d+\s*)+", value):
        return [int(part) for part in value.split(",")]
    return json.loads(value, parse_float=Decimal)


def _check_texts(shop: Shop, before: Shop) -> None:
    if not zones.is_place(shop.timezone):
        raise BadInputError(
            "setting.unknown_time_zone",
            "“{value}” is no time zone. Nothing was saved. Please name one like Asia/Shanghai.",
            value=shop.timezone,
        )
    if currencies.code(shop.currency, shop.currency) is None:
        raise BadInputError(
            "setting.unknown_currency",
            "“{value}” is no currency that is known. Nothing was saved. Please name one like CNY, USD, EUR.",
            value=shop.currency,
        )
    if shop.from_email != before.from_email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+|", shop.from_email):
        raise BadInputError("setting.bad_sender", "“{value}” is no e-mail address. Nothing was saved.", value=shop.from_email)
    if shop.public_url != before.public_url and not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*|", shop.public_url):
        raise BadInputError(
            "setting.bad_public_url", "“{value}” is not an address like https://crm.myshop.com. Nothing was saved.", value=shop.public_url
        )
    _check_bands(shop)


def _check_bands(shop: Shop) -> None:
    for name in ("spend_bands", "frequency_bands", "lapse_bands", "age_bands"):
        bands = getattr(shop, name)
        if bands != sorted(set(bands)) or min(bands, default=0 if name == "spend_bands" else 1) <= 0:
            raise BadInputError(
                "setting.bands_not_rising",
                "The numbers of “{name}” must rise from above 0, not {value}. Nothing was saved.",
                name=name,
                value=bands,
            )
    unknown = sorted(set(shop.address_words) - set(addresses.KINDS))
    if unknown or any(not word.strip() for words in shop.address_words.values() for word in words):
        raise BadInputError(
            "setting.address_words",
            "The words of addresses must be given as {example}; known kinds are: {known}. Nothing was saved.",
            example='{"school": ["college"]}',
            known=", ".join(addresses.KINDS),
        )
