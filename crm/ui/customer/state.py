"""What is remembered of looking at single customers, and the keys of the inputs. Keys reach the browser: no id or name stands in one."""

from dataclasses import dataclass, field

from crm.customers import story
from crm.ui import session

ADDRESS = "who"
"""What in the address stands for a customer: a sign that nobody can make of a name or number (`lookup.sign`)."""


class Key(session.Keys):
    ORDERS = "customer_orders"
    PAGE = "customer_page"
    SEARCH = "find_customer"
    FOUND = "customer_found"
    BEFORE = "customer_before"
    NEXT = "customer_next"
    SHOWN = "customer_shown"
    MORE = "customer_more"
    WHY = "customer_why"
    LADDER = "customer_ladder"
    NOTE = "customer_note"
    NOTE_FORM = "customer_note_form"
    EDIT = "customer_edit"
    EDIT_FORM = "customer_edit_form"
    FIELD = "customer_field"
    BACK = "customer_back"


@dataclass
class LookedAt:
    table: str = ""  # the table in which a row is chosen whose customer was opened
    times: int = 0  # how often somebody was opened from a table: each time it gets another key, so that no row stays chosen


@dataclass(frozen=True)
class Trail:
    """The list she was opened from: what it is called, the ids that were on screen, the place of the first, how many there are."""

    name: str
    ids: tuple[str, ...]
    first: int
    total: int


@dataclass
class CustomerState:
    customer_id: str = ""
    sign: str = ""  # hers, as it stands in the address
    trail: Trail | None = None
    words: str = ""  # what was searched for; it goes neither into the address nor into the log
    searches: int = 0  # how often something was searched for: each time the box begins anew, empty
    most: int = story.MOST  # so much of the time line is shown
    why: str = ""  # the segment whose rungs are shown
    drafts: int = 0  # how often her dossier was saved: each time its inputs begin anew
    seen: dict[str, str] = field(default_factory=dict)  # the dossier as it was when the form was opened
