"""An OpenID Connect provider on loopback, over real HTTP: discovery, keys, authorization with PKCE, tokens signed with RS256."""

import base64
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.conftest import free_port, wait_for

CLIENT, SECRET = "huitou-client", "s3cret-of-the-client"


class Provider:
    """`claims`, `metadata` and `person` change what it says; `broken` what it answers instead at a path."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.signs_with = self.key
        self.claims: dict[str, Any] = {"email": "anna@example.com", "email_verified": True}
        self.metadata: dict[str, Any] = {}
        self.person: dict[str, Any] = {}
        self.broken: dict[str, Response] = {}
        self.slow: dict[str, float] = {}
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/keys", self._keys),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/person", self._person),
            ]
        )

    def _answer(self, request: Request, usual: Any) -> Response:
        self.asked.append(request.url.path)
        time.sleep(self.slow.get(request.url.path, 0))
        return self.broken.get(request.url.path) or JSONResponse(usual)

    def _discovery(self, request: Request) -> Response:
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        usual = {"issuer": self.url, **{name: f"{self.url}/{path}" for name, path in places.items()}}
        return self._answer(request, {**usual, "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"], **self.metadata})

    def _keys(self, request: Request) -> Response:
        return self._answer(request, {"keys": [self.key.as_dict(private=False)]})

    def _authorize(self, request: Request) -> Response:
        """Whoever comes is signed in at once."""
        asked = dict(request.query_params)
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        assert asked["scope"] == "openid email" and len(asked["nonce"]) >= 20 and len(asked["state"]) >= 20
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", status_code=302)

    async def _token(self, request: Request) -> Response:
        typed = await request.form()
        asked = self._codes.pop(str(typed["code"]), None)
        own = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {own}":
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(str(typed["code_verifier"]).encode()).digest()).decode().rstrip("=")
        if asked is None or (challenge, typed["redirect_uri"]) != (asked["code_challenge"], asked["redirect_uri"]):
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return self._answer(request, {"access_token": "a" * 20, "token_type": "Bearer", "id_token": self._signed(asked["nonce"])})

    def _signed(self, nonce: str) -> str:
        now = int(time.time())
        usual = {"iss": self.url, "sub": "7", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        claims = {name: value for name, value in {**usual, **self.claims}.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signs_with)

    def _person(self, request: Request) -> Response:
        assert request.headers["authorization"] == f"Bearer {'a' * 20}"
        return self._answer(request, self.person)


@contextmanager
def provider() -> Iterator[Provider]:
    """One that runs for the length of a with block."""
    port = free_port()
    result = Provider(port)
    server = uvicorn.Server(uvicorn.Config(result.app, port=port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(lambda: server.started, 20)
    try:
        yield result
    finally:
        server.should_exit = True
        thread.join(10)
