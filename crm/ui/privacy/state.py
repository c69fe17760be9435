"""What the page of data requests remembers, and the keys of its inputs."""

from dataclasses import dataclass, field

from crm.privacy.people import Person
from crm.ui import session


class Key(session.Keys):
    SOUGHT = "privacy_sought"
    FIND = "privacy_find"
    MAKE = "privacy_make"
    DOWNLOAD = "privacy_download"
    ERASE = "privacy_erase"
    NUMBER = "privacy_number"
    SURE = "privacy_sure"
    KEEP = "privacy_keep"
    SAVE = "privacy_save"
    DONE = "privacy_done"


@dataclass
class PrivacyState:
    """Who was looked for and found, and the file that was made of one of them."""

    people: list[Person] | None = None
    files: dict[str, str] = field(default_factory=dict)
