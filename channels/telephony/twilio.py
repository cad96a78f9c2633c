"""Twilio behind the port: its own package builds the requests, our HTTP client sends them. Knows no patient."""

from typing import Any

import httpx
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from channels.telephony.port import Ability, TelephoneFailed

API = "https://api.twilio.com"
SECONDS = 10.0
RING_SECONDS = 30
"""How long a call rings: it must end before the page climbs."""
REFUSED = range(400, 500)
TOO_MANY = 429


class TwilioTelephone:
    """`number` is our number at Twilio. `api` may be another address of the same API: a region, or a stand-in."""

    def __init__(self, account: str, token: str, number: str, client: httpx.AsyncClient, api: str = API) -> None:
        self._number = number
        self._twilio = Client(account, token, http_client=_Through(client, api))

    async def text(self, to: str, body: str, callback: str = "") -> str:
        kept: dict[str, Any] = {"content_retention": "discard", "status_callback": callback or None}
        return await self._sid(self._twilio.messages.create_async(to=to, from_=self._number, body=body, **_given(kept)))

    async def call(self, to: str, script: str, answered: str = "") -> str:
        """Twilio finds out who answered while the call goes on, so that nobody hears seconds of silence first; at its
        end it reports whether anybody answered.
        """
        more: dict[str, Any] = {"url": script}
        if answered:
            more |= {"machine_detection": "Enable", "async_amd": "true", "async_amd_status_callback": answered}
            more |= {"status_callback": answered, "timeout": RING_SECONDS}
        return await self._sid(self._twilio.calls.create_async(to=to, from_=self._number, **more))

    async def check(self, ability: Ability) -> None:
        account = await _answer(self._twilio.api.v2010.account.fetch_async())
        if account.status != "active":
            raise TelephoneFailed(f"Twilio: our account is {account.status}")
        ours = await _answer(self._twilio.incoming_phone_numbers.list_async(phone_number=self._number, limit=1))
        if not ours:
            raise TelephoneFailed("Twilio: our number is none of our account's")
        if not ours[0].capabilities.get(ability):
            raise TelephoneFailed(f"Twilio: our number can do no {ability}")

    async def _sid(self, asked: Any) -> str:
        return str((await _answer(asked)).sid)


async def _answer(asked: Any) -> Any:
    """Twilio's answer. Its error messages are not passed on: they may quote the number."""
    try:
        return await asked
    except TwilioRestException as error:
        refused = error.status in REFUSED and error.status != TOO_MANY
        raise TelephoneFailed(f"Twilio: error {error.code or error.status}", refused=refused) from None
    except (TwilioException, httpx.HTTPError) as error:
        raise TelephoneFailed(f"Twilio: {type(error).__name__}") from None


class _Through(AsyncHttpClient):  # type: ignore[misc]  # the package carries no types
    """Sends the package's requests with our own client, which has our time-outs and logs no bodies."""

    def __init__(self, client: httpx.AsyncClient, api: str) -> None:
        self._client = client
        self._api = api.rstrip("/")
        self.is_async = True
        self.timeout = SECONDS

    async def request(
        self,
        method: str,
        uri: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        url = uri.replace(API, self._api, 1)
        answer = await self._client.request(
            method, url, params=params, data=data, headers=headers, auth=auth, timeout=timeout or SECONDS
        )
        return Response(answer.status_code, answer.text, answer.headers)


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}
