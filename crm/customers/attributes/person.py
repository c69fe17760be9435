"""Where customers live and who they are, as their orders and dossiers tell; each with its filter field, its chart and its docs row."""

from crm.customers import addresses, contacts, measures
from crm.customers.attribute import Attribute, Chart
from crm.customers.bins import whole
from crm.customers.measures import fact, word
from crm.customers.place_names import CITIES, COUNTRIES, PROVINCES, TIERS

_ADDRESS = "from the address of the latest order"

PLACE: list[Attribute] = [
    Attribute(
        "source",
        "来源",
        "Source",
        "choice",
        word("source"),
        "where the first purchase came from; unknown where its file does not say so, and for whoever never bought",
        chart=Chart(90, always=True),
    ),
    Attribute("country", "国家/地区", "Country", "choice", word("country"), _ADDRESS, named=COUNTRIES, chart=Chart(110)),
    Attribute(
        "province", "省份", "Province", "choice", word("province"), _ADDRESS, named=PROVINCES, chart=Chart(10, always=True, longest=15)
    ),
    Attribute("city", "城市", "City", "choice", word("city"), _ADDRESS, named=CITIES, chart=Chart(70, always=True)),
    Attribute("district", "区县", "District", "choice", word("district"), _ADDRESS, chart=Chart(150)),
    Attribute(
        "city_tier",
        "城市级别",
        "City tier",
        "choice",
        fact("city_tier"),
        "tier of the city of that address",
        values=TIERS,
        chart=Chart(80, always=True),
    ),
]

ADDRESS: list[Attribute] = [
    Attribute(
        "address_kind",
        "地址类型",
        "Kind of address",
        "choice",
        addresses.kind,
        "school, office, home, village or pick-up station, by words in the address of the latest order that tells one (shop settings); of "
        "several kinds the first of: pick-up, school, office, home, village",
        rows=True,
        values=addresses.KINDS,
    ),
]

PERSON: list[Attribute] = [
    Attribute(
        "gender",
        "性别",
        "Gender",
        "choice",
        fact("gender"),
        "female, male or other, from a dossier",
        values=measures.GENDERS,
        chart=Chart(130),
    ),
    Attribute(
        "age",
        "年龄",
        "Age",
        "count",
        measures.age,
        "whole years on the day; by the year alone where only that is known",
        phrases={
            "at_least": ("年满 {value} 岁", "is {value} or older"),
            "at_most": ("不超过 {value} 岁", "is {value} or younger"),
            "below": ("不到 {value} 岁", "is younger than {value}"),
            "between": ("{low}–{high} 岁", "is {low}–{high} years old"),
        },
        chart=Chart(85, always=True, bands=lambda shop: whole(0, *shop.age_bands), unit=(" 岁", "")),
    ),
    Attribute(
        "birthday",
        "生日",
        "Birthday",
        "coming",
        measures.birthday,
        "the next one; within N days means today or in the next N days; lunar birthdays by the lunar calendar",
        phrases={
            "within_days": ("未来 {value} 天内过生日", "has a birthday in the next {value} days"),
            "between": ("{low}–{high} 天后过生日", "has a birthday in {low}–{high} days"),
        },
    ),
    Attribute(
        "birthday_month",
        "生日月份",
        "Month of birthday",
        "count",
        measures.birthday_month,
        "the (solar) month of the next birthday, 1–12",
        phrases={"is": ("{value} 月过生日", "has a birthday in month {value}")},
    ),
    Attribute("tags", "标签", "Tags", "set", contacts.tags, "as the dossier says", rows=True),
    Attribute("owner", "负责人", "Owner", "choice", fact("owner"), "as the dossier says"),
    Attribute(
        "profile_complete",
        "登记完整",
        "Has a complete record",
        "flag",
        measures.complete,
        "name, gender, birthday and an e-mail address or clear phone number are known",
        phrases={"no": ("登记不完整", "has no complete record")},
    ),
]
