"""A stand-in for the carrier: answers Twilio's API, signs and sends its webhooks, and misbehaves as carriers do.

For tests, and for trying the product without an account. Knows nothing about previsit but its address.
"""

import asyncio
import base64
import hmac
import html
import random
import re
from dataclasses import dataclass, field
from itertools import count

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from twilio.request_validator import HMAC_SHA1, SIGNATURE_HEADER, SIGNATURE_SETTINGS_HEADER, RequestValidator

STATUSES = ("queued", "sent", "delivered")
STOPPED = 21610
STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "UNSTOP"})
LEFT = "You have been unsubscribed and will get no more texts from this number. Reply START to subscribe again."
BACK = "You have been subscribed again and will get texts from this number."
PICTURE = {"NumMedia": "1", "MediaContentType0": "image/jpeg", "MediaUrl0": "https://carrier.invalid/picture"}

_REPLY = re.compile(r"<Message>(.*?)</Message>", re.DOTALL)


@dataclass(frozen=True)
class Faults:
    """How often each thing goes wrong, as a share from 0 to 1; the same `seed` gives the same faults."""

    duplicated: float = 0.0
    reordered: float = 0.0
    callbacks_lost: float = 0.0
    seed: int = 1


@dataclass(frozen=True)
class Text:
    """One text that was sent; `mine` if the patient's phone sent it, `carriers` if the carrier itself did."""

    sid: str
    phone: str
    body: str
    mine: bool
    picture: bool = False
    carriers: bool = False


