"""The keys of the page's inputs, and which turn of typing in rivals it is."""

from dataclasses import dataclass

from crm.ui import session


@dataclass
class AllNumbersState:
    """`turn` counts how often rivals were saved: another table then begins with what is kept."""

    turn: int = 0


class Key(session.Keys):
    PERIOD = "numbers_period"
    DAYS = "numbers_days"
    SAME_DAY = "numbers_same_day"
    TABLE = "numbers_table"
    TRADE = "numbers_trade"
    RIVALS = "numbers_rivals"
    TARGET = "numbers_target"
    SAVE = "numbers_save"
