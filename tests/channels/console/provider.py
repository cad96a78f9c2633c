"""A small identity provider that speaks OpenID Connect: discovery, authorization code with PKCE, token, keys.

Everybody who comes is `person`. It can be told to lie; `used` holds the codes that were redeemed.
"""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from dialogue.ports import Clock

ISSUER = "https://identity.clinic.example"
CLIENT, SECRET = "previsit", "a client's secret"
KEY, ANOTHER_KEY = RSAKey.generate_key(2048), RSAKey.generate_key(2048)

Claims = dict[str, Any]


@dataclass
class LocalProvider:
    """`lie` changes the claims before they are signed, `sign` does the signing."""

    clock: Clock
    person: Claims = field(default_factory=lambda: {"preferred_username": "Kim Lee", "roles": ["clinic-nurses"]})
    lie: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Claims], str] = lambda claims: jwt.encode({"alg": "RS256", "kid": KEY.thumbprint()}, claims, KEY)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._configuration),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", self._keys),
            ]
        )

    async def _configuration(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
            }
        )

    async def _authorize(self, request: Request) -> Response:
        query = dict(request.query_params)
        assert query["client_id"] == CLIENT and query["response_type"] == "code"
        assert "openid" in query["scope"].split() and query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.asked[code] = query
        back = urlencode({"code": code, "state": query["state"]})
        return RedirectResponse(f"{query['redirect_uri']}?{back}", 303)

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        given = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.asked.get(form["code"])
        challenge = base64.urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        refused = (
            request.headers["authorization"] != f"Basic {given}"
            or asked is None
            or form["code"] in self.used
            or form["redirect_uri"] != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        )
        if refused or asked is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.used.append(form["code"])
        now = int(self.clock.now())
        claims = {"iss": ISSUER, "aud": CLIENT, "sub": "7", "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        token = self.sign(self.lie(claims | self.person))
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "id_token": token, "expires_in": 300})

    async def _keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [KEY.as_dict(private=False, kid=KEY.thumbprint(), use="sig", alg="RS256")]})
