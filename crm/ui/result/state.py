"""What the results page remembers, and the keys of its inputs."""

from dataclasses import dataclass

from crm.ui import session


class Key(session.Keys):
    CAMPAIGN = "result_campaign"
    WINDOW = "result_window"
    INTERVAL = "result_interval"
    ALL = "result_all"
    FUNNEL = "result_funnel"


@dataclass
class ResultState:
    asked: str = ""  # the campaign that the address named last: it is chosen once, after that the visitor chooses
