"""Members as a CSV file for spreadsheets: UTF-8 with BOM, and no cell that a spreadsheet would run as a formula."""

import csv
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import pandas as pd

from crm import clock
from crm.accounts import acting, audit, masking
from crm.accounts.acting import Right
from crm.customers import contacts, measures
from crm.database import Store, tables
from crm.errors import BadInputError
from crm.segments import scope, words
from crm.segments.definition import Definition
from crm.segments.ladder import chosen
from crm.segments.scope import Scope

COLUMNS = {
    "customer_id": ("客户编号", "Customer id"),
    "nickname": ("昵称", "Nickname"),
    "name": ("姓名", "Name"),
    "platform": ("平台", "Platform"),
    "shop": ("店铺", "Shop"),
    "province": ("省份", "Province"),
    "city": ("城市", "City"),
    "purchases": ("购买次数", "Purchases"),
    "spend": ("消费金额", "Spend"),
    "first_purchase_day": ("首次购买日", "First purchase"),
    "last_purchase_day": ("最近购买日", "Last purchase"),
    "favourite_category": ("偏好品类", "Favourite category"),
    "email_norm": ("邮箱", "E-mail"),
    "phone_quality": ("手机号类型", "Phone number"),
    "call_before": ("最晚联系日", "Call before"),
    "phone_sms": ("手机号（可发短信）", "Phone for SMS"),
    "phone_call": ("手机号（可致电）", "Phone for calls"),
    "qq": ("QQ", "QQ"),
    "wechat": ("微信", "WeChat"),
    "gender": ("性别", "Gender"),
    "birthday": ("下次生日", "Next birthday"),
    "birthday_as_told": ("生日", "Birthday"),
    "size": ("尺码", "Size"),
    "colours": ("喜欢的颜色", "Colours"),
    "tags": ("标签", "Tags"),
    "owner": ("负责人", "Owner"),
}
"""The columns of the file, each with its header in Chinese and English. The addresses stand there only for whom they may be used."""
LANGUAGES = ("zh_CN", "en")
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the wide ones count in Chinese spreadsheets


def safe(cell: Any) -> str:
    """A cell as text; one that a spreadsheet could take for a formula gets a leading apostrophe."""
    text = "" if cell is None or cell is pd.NaT or cell != cell else str(cell)
    return "'" + text if text.startswith(STARTS) else text


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """The same table for a screen: its own download button writes cells as they are, so its texts must be safe already."""
    texts = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    return frame.assign(**{name: frame[name].map(lambda cell: safe(cell) if isinstance(cell, str) else cell) for name in texts})


@acting.needs(Right.EXPORT)
def export_csv(
    store: Store, definition: Definition, as_of: date, path: Path, now: datetime, rung: str | None = None, language: str | None = None
) -> int:
    """Write a rung's members (default: the last rung) to a file, highest spend first; the number of rows.

    `language` of the headers and of what is no name: zh_CN or en; None: the column names. Raises BadInputError for another one.
    """
    if language not in (None, *LANGUAGES):
        raise BadInputError(
            "segment.unknown_language", "There is no language “{language}”. Choose zh_CN or en. Nothing was written.", language=language
        )
    try:
        lines = path.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise BadInputError(
            "segment.cannot_write", "{path} cannot be written ({reason}). Nothing was written.", path=path, reason=error.strerror
        ) from error
    with lines:
        return write_members(lines, store, definition, as_of, now, rung, language)


@acting.needs(Right.EXPORT)
def write_members(
    lines: Any, store: Store, definition: Definition, as_of: date, now: datetime, rung: str | None, language: str | None
) -> int:
    """The same to an open text file. It is in the trail, with the number of rows and whether names were written in full."""
    number = write(lines, titled(frame(store, definition, as_of, rung), language))
    audit.note(store, now, "terminal", "export", f"members: {number} rows, {'in full' if acting.may(Right.REVEAL) else 'masked'}")
    return number


def named(plain: str, zone: str, now: datetime) -> str:
    """What an exported file is called: in a shop with users with who took it away and when, in the shop's time; csv has no other place."""
    if acting.current().user_id is None:
        return plain
    stem, dot, kind = plain.rpartition(".")
    who = re.sub(r"[^\w.-]", "_", acting.current().name)
    return f"{stem}-{who}-{clock.local(now, zone):%Y%m%d-%H%M}{dot}{kind}"


