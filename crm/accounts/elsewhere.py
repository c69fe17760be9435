"""Signing in elsewhere (OpenID Connect): whether the machine's settings for it can be used, and which user an e-mail address is."""

from datetime import datetime
from importlib.util import find_spec
from urllib.parse import urlsplit

from crm.accounts import audit, sessions, sign_in, users
from crm.accounts.sign_in import FREE_ADDRESS, Visitor
from crm.accounts.users import User
from crm.database import Store
from crm.errors import BadInputError, CrmError, Sentence
from crm.settings import Environment

LOOPBACK = ("localhost", "127.0.0.1", "::1")
HALF = Sentence(
    "elsewhere.half_set",
    "To sign in elsewhere CRM_OIDC_ISSUER, CRM_OIDC_CLIENT_ID and CRM_OIDC_CLIENT_SECRET are needed, and not all are set. "
    "The server was not started. Please set all three, or none.",
)
OPEN_TO_ALL = Sentence(
    "elsewhere.no_tls",
    "CRM_OIDC_ISSUER does not begin with https://, so anybody on the way could sign in as somebody else. The server was not started. "
    "Please set the https:// address of the provider.",
)
MISSING = Sentence(
    "elsewhere.no_library",
    "CRM_OIDC_ISSUER is set, but the libraries to sign in elsewhere are not installed. The server was not started. "
    "Please install Huitou with its extra “oidc”, or remove CRM_OIDC_ISSUER.",
)


def trouble(env: Environment) -> Sentence | None:
    """What is wrong with the settings; None also where none is set."""
    given = [env.oidc_issuer, env.oidc_client_id, env.oidc_client_secret]
    if not all(given):
        return HALF if any(given) else None
    issuer = urlsplit(env.oidc_issuer)
    if issuer.scheme != "https" and issuer.hostname not in LOOPBACK:
        return OPEN_TO_ALL
    return None if find_spec("authlib") and (find_spec("httpx2") or find_spec("httpx")) else MISSING


def require_usable(env: Environment) -> None:
    """Before the start. Raises CrmError."""
    wrong = trouble(env)
    if wrong is not None:
        raise CrmError(*wrong)


def is_offered(env: Environment) -> bool:
    """Whether people can sign in elsewhere."""
    return bool(env.oidc_issuer) and trouble(env) is None


def provider_name(env: Environment) -> str:
    """As the button calls the provider: by the name that was set, else by its host."""
    return env.oidc_name or urlsplit(env.oidc_issuer).hostname or env.oidc_issuer


def enter(store: Store, email: str, visitor: Visitor, now: datetime) -> str:
    """The token of a new session for the one user of an address that the provider has checked. Raises BadInputError where there is none."""
    people = [user for user in users.every(store) if user.closed_at is None and user.email and _same(user.email, email)]
    if len(people) != 1:
        _note_refusal(store, people, visitor, now)
        raise BadInputError(
            "elsewhere.unknown",
            "This shop has no user with the e-mail address of your account there, or more than one. You were not let in. "
            "Please ask whoever manages the users.",
        )
    user, known = people[0], sessions.known_device(store, people[0].user_id, visitor.device)
    with store.transaction() as change:
        audit.noted(change, now, user.name, "sign in", f"elsewhere, {'known' if known else 'new'} browser")
        return sessions.begin(change, user.user_id, visitor.device, visitor.browser, visitor.address, now)


def _same(one: str, other: str) -> bool:
    """Capitals do not count, but only the plain ones: other scripts have letters that become plain ones when they are made small."""
    one, other = one.strip(), other.strip()
    return one.lower() == other.lower() if one.isascii() and other.isascii() else one == other


def _note_refusal(store: Store, people: list[User], visitor: Visitor, now: datetime) -> None:
    """Not without end: whoever has an account at a large provider could fill the trail."""
    key = ("elsewhere", visitor.address)
    if sign_in.throttle.wrong(key, now) <= FREE_ADDRESS:
        audit.note(store, now, "screen", "sign in refused", "elsewhere: several users" if people else "elsewhere: no user")
