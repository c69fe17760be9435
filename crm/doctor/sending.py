"""Whether letters could leave, come from somebody, and be answered: sender, links, delivery reports, an older copy put back."""

import base64
from collections.abc import Iterator

from cryptography.hazmat.primitives.serialization import load_der_public_key

from crm.campaigns import origin, restored
from crm.campaigns.spec import CampaignSpec
from crm.database import Store, load_shop
from crm.doctor.finding import Finding, _
from crm.errors import CrmError
from crm.settings import Environment


def restored_copy(store: Store) -> Iterator[Finding]:
    """What a person has to decide before anything is sent."""
    for reason in restored.reasons(restored.state(store)):
        yield Finding(reason.code, "wrong", reason.template, _("Decide on the campaigns page, or with `crm sending`."), reason.values)


def sender(store: Store, env: Environment) -> Iterator[Finding]:
    """The address letters come from; without a key nothing leaves, and the campaign's own checks say what it lacks."""
    try:
        origin.sender(CampaignSpec(name="-"), load_shop(store))
    except CrmError as fault:
        remedy = _("Enter an address of a domain that SendGrid has authenticated for you as sender in the settings.")
        if env.sendgrid_api_key:
            yield Finding(fault.code, "wrong", fault.template, remedy, fault.values)


def hooks(store: Store, env: Environment) -> Iterator[Finding]:
    """Where unsubscribe links and delivery reports arrive. Whether the world reaches it can only be tried from outside."""
    url = origin.address(load_shop(store), env).rstrip("/")
    if not env.sendgrid_api_key:
        return
    if origin.is_local(url) or not url.startswith("https://"):
        sentence = _("Links to unsubscribe point to {url}, which readers cannot open or which is not encrypted.")
        remedy = _("Set the public address of this server (https://…) in the settings or in CRM_PUBLIC_URL.")
        yield Finding("hooks.not_public", "wrong", sentence, remedy, {"url": url})
    if not _is_key(env.sendgrid_webhook_key):
        sentence = _(
            "Delivery reports are refused, because CRM_SENDGRID_WEBHOOK_KEY is not a public key: bounces and opt-outs at SendGrid are lost."
        )
        remedy = _(
            "Switch the signed event webhook on at SendGrid for {hook} and set its public key. "
            "From outside, a POST without a signature must be answered with 401 there."
        )
        yield Finding("hooks.no_key", "wrong", sentence, remedy, {"hook": f"{url}/hooks/sendgrid"})


def _is_key(text: str) -> bool:
    try:
        return bool(load_der_public_key(base64.b64decode(text)))
    except ValueError:
        return False
