"""What the distribution page remembers, and the keys of its inputs."""

from dataclasses import dataclass, field

from crm.ui import session

Chosen = dict[str, list[str]]
"""Dimension → bins, dimensions in the order in which they were first clicked."""


class Key(session.Keys):
    BY = "explore_by"
    MORE = "explore_more"
    SAVE = "explore_save"
    CLEAR = "explore_clear"
    CLEAR_BELOW = "explore_clear_below"
    ALWAYS = "explore_always"
    CHART = "explore"
    FIND = "explore_find"
    FILE = "explore_file"
    BESIDE = "explore_beside"
    INTO = "explore_into"
    BACK = "explore_back"


@dataclass
class CustomersState:
    round: int = 0  # how often choosing began anew: charts then have other keys, so that what is chosen is their ground
    chosen: Chosen = field(default_factory=dict)  # what is chosen now
    ground: Chosen = field(default_factory=dict)  # what was chosen when the charts came on screen: clicks turn bins of it on or off
    into: str = ""  # what the map has given way to: the cities of a province (`city`), the districts of a city (`district`), or nothing
