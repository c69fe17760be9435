"""Time zones: a sum gives what the zone's history gives, and what is no zone is a sentence."""

from pathlib import Path

import pytest

from crm import database
from crm.errors import BadInputError
from crm.imports import staging
from crm.places import zones
from tests.imports.given import one, take, write

TABLE = "order id,date,buyer,amount\nA1,2024-05-01 10:00:00,ann,10\n"


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Tokyo", "America/New_York", "Africa/Casablanca", "Asia/Kolkata", "UTC"])
def test_moments_by_a_sum_are_moments_by_the_zones_history(store: database.Store, zone: str) -> None:
    texts = [f"{year}-{month:02}-14 03:30:00" for year in (1985, 1988, 1991, 1992, 2026, 2037, 2038, 2050) for month in (1, 6, 7, 12)]
    with store.transaction() as change:
        staging.begin(change)
        ahead = zones.resolve(change, zone).ahead
        asked = (
            "SELECT ours, make_timestamp(epoch_us(timezone($2, x::TIMESTAMP))) AS theirs, on_shop_clock(ours, $2, $3) AS back, "
            "timezone($2, make_timestamptz(epoch_us(ours))) AS again "
            "FROM (SELECT x, moment(x, $2, $3, 0) AS ours FROM (SELECT unnest($1::TEXT[]) AS x))"
        )
        rows = change.rows(asked, [texts, zone, ahead])
    assert [row["ours"] for row in rows] == [row["theirs"] for row in rows]
    assert [row["back"] for row in rows] == [row["again"] for row in rows]
    assert (zones.steady(zone) is None) == (zone in ("America/New_York", "Africa/Casablanca"))


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "asia/shanghai", "UTC+8", "GMT+08:00"])
def test_a_zone_has_several_names(store: database.Store, tmp_path: Path, zone: str) -> None:
    take(store, write(tmp_path / "o.csv", TABLE), timezone=zone)
    assert str(one(store)["created_at"]) == "2024-05-01 02:00:00"


@pytest.mark.parametrize("zone", ["Foo/Bar", "../x", "/etc/passwd", "Shanghai", "8"])
def test_what_is_no_zone_is_a_sentence(store: database.Store, tmp_path: Path, zone: str) -> None:
    with pytest.raises(BadInputError, match="no time zone"):
        take(store, write(tmp_path / "o.csv", TABLE), timezone=zone)
    assert store.rows("SELECT 1 FROM orders") == []
