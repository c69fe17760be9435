"""The provider at which people sign in elsewhere, through Authlib: where to send them, and whose e-mail address its answer proves."""

import logging
import re
import time
from collections.abc import Awaitable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import anyio

from crm.accounts import elsewhere
from crm.errors import BadInputError, CrmError, Sentence
from crm.settings import Environment

log = logging.getLogger(__name__)
PATIENCE = 10.0
"""Seconds for all that the provider is asked in one request."""
KEPT, LEEWAY = 3600, 60
"""Seconds for which its addresses and keys are remembered, and by which its clock may differ."""
SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures with a private key of the provider's, whatever else it says that it uses."""
AWAY = Sentence(
    "elsewhere.down", "{provider} does not answer. You were not let in. Please try again in a minute, or sign in with your password."
)
INVALID = Sentence(
    "elsewhere.invalid",
    "What {provider} answered is not valid. You were not let in. Please begin again, or sign in with your password.",
)
WORD = re.compile(r"[a-z_]{1,40}")
T = TypeVar("T")


class Begun(NamedTuple):
    """What was asked: only an answer to it counts."""

    url: str
    state: str
    nonce: str
    verifier: str


class _UnusableError(Exception):
    """The provider's answer is not what the standard asks for."""


async def begin(env: Environment) -> Begun:
    """Where to send somebody who wants to sign in. Raises BadInputError where the provider cannot be used."""
    return await _in_time(env, _begin(env))


async def address(env: Environment, code: str, nonce: str, verifier: str) -> str:
    """The e-mail address of whoever signed in, checked by the provider. Raises BadInputError."""
    return await _in_time(env, _address(env, code, nonce, verifier))


def back(env: Environment) -> str:
    """Where the provider sends people afterwards: under our public address, whatever name a request came in by."""
    return f"{env.public_url.strip().rstrip('/')}/login/elsewhere/back"


async def _begin(env: Environment) -> Begun:
    asked = await (await _provider(env)).create_authorization_url(back(env))
    return Begun(asked["url"], asked["state"], asked["nonce"], asked["code_verifier"])


async def _address(env: Environment, code: str, nonce: str, verifier: str) -> str:
    provider = await _provider(env)
    metadata = await provider.load_server_metadata()
    token = await provider.fetch_access_token(back(env), code=code, code_verifier=verifier)
    wanted = {"iss": metadata["issuer"], "aud": env.oidc_client_id}
    options = {name: {"essential": True, "value": value} for name, value in wanted.items()}
    person = await provider.parse_id_token(token, nonce, claims_options=options, leeway=LEEWAY)
    if not person:
        raise _UnusableError("id_token")
    if "email" not in person and "userinfo_endpoint" in metadata:
        subject, person = person["sub"], await provider.userinfo(token=token)
        if person.get("sub") != subject:
            raise _UnusableError("sub")
    return _checked(env, person)


def _checked(env: Environment, person: dict[str, Any]) -> str:
    email = person.get("email")
    if not isinstance(email, str) or not email.strip() or person.get("email_verified") is not True:
        raise BadInputError(
            "elsewhere.unverified",
            "{provider} does not say that your e-mail address was checked. You were not let in. "
            "Please confirm it there, or sign in with your password.",
            provider=elsewhere.provider_name(env),
        )
    return email


async def _provider(env: Environment) -> Any:
    """Authlib's client of the provider that was set, and of no other."""
    provider = _client(env.oidc_issuer, env.oidc_client_id, env.oidc_client_secret, int(time.monotonic() // KEPT))
    metadata = await provider.load_server_metadata()
    if str(metadata.get("issuer")).rstrip("/") != env.oidc_issuer.rstrip("/"):
        raise _UnusableError("issuer")
    supported = metadata.get("id_token_signing_alg_values_supported") or ()
    metadata["id_token_signing_alg_values_supported"] = [name for name in supported if name in SIGNED] or ["RS256"]
    return provider


@lru_cache(maxsize=1)
def _client(issuer: str, client_id: str, secret: str, hour: int) -> Any:
    from authlib.integrations.starlette_client import OAuth  # an optional extra

    return OAuth().register(
        "elsewhere",
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "timeout": PATIENCE},
    )


async def _in_time(env: Environment, asked: Awaitable[T]) -> T:
    """What the provider does wrong becomes a sentence; the log says what it was, without what it says of a person."""
    try:
        with anyio.fail_after(PATIENCE):
            return await asked
    except CrmError:
        raise
    except Exception as error:
        _forget(error)
        raise BadInputError(*(AWAY if _is_away(error) else INVALID), provider=elsewhere.provider_name(env)) from None


def _is_away(error: Exception) -> bool:
    """Too late, or an error of the HTTP client, of which Authlib takes the one that is installed."""
    return isinstance(error, TimeoutError) or type(error).__module__.startswith("httpx")


def _forget(error: Exception) -> None:
    """Its addresses and keys are asked for anew: it may have changed them."""
    _client.cache_clear()
    words = [word for word in (getattr(error, "error", None), getattr(error, "claim", None)) if word and WORD.fullmatch(str(word))]
    words += error.args[:1] if isinstance(error, _UnusableError) else []
    log.warning("signing in elsewhere failed: %s", " ".join([type(error).__name__, *words]))
