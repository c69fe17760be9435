"""Whether a message arrives under the sender of the settings: a test letter to an address of one's own, without anybody's data in it."""

from dataclasses import replace
from datetime import date

from crm.accounts import acting
from crm.accounts.acting import EVERYTHING, Right
from crm.campaigns.previews import send_test
from crm.campaigns.spec import CampaignSpec
from crm.database import Store
from crm.messaging import channels
from crm.settings import Environment
from crm.words import translate

SUBJECT = "This is how your messages arrive"
BODY = "If you can read this, the sender of your shop is set up. The link below leads to the page for unsubscribing."


@acting.needs(Right.SETTINGS)
def try_sender(store: Store, address: str, env: Environment, as_of: date, language: str) -> str:
    """Send it the way the shop's messages leave; what became of it as an English sentence. Raises BadInputError where it did not leave."""
    subject, body = translate(language, SUBJECT), translate(language, BODY)
    spec = CampaignSpec(name="test", channel=channels.usual(env), subject=subject, body=body)
    with acting.by(replace(acting.current(), rights=EVERYTHING)):  # it holds nobody's data: who changes settings may write it
        return send_test(store, spec, address, env, as_of)
