"""Charts: built once per theme and language and kept as they are, in the palette's colours only, with a text alternative."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import altair as alt
import pytest
from streamlit.testing.v1 import AppTest

from crm import database
from crm.ui import charts, words
from crm.ui.charts import PALETTES, Drawing, Palette
from crm.ui.customers import drawings as customers
from crm.ui.kpi import months
from crm.ui.patterns import drawings as patterns
from crm.ui.result import drawings as result
from tests.conftest import ROOT

ALL: dict[str, Callable[[], Drawing]] = {
    "bars": lambda: customers.bars("City", True, True),
    "week": lambda: customers.week(),
    "map": customers.grid_map,
    "boxes": lambda: patterns.heat("boxes", 88),
    "cohorts": lambda: patterns.heat("cohorts", 88),
    "months": lambda: months._lines(("2026-01", "2026-02"), True),
    "interval": lambda: result._intervals(False),
    "intervals": lambda: result._intervals(True),
    "funnel": result._funnel,
}


def look(monkeypatch: pytest.MonkeyPatch, theme: str, language: str) -> None:
    """What the visitor sees from now on."""
    monkeypatch.setattr(charts, "theme", lambda: theme)
    monkeypatch.setattr(charts, "language", lambda: language)
    monkeypatch.setattr(words, "language", lambda: language)


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("name", ALL)
def test_a_chart_has_only_colours_of_its_palette_and_red_for_loss_alone(monkeypatch: pytest.MonkeyPatch, name: str, theme: str) -> None:
    look(monkeypatch, theme, "en")
    palette, spec = PALETTES[theme], ALL[name]().spec
    used = set(re.findall("#[0-9a-fA-F]{3,8}", json.dumps(spec)))
    assert used <= set(vars(palette).values())
    assert (palette.loss in used) == (name in ("interval", "intervals"))
    assert spec["config"]["text"]["color"] == palette.text
    assert spec["background"] == "transparent"


@pytest.mark.parametrize("name", ALL)
def test_a_chart_says_what_it_shows_in_both_languages(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    look(monkeypatch, "light", "en")
    english = ALL[name]().description
    look(monkeypatch, "light", "zh_CN")
    chinese = ALL[name]().description
    assert english.isascii() and len(english) > 10
    assert re.search("[\u4e00-\u9fff]{2}", chinese)


@pytest.mark.parametrize("name", ALL)
def test_a_chart_is_built_once_for_each_look(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    kept = {}
    for theme, language in (("light", "en"), ("dark", "en"), ("light", "zh_CN")):
        look(monkeypatch, theme, language)
        kept[theme, language] = ALL[name]()
        assert ALL[name]() is kept[theme, language]
    assert len({json.dumps(drawing.spec) + drawing.description for drawing in kept.values()}) == 3


def test_visitors_with_different_themes_do_not_change_each_other_s_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    built: dict[str, Any] = {}
    light_begun, dark_begun, light_done = Event(), Event(), Event()

    @charts.built_once
    def dot(palette: Palette) -> alt.Chart:
        if palette is PALETTES["light"]:
            light_begun.set()
            dark_begun.wait(0.3)
        else:
            dark_begun.set()
            light_done.wait(5)
        return alt.Chart(description="A dot").mark_point()

    def light() -> None:
        built["light"] = dot().spec
        light_done.set()

    monkeypatch.setattr(charts, "theme", lambda: "light")
    first = Thread(target=light)
    first.start()
    assert light_begun.wait(5)
    monkeypatch.setattr(charts, "theme", lambda: "dark")
    built["dark"] = dot().spec
    first.join(5)
    assert {theme: built[theme]["config"]["text"]["color"] for theme in PALETTES} == {name: one.text for name, one in PALETTES.items()}


@pytest.mark.parametrize(("page", "drawn"), [("customers.py", 12), ("kpi.py", 3), ("result.py", 3)])
def test_a_rerun_builds_nothing_and_leaves_what_is_kept_as_it_is(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch, page: str, drawn: int
) -> None:
    monkeypatch.setenv("CRM_DATA", str(demo_copy))
    app = AppTest.from_file(str(ROOT / "crm/ui/frame/main.py"), default_timeout=60)
    app.session_state["language"] = "en"
    app.run().switch_page(str(ROOT / "pages" / page)).run()
    first = [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]
    with monkeypatch.context() as patched:
        patched.setattr(alt.theme, "enable", lambda *_args, **_options: pytest.fail("built again"))
        app.run()
    assert not app.exception and not app.error
    again = app.get("vega_lite_chart")
    assert [json.loads(chart.proto.spec) for chart in again] == first and len(first) == drawn
    assert all(chart.proto.alt for chart in again)
    database.open_store(demo_copy).close()
