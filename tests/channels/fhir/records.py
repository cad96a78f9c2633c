"""A small FHIR server: it checks who asks as SMART backend services demand, keeps what it is given, or fails as told.

It keeps a resource once: one that it has by its `ifNoneExist` is not made again.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import fhirkit
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dialogue.ports import Clock

BASE = "https://records.clinic.example/fhir"
CLIENT = "previsit-at-the-clinic"
SCOPE = "system/*.crs"
ALLOWED = ["RS384", "ES384"]
LASTS = 300

Json = dict[str, Any]


@dataclass
class Records:
    """`answers` are taken, one for each case that comes, before the server does its work; `lost` after it."""

    clock: Clock
    keys: KeySetSerialization
    answers: list[Callable[[], Response]] = field(default_factory=list)
    lost: int = 0
    kept: dict[str, Json] = field(default_factory=dict)
    asked: list[Json] = field(default_factory=list)
    assertions: set[str] = field(default_factory=set)
    tokens: dict[str, float] = field(default_factory=dict)
    came: int = 0

    def __post_init__(self) -> None:
        self.app = Starlette(
            routes=[
                Route("/fhir/.well-known/smart-configuration", self._configuration),
                Route("/fhir/metadata", self._metadata),
                Route("/token", self._token, methods=["POST"]),
                Route("/fhir", self._take, methods=["POST"]),
            ]
        )

    async def _configuration(self, request: Request) -> Response:
        return JSONResponse({"token_endpoint": f"{str(request.base_url).rstrip('/')}/token"})

    async def _metadata(self, request: Request) -> Response:
        return JSONResponse({"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1"})

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        try:
            said = jwt.decode(form["client_assertion"], KeySet.import_key_set(self.keys), algorithms=ALLOWED)
        except (JoseError, ValueError):
            return JSONResponse({"error": "invalid_client", "error_description": "unknown key"}, 400)
        claims, now = said.claims, self.clock.now()
        right = (
            claims["iss"] == claims["sub"] == CLIENT
            and claims["aud"] == str(request.url)
            and now < claims["exp"] <= now + 300
            and claims["jti"] not in self.assertions
            and said.header["typ"] == "JWT"
            and form["grant_type"] == "client_credentials"
            and form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            and form["scope"] == SCOPE
        )
        if not right:
            return JSONResponse({"error": "invalid_client"}, 400)
        self.assertions.add(claims["jti"])
        token = secrets.token_urlsafe(16)
        self.tokens[token] = now + LASTS
        return JSONResponse({"access_token": token, "token_type": "bearer", "expires_in": LASTS, "scope": SCOPE})

    async def _take(self, request: Request) -> Response:
        self.came += 1
        if self.answers:
            return self.answers.pop(0)()
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, 0.0) <= self.clock.now():
            return JSONResponse({"resourceType": "OperationOutcome"}, 401)
        text = (await request.body()).decode()
        if problems := fhirkit.validate(text):
            return outcome(400, "structure", str(problems))
        bundle = await request.json()
        self.asked.append(bundle)
        made = [self._make(entry) for entry in bundle["entry"]]
        if self.lost:
            self.lost -= 1
            return outcome(504, "timeout")
        return JSONResponse({"resourceType": "Bundle", "type": "transaction-response", "entry": made})

    def _make(self, entry: Json) -> Json:
        known_by = f"{entry['request']['url']}?{entry['request']['ifNoneExist']}"
        status = "200 OK" if known_by in self.kept else "201 Created"
        self.kept.setdefault(known_by, entry["resource"])
        return {"response": {"status": status}}

    def of_kind(self, kind: str) -> list[Json]:
        return [one for one in self.kept.values() if one["resourceType"] == kind]


def outcome(status: int, code: str, words: str = "", **headers: str) -> Response:
    issue = {"severity": "error", "code": code, "diagnostics": words or "why not"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse({"resourceType": "OperationOutcome", "issue": [issue]}, status, named)
