"""Where a letter comes from: the mailbox in its From, the address its links point to, and what about them stops a launch."""

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from crm.campaigns.spec import CampaignSpec
from crm.errors import BadInputError, Sentence
from crm.messaging import channels
from crm.settings import Environment, Shop

Fault = tuple[str, BadInputError]
"""The check that it fails (`crm.campaigns.checks`) and the refusal of a launch."""

NO_SENDER = Sentence(
    "sender.missing", "There is no sender address, so nothing is sent. Please enter one under “Sender and channel” or in the settings."
)
BAD_SENDER = Sentence(
    "sender.not_an_address",
    "The sender address “{address}” in the settings is not an e-mail address, so nothing is sent. Please correct it there.",
)
LOCAL = Sentence(
    "sender.links_not_public",
    "The links to unsubscribe would point to {url}, which customers cannot open, so no e-mail is sent. "
    "Please enter the public address of this server in the settings.",
)
_AT_HOME = (".local", ".localhost", ".lan", ".internal", ".home.arpa")


def sender(spec: CampaignSpec, shop: Shop) -> str:
    """The address a campaign is sent from: its own, else the shop's. Raises BadInputError where there is none."""
    given = (spec.from_email or shop.from_email).strip()
    if not given:
        raise BadInputError(*NO_SENDER)
    try:
        result = validate_email(given, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as error:
        raise BadInputError(*BAD_SENDER, address=given[:100]) from error
    return result.ascii_email or result.normalized


def name(spec: CampaignSpec, shop: Shop) -> str:
    """The name beside that address."""
    return spec.from_name or shop.from_name or shop.name


def address(shop: Shop, env: Environment) -> str:
    """Where the links in letters point: the address the shop set, else the machine's."""
    return shop.public_url or env.public_url


def is_local(url: str) -> bool:
    """Whether only this machine, or only this house, can open it."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_AT_HOME)


def stops(spec: CampaignSpec, shop: Shop, env: Environment) -> Iterator[Fault]:
    """What has to be mended before anything is sent. A loopback in place of SendGrid sends no real mail."""
    try:
        sender(spec, shop)
    except BadInputError as fault:
        yield "sender", fault
    host = channels.get(spec.channel).host(env)
    if host and is_local(address(shop, env)) and not is_local(host):
        yield "public_url", BadInputError(*LOCAL, url=address(shop, env))


def require(spec: CampaignSpec, shop: Shop, env: Environment) -> None:
    """Raises BadInputError with the first of them."""
    for _check, fault in stops(spec, shop, env):
        raise fault
