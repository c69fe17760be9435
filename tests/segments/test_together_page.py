"""The page that compares segments, inside the frame: what to do where there is nothing to compare, numbers where there is."""

from crm import clock, database, segments
from crm.segments import saved
from crm.segments.definition import parse
from tests.segments.test_pages import screen, stocked, texts
from tests.segments.test_pages import shop as shop

NODES = {"East": {"field": "province", "op": "is", "value": "浙江省"}, "Regulars": {"field": "purchases", "op": "at_least", "value": 2}}


def keep(store: database.Store, *names: str) -> None:
    for name in names:
        saved.save(store, parse({"name": name, "rungs": [{"name": "r", "where": NODES[name]}]}), clock.now())


def test_fewer_than_two_saved_segments_say_what_to_do(shop: database.Store) -> None:
    keep(shop, "Regulars")
    run = screen("together.py")
    assert not run.exception and not run.error
    assert "Two saved segments are needed" in texts(run)
    assert [one.label for one in run.button if one.label == "Build a segment"]


def test_the_page_counts_and_its_buttons_make_segments(shop: database.Store) -> None:
    stocked(shop)
    keep(shop, *NODES)
    run = screen("together.py")
    assert not run.exception and not run.error
    assert "**4** people are in at least one of them, **2** in all, 0 in none." in texts(run)
    assert "Only 4 people are in “Regulars”" in texts(run)
    made = {one.label: one.disabled for one in run.button if "(" in one.label}
    assert made == {"In any of them (4)": False, "In all of them (2)": False, "Only Regulars (2)": False, "Only East (0)": True}
    for label, people in (("In any of them (4)", 4), ("In all of them (2)", 2), ("Only Regulars (2)", 2)):
        before = {row.name for row in saved.listed(shop)}
        run = screen("together.py")
        run.multiselect[0].set_value(["Regulars", "East"]).run()
        next(one for one in run.button if one.label == label).click().run()
        assert not run.exception and not run.error
        (name,) = {row.name for row in saved.listed(shop)} - before
        assert segments.count(shop, saved.get(shop, name), clock.day_of(clock.now(), "Asia/Shanghai"))[-1].customers == people
