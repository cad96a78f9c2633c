"""Signing in at the clinic's own identity provider: OpenID Connect, authorization code with PKCE.

Trusts only an identity token that the provider has just signed for us and for this very sign-in. Knows nothing about
sessions or pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import parse_authorization_code_response, prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from channels.console.signed import Signed
from dialogue.ports import Clock
from dialogue.staff_ports import StaffMember
from policies.roles import Role

SCOPE = "openid profile email"
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Accepted signatures: those by the provider's private key. Excludes HMAC (HS256), which our own secret could make, and
"none"."""
PURPOSE = "identity"
PATIENCE_SECONDS = 600.0
LEEWAY_SECONDS = 60


class IdentityRefused(Exception):
    """The provider's answer lets nobody in; the message says what to do."""


@dataclass(frozen=True)
class Provider:
    """`roles` are pairs of our role and theirs; the first one that fits counts. A claim may be a path, such as
    `realm_access.roles`."""

    issuer: str
    client_id: str
    client_secret: str
    roles: tuple[tuple[Role, str], ...]
    name_claim: str = "preferred_username"
    role_claim: str = "roles"


class Begun(NamedTuple):
    """The address to send the browser to, and the signed note that it brings back."""

    address: str
    note: str


class Identity:
    """`transport` replaces the network, for tests."""

    def __init__(
        self, provider: Provider, signed: Signed, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._provider = provider
        self._signed = signed
        self._clock = clock
        self._transport = transport

    async def begin(self, back: str, after: str) -> Begun:
        """`back` is our address that the provider sends the browser to, `after` where it goes then."""
        note = {"after": after, **{name: generate_token(48) for name in ("state", "nonce", "verifier")}}
        async with self._client() as client:
            endpoint = (await self._configuration(client))["authorization_endpoint"]
        address = prepare_grant_uri(
            endpoint,
            self._provider.client_id,
            "code",
            redirect_uri=back,
            scope=SCOPE,
            state=note["state"],
            nonce=note["nonce"],
            code_challenge=create_s256_code_challenge(note["verifier"]),
            code_challenge_method="S256",
        )
        return Begun(address, self._signed.issue(PURPOSE, note, PATIENCE_SECONDS))

    async def finish(self, note: str, returned: str, back: str) -> tuple[StaffMember, str]:
        """Who has signed in, and where they wanted to go. `returned` is the full address that the browser came back to.
        Raises IdentityRefused."""
        begun = self._signed.read(PURPOSE, note)
        if begun is None:
            raise IdentityRefused("Signing in took too long, or was begun in another browser. Try again.")
        try:
            claims = await self._claims(begun, returned, back)
        except (AuthlibBaseError, JoseError, httpx.HTTPError, KeyError, TypeError, ValueError):
            raise IdentityRefused("The identity provider did not confirm who you are. Try again.") from None
        return self._member(claims), begun["after"]

    async def _claims(self, begun: Mapping[str, str], returned: str, back: str) -> Mapping[str, Any]:
        code = parse_authorization_code_response(returned, state=begun["state"])["code"]
        async with self._client() as client:
            configuration = await self._configuration(client)
            token = await self._redeem(client, configuration["token_endpoint"], code, begun["verifier"], back)
            keys = KeySet.import_key_set(_json(await client.get(configuration["jwks_uri"])))
        return self._checked(token["id_token"], keys, begun["nonce"])

    async def _redeem(self, client: httpx.AsyncClient, endpoint: str, code: str, verifier: str, back: str) -> Any:
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        if not self._provider.client_secret:
            return _json(await client.post(endpoint, data=given | {"client_id": self._provider.client_id}))
        own = (self._provider.client_id, self._provider.client_secret)
        return _json(await client.post(endpoint, data=given, auth=own))

    def _checked(self, token: str, keys: KeySet, nonce: str) -> Mapping[str, Any]:
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
        registry = jwt.JWTClaimsRegistry(
            now=int(self._clock.now()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._provider.issuer},
            aud={"essential": True, "value": self._provider.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(decoded.claims)
        if decoded.claims.get("azp", self._provider.client_id) != self._provider.client_id:
            raise ValueError("the identity token was made for somebody else")
        return decoded.claims

    def _member(self, claims: Mapping[str, Any]) -> StaffMember:
        name = _at(claims, self._provider.name_claim)
        if not isinstance(name, str) or not name.strip():
            raise IdentityRefused("The identity provider does not say your name. Ask an administrator.")
        theirs = _at(claims, self._provider.role_claim)
        held = {theirs} if isinstance(theirs, str) else set(theirs) if isinstance(theirs, list) else set()
        for ours, named in self._provider.roles:
            if named in held:
                return StaffMember(name=name.strip(), role=ours)
        raise IdentityRefused("You are known, but have no role in this console. Ask an administrator.")

    async def _configuration(self, client: httpx.AsyncClient) -> Mapping[str, str]:
        """The provider's discovery document. Its issuer must be the one in our settings, or it is another provider."""
        address = f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        found: Mapping[str, str] = _json(await client.get(address))
        if found["issuer"] != self._provider.issuer:
            raise ValueError("the provider has another name")
        return found

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=10.0, transport=self._transport)


def _json(answer: httpx.Response) -> Any:
    answer.raise_for_status()
    return answer.json()


def _at(claims: Mapping[str, Any], path: str) -> Any:
    found: Any = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
