"""Sends each closed case to a FHIR server as one transaction. Implements `HandOffs`.

The server creates each resource only if it does not have it, so that a case can be sent again if the answer was lost.
"""

import httpx

from channels.fhir.answers import Answer, Unwilling, answered, codes
from channels.fhir.bundle import bundle_of
from channels.fhir.closed_case import NotForHandOff
from channels.fhir.smart import Bearer
from channels.fhir.values import Json
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation

FHIR_JSON = "application/fhir+json"


class FhirServer:
    """`bearer` is None where the server wants no authentication."""

    def __init__(self, base: str, clinic: Clinic, http: httpx.AsyncClient, bearer: Bearer | None = None) -> None:
        self._base = base
        self._clinic = clinic
        self._http = http
        self._bearer = bearer

    async def hand_off(self, conversation: Conversation) -> None:
        """Raises HandOffFailed. A case opened again waits for its next closing."""
        try:
            bundle = bundle_of(conversation, self._clinic)
        except NotForHandOff:
            return
        headers = await self._headers()
        try:
            answer = await self._post(bundle, headers)
        except Unwilling as error:
            if self._bearer is None or error.status != httpx.codes.UNAUTHORIZED:
                raise
            self._bearer.forget()  # it may have been revoked before it expired
            answer = await self._post(bundle, await self._headers())
        _require_all(answer)

    async def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": FHIR_JSON, "Accept": FHIR_JSON, "Prefer": "return=minimal"}
        if self._bearer is not None:
            headers["Authorization"] = f"Bearer {await self._bearer.token()}"
        return headers

    async def _post(self, bundle: Json, headers: dict[str, str]) -> Answer:
        return await answered(self._http, "POST", self._base, "case", json=bundle, headers=headers)


def _require_all(answer: Answer) -> None:
    """Raises HandOffFailed unless the server created or had every resource: a transaction is all or nothing."""
    entries = answer.body.get("entry")
    for entry in entries if isinstance(entries, list) else []:
        response = entry.get("response") if isinstance(entry, dict) else None
        status = str(response.get("status", "2")) if isinstance(response, dict) else "2"
        if not status.startswith("2"):
            status = status[:3] if status[:3].isdecimal() else "?"
            outcome = response.get("outcome") if isinstance(response, dict) else None
            said = codes(outcome) if isinstance(outcome, dict) else []
            raise Unwilling(" ".join(["case: in part", status, *said]))
    if answer.body.get("resourceType") == "OperationOutcome" and _is_error(answer.body):
        raise Unwilling(" ".join(["case:", *codes(answer.body)]))


def _is_error(outcome: Json) -> bool:
    issues = outcome.get("issue")
    graded = [issue.get("severity") for issue in issues if isinstance(issue, dict)] if isinstance(issues, list) else []
    return "fatal" in graded or "error" in graded
