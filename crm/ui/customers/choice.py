"""What is chosen on the distribution page: clicks on the charts, remembered while the visitor looks at other pages."""

from collections.abc import Mapping

from crm.ui import session
from crm.ui.customers.drawings import PICKED
from crm.ui.customers.state import Chosen, CustomersState, Key

CHARTS = {"province_map": "province"}
"""Charts that are not named after their dimension."""


def key(chart: str) -> str:
    """The widget key of a chart; changes when everything is cleared."""
    return Key.CHART.of(session.state(CustomersState).round, chart)


def _clicked(chart: str) -> list[str] | None:
    """The bins toggled in a chart since it came on screen, or None when it was not on screen in the last run."""
    drawn = session.held(key(chart))
    if drawn is None:
        return None
    return [str(point["bin"]) for point in drawn.selection.get(PICKED, []) if "bin" in point]


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
    return toggled(page.ground.get(name, []), *[click for click in clicks if click])


def clear() -> None:
    """Choose nothing."""
    page = session.state(CustomersState)
    page.round, page.chosen, page.ground = page.round + 1, {}, {}