def frame(store: Store, definition: Definition, as_of: date, rung: str | None = None) -> pd.DataFrame:
    """The members of a rung with the columns of the file, highest spend first; days are texts (2026-11-01).

    Masked for whoever may not see personal data in full.
    """
    within = scope.at(store, as_of)
    people = _with_ways(within, chosen(definition, within, rung))
    rows = store.read(people.order_by([ibis.desc("spend"), "customer_id"]))
    rows["birthday_as_told"] = [_birthday(born) for born in rows[_BIRTH].itertuples(index=False)]
    rows["birthday"] = [None if pd.isna(days) else as_of + timedelta(days=int(days)) for days in rows.days_to_birthday]
    for name in DAYS:
        rows[name] = pd.to_datetime(rows[name]).dt.strftime("%Y-%m-%d").astype(object)
    return rows[list(COLUMNS)] if acting.may(Right.REVEAL) else masking.frame(rows[list(COLUMNS)])


def _with_ways(within: Scope, people: Any) -> Any:
    """Beside the facts what each channel needs; an address only where `reachable` allows it, a phone number only where it is clear."""
    facts = within.facts
    may = facts.select("customer_id", days_to_birthday=measures.birthday(within), **contacts.reachable(within))
    numbers = tables.customers.select("customer_id", own_phone="phone", own_quality="phone_quality")
    result = tables.profiles.select("customer_id", "qq", "wechat", "size", "colours", told_phone="phone", told_quality="phone_quality")
    tags = tables.customer_tags.group_by("customer_id").aggregate(tags=tables.customer_tags.tag.group_concat("、"))
    for other in (may, numbers, result, tags):
        people = people.left_join(other, "customer_id", rname="{name}_again").drop("customer_id_again")
    told_phone = (people.told_quality == "clear").ifelse(people.told_phone, None)
    phone = (people.own_quality == "clear").ifelse(people.own_phone, told_phone)
    return people.mutate(
        email_norm=people.email.ifelse(people.email_norm, None),
        phone_sms=people.sms.ifelse(phone, None),
        phone_call=people.call.ifelse(phone, None),
        call_before=people.phone_until,
    )


_BIRTH = ["birth_lunar", "birth_year", "birth_month", "birth_day", "birth_leap"]
DAYS = ("first_purchase_day", "last_purchase_day", "call_before", "birthday")


def _birthday(born: Any) -> str | None:
    """A birthday as it was told: 1990-05-03, 05-03 without a year; a lunar one with its mark."""
    if pd.isna(born.birth_month) or pd.isna(born.birth_day):
        return None
    year = "" if pd.isna(born.birth_year) else f"{int(born.birth_year)}-"
    lunar = f" 农历{'闰' if born.birth_leap is True else ''}" if born.birth_lunar is True else ""
    return f"{year}{int(born.birth_month):02}-{int(born.birth_day):02}{lunar}"


def titled(frame: pd.DataFrame, language: str | None) -> pd.DataFrame:
    """The same with headers and fixed words in a language (None: column names and codes)."""
    if language is None:
        return frame
    at = LANGUAGES.index(language)
    qualities = {key: names[at] for key, names in measures.PHONE_QUALITIES.items()}
    genders = {key: names[at] for key, names in GENDERS.items()}
    places = {place: [words.name(place, name, language) for name in frame[place]] for place in ("province", "city")}
    shown = frame.assign(phone_quality=frame.phone_quality.replace(qualities), gender=frame.gender.replace(genders), **places)
    return shown.rename(columns={name: titles[at] for name, titles in COLUMNS.items()})


GENDERS = {"female": ("女", "female"), "male": ("男", "male"), "other": ("其他", "other")}


def write(lines: Any, frame: pd.DataFrame) -> int:
    """Write header and rows of a frame to an open text file; the number of rows."""
    out = csv.writer(lines)
    out.writerow([safe(name) for name in frame.columns])
    out.writerows([safe(cell) for cell in row] for row in frame.astype(object).itertuples(index=False))
    return len(frame)