@dataclass
class StandIn:
    """`inbound` is the address at which previsit takes texts. Texts to `unreachable` numbers get lost, and texts to
    `stopped` numbers are refused. `status` is the account's; without `texting` its number can only call."""

    account: str
    token: str
    number: str
    inbound: str
    client: httpx.AsyncClient
    faults: Faults = Faults()
    algorithm: str = HMAC_SHA1
    texts: list[Text] = field(default_factory=list)
    calls: list[dict[str, str]] = field(default_factory=list)
    stopped: set[str] = field(default_factory=set)
    unreachable: set[str] = field(default_factory=set)
    failing: bool = False
    status: str = "active"
    texting: bool = True

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._luck = random.Random(self.faults.seed)  # noqa: S311  # faults, not secrets
        self._held: list[dict[str, str]] = []
        self._calling_back: set[asyncio.Task[None]] = set()
        self.news = asyncio.Condition()
        base = f"/2010-04-01/Accounts/{self.account}"
        self.app = Starlette(
            routes=[
                Route(f"{base}.json", self._say_who),
                Route(f"{base}/IncomingPhoneNumbers.json", self._say_numbers),
                Route(f"{base}/Messages.json", self._take_text, methods=["POST"]),
                Route(f"{base}/Calls.json", self._take_call, methods=["POST"]),
            ]
        )

    async def _say_who(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        return JSONResponse({"sid": self.account, "status": self.status})

    async def _say_numbers(self, request: Request) -> Response:
        """The account's numbers that contain what is looked for."""
        if refusal := self._refusal(request):
            return refusal
        able = {"sms": self.texting, "voice": True}
        found = self.number and request.query_params.get("PhoneNumber", "") in self.number
        numbers = [{"sid": "PN1", "phone_number": self.number, "capabilities": able}] if found else []
        return JSONResponse({"incoming_phone_numbers": numbers, "page": 0})

    def sent_to(self, phone: str) -> list[str]:
        """What previsit has sent to this phone."""
        return [text.body for text in self.texts if text.phone == phone and not (text.mine or text.carriers)]

    async def send(self, phone: str, body: str, **more: str) -> None:
        """The patient's phone sends a text; `**PICTURE` makes it one with a picture. By the faults, previsit gets it
        once, twice, or after the next one."""
        picture = "MediaUrl0" in more
        sid = self._sid("MM" if picture else "SM")
        self.texts.append(Text(sid, phone, body, mine=True, picture=picture))
        params = {"MessageSid": sid, "SmsSid": sid, "From": phone, "To": self.number, "Body": body, "NumMedia": "0"}
        self._obey(phone, body)
        await self._tell()
        await self._deliver(params | more)

    async def settle(self) -> None:
        """Delivers everything that was held back, and waits until every callback is done."""
        held, self._held = self._held, []
        for params in held:
            await self._bring(params)
        while self._calling_back:
            await asyncio.wait(self._calling_back)

    async def post(self, url: str, params: dict[str, str]) -> httpx.Response:
        """A signed webhook, as the carrier sends it."""
        params = {"AccountSid": self.account, **params}
        signature = RequestValidator(self.token).compute_signature(url, params, self.algorithm)
        headers = {SIGNATURE_HEADER: signature}
        if self.algorithm != HMAC_SHA1:
            headers[SIGNATURE_SETTINGS_HEADER] = f"key=webhooks_sharedkey_1,algorithm={self.algorithm}"
        return await self.client.post(url, data=params, headers=headers)

    async def _deliver(self, params: dict[str, str]) -> None:
        held, self._held = self._held, []
        if self._luck.random() < self.faults.reordered:
            self._held = [params]
        else:
            await self._bring(params)
            if self._luck.random() < self.faults.duplicated:
                await self._bring(params)
        for earlier in held:
            await self._bring(earlier)

    async def _bring(self, params: dict[str, str]) -> None:
        """Delivers a text to previsit, and its immediate reply to the sender, if texts reach them."""
        answer = await self.post(self.inbound, params)
        phone = params["From"]
        if phone not in self.stopped | self.unreachable:
            replies = (html.unescape(found) for found in _REPLY.findall(answer.text))
            self.texts += [Text(self._sid("SM"), phone, body, mine=False) for body in replies]
            await self._tell()

    def _obey(self, phone: str, body: str) -> None:
        """Carriers act on STOP and START themselves, before previsit gets them."""
        word = body.strip().upper()
        if word in STOP_WORDS:
            self.stopped.add(phone)
            self.texts.append(Text(self._sid("SM"), phone, LEFT, mine=False, carriers=True))
        elif word in START_WORDS and phone in self.stopped:
            self.stopped.discard(phone)
            self.texts.append(Text(self._sid("SM"), phone, BACK, mine=False, carriers=True))

    async def _take_text(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        form = {name: str(value) for name, value in (await request.form()).items()}
        if form["To"] in self.stopped:
            return _error(400, STOPPED, "Attempt to send to unsubscribed recipient")
        sid = self._sid("SM")
        reached = form["To"] not in self.unreachable
        if reached:
            self.texts.append(Text(sid, form["To"], form["Body"], mine=False))
        await self._tell()
        if url := form.get("StatusCallback", ""):
            self._call_back(url, sid, form["To"], STATUSES if reached else ("queued", "sent", "undelivered"))
        return JSONResponse({"sid": sid, "status": "queued", "body": ""}, 201)

    async def _take_call(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        form = {name: str(value) for name, value in (await request.form()).items()}
        sid = self._sid("CA")
        self.calls.append({"sid": sid, **form})
        await self._tell()
        return JSONResponse({"sid": sid, "status": "queued"}, 201)

    async def pick_up(self, call: dict[str, str], by: str = "human", key: str = "") -> str:
        """Somebody answers the call, and perhaps presses a key. Returns the last words that previsit says."""
        said = await self.post(call["Url"], {"CallSid": call["sid"]})
        if url := call.get("AsyncAmdStatusCallback", ""):
            await self.post(url, {"CallSid": call["sid"], "AnsweredBy": by})
        if key:
            said = await self.post(call["Url"], {"CallSid": call["sid"], "Digits": key})
        return said.text

    async def ring_out(self, call: dict[str, str], status: str = "no-answer") -> None:
        """Nobody answers the call."""
        await self.post(call["StatusCallback"], {"CallSid": call["sid"], "CallStatus": status})

    def _refusal(self, request: Request) -> Response | None:
        wanted = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        if not hmac.compare_digest(request.headers.get("authorization", ""), f"Basic {wanted}"):
            return _error(401, 20003, "Authenticate")
        return _error(500, 20500, "Internal Server Error") if self.failing else None

    def _call_back(self, url: str, sid: str, phone: str, statuses: tuple[str, ...]) -> None:
        order = list(statuses)
        if self._luck.random() < self.faults.reordered:
            self._luck.shuffle(order)
        kept = [status for status in order if self._luck.random() >= self.faults.callbacks_lost]
        task = asyncio.create_task(self._callbacks(url, sid, phone, kept))
        self._calling_back.add(task)
        task.add_done_callback(self._calling_back.discard)

    async def _callbacks(self, url: str, sid: str, phone: str, statuses: list[str]) -> None:
        for status in statuses:
            params = {"MessageSid": sid, "MessageStatus": status, "To": phone, "From": self.number}
            await self.post(url, params)

    async def _tell(self) -> None:
        async with self.news:
            self.news.notify_all()

    def _sid(self, kind: str) -> str:
        return f"{kind}{next(self._numbers):032x}"


def _error(status: int, code: int, message: str) -> Response:
    return JSONResponse({"code": code, "message": message, "status": status}, status)
