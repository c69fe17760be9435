"""What the settings page remembers, and the keys of its inputs."""

from dataclasses import dataclass
from typing import Any

from crm import database
from crm.settings import Shop
from crm.ui import session


class Key(session.Keys):
    FORM = "settings"
    NAME = "settings_name"
    ZONE = "settings_zone"
    CURRENCY = "settings_currency"
    FROM_NAME = "settings_from_name"
    FROM_EMAIL = "settings_from_email"
    PUBLIC_URL = "settings_public_url"
    CAP = "settings_cap"
    HOLDOUT = "settings_holdout"
    WINDOW = "settings_window"
    MARGIN = "settings_margin"
    COST = "settings_cost"
    BANDS = "settings_bands"
    QUINTILES = "settings_quintiles"
    APPROVAL = "settings_approval"
    TEST = "settings_test"
    TEST_ADDRESS = "settings_test_address"
    TAKE_BACK = "settings_take_back"
    RATES = "settings_rates"
    RATES_SAVE = "settings_rates_save"
    BACKUPS = "settings_backups"
    BACKUP_NOW = "settings_backup_now"


@dataclass
class Base:
    """What the form began with."""

    turn: int
    shop: Shop
    seen: database.Seen


@dataclass
class SettingsState:
    turn: int = 0  # how often the form began anew: its inputs then have other keys, so that they show what is kept
    base: Base | None = None
    waiting: dict[str, Any] | None = None  # changes by name that another tab has made too: they wait for a decision
    saved: bool = False  # to be said in the next run
    job: str = ""  # the recount asked for last
    job_shown: str = ""  # the recount after which the form has begun anew
