"""Proves to a FHIR server who we are: SMART backend services (a signed assertion for a short-lived token).

Knows nothing about what the token is used for. The key never leaves this process; only its public half is shown.
"""

import json
import secrets
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySetSerialization, RSAKey

from channels.fhir.answers import Unwilling, answered, plain
from dialogue.ports import Clock

BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTED_SECONDS = 240
"""How long an assertion is valid; the standard allows at most five minutes."""
EARLY_SECONDS = 30.0
"""How long before it expires a token is no longer used: a request takes a moment to arrive."""
SHORTEST_SECONDS = 60.0


class KeyRefused(Exception):
    """The key's file cannot be used; the message says what it must hold."""


class SigningKey:
    """A private key in PEM or as a JWK: RSA signs RS384, an elliptic curve P-384 ES384."""

    def __init__(self, path: Path) -> None:
        self._key = _read(path)
        self._algorithm = "RS384" if isinstance(self._key, RSAKey) else "ES384"
        self._name = self._key.kid or self._key.thumbprint()

    def sign(self, claims: dict[str, Any]) -> str:
        header = {"alg": self._algorithm, "kid": self._name, "typ": "JWT"}
        return jwt.encode(header, claims, self._key, algorithms=[self._algorithm])

    def public(self) -> KeySetSerialization:
        """The public key as a JWK set, for the FHIR server's administrator."""
        shown = self._key.as_dict(private=False)
        return {"keys": [{**shown, "kid": self._name, "alg": self._algorithm, "use": "sig"}]}


def _read(path: Path) -> RSAKey | ECKey:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise KeyRefused(f"{path} cannot be read: {error.strerror}.") from None
    for kind in (RSAKey, ECKey):
        try:
            key = kind.import_key(json.loads(text) if text.lstrip().startswith(b"{") else text)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if key.is_private and (isinstance(key, RSAKey) or key.curve_name == "P-384"):
            return key
    raise KeyRefused(f"{path} holds no private key that FHIR servers take: RSA, or the elliptic curve P-384.")


class Bearer:
    """Gets tokens and keeps one until it expires. An empty `token_url` means: ask the server where tokens are given."""

    def __init__(
        self,
        base: str,
        client_id: str,
        key: SigningKey,
        scope: str,
        token_url: str,
        http: httpx.AsyncClient,
        clock: Clock,
    ) -> None:
        self._base = base
        self._client_id = client_id
        self._key = key
        self._scope = scope
        self._url = token_url
        self._http = http
        self._clock = clock
        self._token = ""
        self._until = 0.0

    async def token(self) -> str:
        """Raises HandOffFailed."""
        if not self._token or self._clock.now() >= self._until:
            await self._ask()
        return self._token

    def forget(self) -> None:
        """Drops the token: the server no longer accepts it."""
        self._token = ""

    async def _ask(self) -> None:
        url = self._url or await self._where()
        form = {
            "grant_type": "client_credentials",
            "scope": self._scope,
            "client_assertion_type": BEARER,
            "client_assertion": self._key.sign(self._claims(url)),
        }
        asked_at = self._clock.now()
        given = await answered(self._http, "POST", url, "token", data=form)
        token = given.body.get("access_token")
        if not isinstance(token, str) or not plain(token):
            raise Unwilling("token: none given")
        seconds = given.body.get("expires_in")
        lasts = float(seconds) if isinstance(seconds, int | float) else SHORTEST_SECONDS + EARLY_SECONDS
        self._token, self._until = token, asked_at + lasts - EARLY_SECONDS

    def _claims(self, url: str) -> dict[str, Any]:
        now = int(self._clock.now())
        us = self._client_id
        return {
            "iss": us,
            "sub": us,
            "aud": url,
            "iat": now,
            "exp": now + ASSERTED_SECONDS,
            "jti": secrets.token_hex(16),
        }

    async def _where(self) -> str:
        said = await answered(self._http, "GET", f"{self._base}/.well-known/smart-configuration", "discovery")
        url = said.body.get("token_endpoint")
        if not isinstance(url, str) or not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise Unwilling("discovery: no token endpoint")
        return url
