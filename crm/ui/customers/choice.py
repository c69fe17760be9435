"""What is chosen on the distribution page: clicks and brushes on the charts, remembered while the visitor looks at other pages."""

from collections.abc import Mapping
from typing import Any

from crm.customers import dimensions, moments
from crm.ui import session
from crm.ui.customers.drawings import BRUSHED, PICKED
from crm.ui.customers.state import Chosen, CustomersState, Key
from crm.ui.words import language

CHARTS = {"province_map": "province", "region_city": "city", "region_district": "district"}
"""Charts that are not named after their dimension."""
WITHIN = {"city": "province", "district": "city"}
"""What the map gives way to, and of what there must be exactly one for it."""


def key(chart: str) -> str:
    """The widget key of a chart; changes when choosing begins anew."""
    return Key.CHART.of(session.state(CustomersState).round, chart)


def _clicked(chart: str) -> list[str] | None:
    """The bins toggled in a chart since it came on screen, or None when it was not on screen in the last run."""
    drawn = session.held(key(chart))
    if drawn is None:
        return None
    return [str(point["bin"]) for point in drawn.selection.get(PICKED, []) if "bin" in point]


def _brushed(name: str) -> list[str]:
    """The bins under a brush: the axes of a chart hold whole bins, so it takes whole bins."""
    drawn = session.held(key(name))
    brush: Mapping[str, Any] = (drawn.selection.get(BRUSHED) or {}) if drawn is not None else {}
    if name == "moment":
        days, hours = brush.get("weekday", []), brush.get("hour", [])
        called = [_worded(words) for words in moments.WEEKDAYS]
        return [moments.key(called.index(day) + 1, int(hour)) for day in days if day in called for hour in hours]
    bins, shop = dimensions.get(name).bins, session.shop()
    under = set(brush.get("label", []))
    return [one for one in bins.order(shop) if _worded(bins.label(one, shop)) in under] if under else []


def _worded(pair: tuple[str, str]) -> str:
    return pair[0] if language() == "zh_CN" else pair[1]


def toggled(kept: list[str], *clicks: list[str]) -> list[str]:
    """Every click turns its bin on or off, whichever chart of the dimension it came from; order of choosing is kept."""
    items = list(kept)
    for clicked in clicks:
        items = [bin for bin in items if bin not in clicked] + [bin for bin in clicked if bin not in items]
    return items


def read(names: list[str]) -> Chosen:
    """Dimension → chosen bins, dimensions in the order in which they were first clicked. Call it before the charts are drawn."""
    page = session.state(CustomersState)
    now: Mapping[str, list[str]] = {name: _of(name, page) for name in names}
    order = [name for name in page.chosen if name in now] + [name for name in names if name not in page.chosen]
    page.chosen = {name: now[name] for name in order if now[name]}
    return page.chosen


def _of(name: str, page: CustomersState) -> list[str]:
    clicks = [_clicked(chart) for chart in (name, *[chart for chart, dimension in CHARTS.items() if dimension == name])]
    if all(click is None for click in clicks):  # the charts are new on screen: what was chosen before is now the ground
        page.ground[name] = page.chosen.get(name, [])
    chosen = toggled(page.ground.get(name, []), *[click for click in clicks if click])
    return [*chosen, *[bin for bin in _brushed(name) if bin not in chosen]]


def clear() -> None:
    """Choose nothing."""
    page = session.state(CustomersState)
    page.round, page.chosen, page.ground, page.into = page.round + 1, {}, {}, ""


def add(name: str, bin: str) -> None:
    """Choose one more bin."""
    page = session.state(CustomersState)
    page.chosen = page.chosen | {name: [*page.chosen.get(name, []), bin]}
    page.round += 1


def go(into: str, without: str = "") -> None:
    """Let the map give way to the cities or districts, or come back; `without`: a dimension of which nothing is chosen any longer."""
    page = session.state(CustomersState)
    page.chosen = {name: bins for name, bins in page.chosen.items() if name != without}
    page.round, page.into = page.round + 1, into


def one(name: str) -> str | None:
    """The only bin chosen of a dimension, where it is only one and known."""
    bins = session.state(CustomersState).chosen.get(name, [])
    return bins[0] if len(bins) == 1 and bins[0] != "unknown" else None


def into() -> str:
    """What stands where the map is: `city`, `district`, or nothing; only below exactly one province, and one city."""
    wanted = session.state(CustomersState).into
    if wanted == "district" and not one("city"):
        wanted = "city"
    return wanted if wanted and one("province") else ""
