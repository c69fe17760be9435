"""Addresses as orders carry them, each with its place: read the way the importer reads them, at least 97 % right, none guessed wrong."""

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from crm.database import Store
from crm.orders.sql import SQL
from crm.places import divisions, regions

LABELLED = Path(__file__).with_name("addresses.csv")


def labelled() -> dict[str, tuple[str | None, ...]]:
    with LABELLED.open(encoding="utf-8", newline="") as file:
        return {row["address"]: tuple(row[name] or None for name in ("province", "city", "district")) for row in csv.DictReader(file)}


def read(store: Store, addresses: list[str]) -> dict[str, regions.Place]:
    with store.transaction() as change:
        SQL.run(change, "macros")
        places = change.rows("SELECT address, place_of(address) AS place FROM (SELECT unnest($1::TEXT[]) AS address)", [addresses])
    return {row["address"]: regions.parse(row["place"]) for row in places}


def test_addresses_are_read_right_and_never_guessed(store: Store) -> None:
    result = labelled()
    rows = read(store, list(result))
    wrong = {address: place for address, place in rows.items() if place != result[address]}
    guessed = {address: place for address, place in wrong.items() if any(a and not b for a, b in zip(place, result[address], strict=True))}
    assert len(result) >= 300
    assert guessed == {}
    assert len(wrong) <= len(result) * 0.03, wrong


def test_a_place_is_read_from_its_own_names() -> None:
    places = [
        (province.name, city.name, district.name)
        for province in divisions.set_of(divisions.divisions())
        for city in divisions.set_of(province)
        for district in divisions.set_of(city)
    ]
    assert [place for place in places if regions.parse(" ".join(place)) != place] == []
    assert [place for place in places if regions.parse("".join(dict.fromkeys(place))) != place] == []


@given(st.text(alphabet="北京上海市省区县吉林南朝阳路东 *，0,", max_size=20))
def test_any_text_gives_a_place_of_the_table_or_nothing(text: str) -> None:
    province, city, district = regions.parse(text)
    assert (province is not None or city is None) and (city is not None or district is None)
