"""What the same-person page remembers, and the keys of its inputs."""

from dataclasses import dataclass, field

from crm.ui import session


class Key(session.Keys):
    ALL = "same_all"
    PAGE = "same_page"
    STRENGTH = "same_strength"
    OPEN = "same_open"
    JOIN = "same_join"
    APART = "same_apart"
    TICK = "same_tick"
    JOIN_CHOSEN = "same_chosen_join"
    DECISIONS_PAGE = "joined_page"
    BATCH_BACK = "joined_all"
    BACK = "joined_back"


@dataclass
class SamePeopleState:
    job: str = ""  # the joining or taking back asked for last
    chosen: set[str] = field(default_factory=set)  # the groups that are ticked
