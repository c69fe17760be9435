"""What the campaigns page remembers, and the keys of its inputs."""

from dataclasses import dataclass, field

from crm.campaigns.audience import Plan
from crm.campaigns.spec import CampaignSpec
from crm.ui import session

ADDRESS = "campaign"
"""Names the open campaign in the page's address."""


class Key(session.Keys):
    NEW = "campaign_new"
    ALL = "campaigns_all"
    CARD = "card"
    OPEN = "open"
    BACK = "campaign_back"
    INPUT = "campaign"
    COPY = "campaign_copy"
    DELETE = "campaign_delete"
    WHO = "preview_who"
    WIDTH = "preview_width"
    NEXT = "preview_next"
    ASKED = "preview_asked"
    NAMESAKE = "preview_of"
    TEST = "test"
    TEST_ADDRESS = "test_address"
    PLAN = "plan"
    CONFIRM = "confirm"
    APPROVE = "approve"
    SEND = "send"
    CONTINUE = "campaign_continue"
    RETRY = "campaign_retry"
    DECIDE_NO = "campaign_decide_no"
    DECIDE_YES = "campaign_decide_yes"
    DECIDE = "campaign_decide"
    DECIDE_NUMBER = "campaign_decide_number"
    ASK_PROVIDER = "campaign_ask_provider"
    PEOPLE = "campaign_people"
    PEOPLE_PAGE = "campaign_people_page"
    PEOPLE_TABLE = "campaign_people_table"


@dataclass(frozen=True)
class Handover:
    """A rung of the ladder on its way into a new campaign."""

    segment: str
    rung: str
    named: bool  # a person gave the segment its name


@dataclass
class Seen:
    """The words this tab has looked at, their version, and how often its inputs began anew.

    Changed in place right after saving: whatever touches the session or draws may be cut short by the next thing typed, and then the tab
    would take its own words for another's.
    """

    spec: CampaignSpec
    version: int
    turn: int = 0

    def look(self, spec: CampaignSpec, version: int, anew: bool = False) -> None:
        self.spec, self.version, self.turn = spec, version, self.turn + anew


@dataclass
class OneCampaign:
    """What this tab remembers of one campaign."""

    seen: Seen | None = None
    plan: tuple[str, Plan] | None = None  # who would get it, and the words (as JSON) for which that was counted
    seed: int = 0  # which somebody the preview shows


@dataclass
class CampaignsState:
    waiting: Handover | None = None  # becomes a draft as soon as the page opens
    each: dict[str, OneCampaign] = field(default_factory=dict)  # by campaign id
    letter: tuple[str, str] = ("", "")  # the document in the preview's frame, and the name under which it is served


def of(campaign_id: str) -> OneCampaign:
    """What this tab remembers of a campaign."""
    return session.state(CampaignsState).each.setdefault(campaign_id, OneCampaign())
