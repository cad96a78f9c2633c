"""Only requests that the carrier signed are accepted: not changed ones, and not made-up ones."""

import random
from urllib.parse import quote, urlencode

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive
from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
)

from channels.problems import PROBLEM_HANDLERS
from channels.telephony.signature import SignedRequests
from tests.channels.asgi import client

pytestmark = pytest.mark.anyio

PUBLIC, PATH, TOKEN = "https://clinic.example", "/sms/inbound", "secret"
PARAMS = {
    "AccountSid": "AC1",
    "MessageSid": "SM" + "0" * 32,
    "From": "+15552223333",
    "Body": "chest pain & sweating",
    "NumMedia": "0",
    "Empty": "",
}
MUTATIONS = 10_000

signed = SignedRequests(PUBLIC, "AC1", TOKEN)


async def take(request: Request) -> Response:
    return JSONResponse(await signed.verified(request))


HTTP = client(Starlette(routes=[Route(PATH, take, methods=["POST"])], exception_handlers=PROBLEM_HANDLERS))
BODY = urlencode(PARAMS)


def headers(algorithm: str = HMAC_SHA1, url: str = PUBLIC + PATH, token: str = TOKEN) -> dict[str, str]:
    found = {
        "Content-Type": "application/x-www-form-urlencoded",
        SIGNATURE_HEADER: RequestValidator(token).compute_signature(url, PARAMS, algorithm),
    }
    return found if algorithm == HMAC_SHA1 else found | {SIGNATURE_SETTINGS_HEADER: f"key=k1,algorithm={algorithm}"}


async def status(body: str = BODY, given: dict[str, str] | None = None, query: str = "") -> int:
    answer = await HTTP.post(PATH + query, content=body, headers=headers() if given is None else given)
    assert "chest pain" not in answer.text or answer.status_code == 200
    return answer.status_code


@pytest.mark.parametrize("algorithm", [HMAC_SHA1, HMAC_SHA256])
async def test_what_the_carrier_signed_is_taken_whole(algorithm: str) -> None:
    answer = await HTTP.post(PATH, content=BODY, headers=headers(algorithm))
    assert answer.json() == PARAMS


async def test_another_address_token_account_or_algorithm_is_refused() -> None:
    assert await status(query="?x=1") == 403
    assert await status(given=headers(url="https://evil.example" + PATH)) == 403
    assert await status(given=headers(token="other")) == 403
    assert await status(given=headers() | {SIGNATURE_SETTINGS_HEADER: "algorithm=none"}) == 403
    assert await status(given=headers() | {SIGNATURE_SETTINGS_HEADER: f"algorithm={HMAC_SHA256}"}) == 403
    assert await status(given={}) == 403
    stranger = dict(PARAMS, AccountSid="AC2")
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + PATH, stranger)
    assert await status(urlencode(stranger), {SIGNATURE_HEADER: signature}) == 403


async def test_a_name_that_comes_twice_is_refused_though_the_signature_is_blind_to_it() -> None:
    assert await status(BODY + "&Body=" + quote(PARAMS["Body"])) == 403


async def test_every_changed_request_is_refused() -> None:
    luck, good = random.Random(7), headers()[SIGNATURE_HEADER]
    refused = 0
    while refused < MUTATIONS:
        params, signature = dict(PARAMS), good
        match luck.randrange(5):
            case 0:
                name = luck.choice(list(params))
                params[name] = changed(params[name], luck)
            case 1:
                name = luck.choice(list(params))
                params[changed(name, luck)] = params.pop(name)
            case 2:
                params[f"More{luck.randrange(999)}"] = str(luck.random())
            case 3:
                del params[luck.choice(list(params))]
            case 4:
                signature = changed(signature, luck)
        if signature == good and run_together(params) == run_together(PARAMS):
            continue
        request = Request(
            {
                "type": "http", "method": "POST", "path": PATH, "query_string": b"", "scheme": "http",
                "headers": [(SIGNATURE_HEADER.lower().encode(), signature.encode("latin-1", "replace"))],
                "server": ("previsit.test", 80),
            },
            receive=whole(urlencode(params).encode()),
        )  # fmt: skip
        with pytest.raises(Exception, match="forged"):
            await signed.verified(request)
        refused += 1


def changed(text: str, luck: random.Random) -> str:
    place = luck.randrange(len(text) + 1)
    added = chr(luck.randrange(33, 127))
    return text[:place] + added + text[place + luck.randrange(2) :]


def run_together(params: dict[str, str]) -> str:
    """What Twilio signs: the one thing it cannot tell apart is where a name ends."""
    return "".join(name + params[name] for name in sorted(params))


def whole(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
