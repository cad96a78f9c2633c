"""What a FHIR server's answers mean: accepted, try again, or refused for good. Knows nothing about cases.

Only the status and the codes of an answer are passed on: a server's own words may repeat what it was sent.
"""

import json
import re
from typing import Any, NamedTuple

import httpx

from channels.bodies import read_answer
from dialogue.ports import HandOffFailed

LONGEST_ANSWER = 4 * 1024 * 1024
SECONDS = 30.0
NOT_NOW = frozenset({408, 409, 423, 425, 429, *range(500, 600)})
"""Statuses after which another attempt may succeed. After any other a person has to look first."""
CODE = re.compile(r"[a-z][a-z_-]{1,40}")
TOKEN = re.compile(r"[\x21-\x7e]{1,16000}")
LONGEST_WAIT = 3600.0


class Unwilling(HandOffFailed):
    """The server will not take it as it is. `status` is that of its answer, 0 where that was a success in name."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason, refused=True)
        self.status = status


class Answer(NamedTuple):
    status: int
    body: dict[str, Any]


async def answered(http: httpx.AsyncClient, method: str, url: str, step: str, **request: Any) -> Answer:
    """A 2xx answer; raises HandOffFailed for any other, and where there is none. A redirect is not followed."""
    try:
        async with http.stream(method, url, follow_redirects=False, timeout=SECONDS, **request) as response:
            body = _read(await read_answer(response, LONGEST_ANSWER))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise HandOffFailed(f"{step}: {type(error).__name__}") from None
    if 200 <= response.status_code < 300:
        return Answer(response.status_code, body)
    reason = " ".join([f"{step}: {response.status_code}", *codes(body)])
    if response.status_code in NOT_NOW:
        raise HandOffFailed(reason, again_after=_wait(response))
    raise Unwilling(reason, response.status_code)


def codes(body: dict[str, Any]) -> list[str]:
    """Why a request was refused, as standard codes: those of an OperationOutcome or of an OAuth error."""
    issues = body.get("issue")
    named = [issue.get("code") for issue in issues if isinstance(issue, dict)] if isinstance(issues, list) else []
    found = [code for code in [*named, body.get("error")] if isinstance(code, str) and CODE.fullmatch(code)]
    return list(dict.fromkeys(found))[:3]


def plain(token: str) -> bool:
    """Whether it can stand in a header."""
    return TOKEN.fullmatch(token) is not None


def _read(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _wait(response: httpx.Response) -> float | None:
    seconds = response.headers.get("retry-after", "")
    return min(float(seconds), LONGEST_WAIT) if seconds.isdecimal() and len(seconds) < 9 else None
