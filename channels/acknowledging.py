"""Acknowledging a page without the console: by the link in a mail or a text, a key on the telephone, or a text reply.

It is always a named person who acknowledges. Opening the link changes nothing. If two people acknowledge, the first one
has the case and the other is told who that is.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from twilio.twiml.voice_response import VoiceResponse

from channels.audit import Audit
from channels.problems import Kind, Problem
from channels.senders.people import Person, Ticket, Tickets
from channels.staff_acts import StaffActs
from channels.telephony.port import UNDELIVERED
from channels.telephony.signature import SignedRequests
from dialogue.conversation import Conversation, Paging
from dialogue.engine import Engine, NotNow, UnknownConversation
from dialogue.events import Acknowledged, PageDelivered, PageMissed
from dialogue.ports import Conflict, StoreUnavailable
from dialogue.staff_ports import StaffDirectory

log = logging.getLogger(__name__)

TICKET_OVER = Kind(410, "ticket_over", "This link is no longer good. Please open the console.")
NOT_TAKEN = Kind(503, "not_saved", "The news was not saved; send it again.")
MAILBOX = ("machine", "fax")
UNANSWERED = frozenset({"busy", "no-answer", "failed", "canceled"})
YES = re.compile(r"\s*(?:1|ack|acknowledge|ok|yes)\s*[.!]?\s*", re.IGNORECASE)

MOST = 50

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>previsit: case {code}</title><link rel="stylesheet" href="/console/assets/console.css"></head>
<body><main class="narrow"><h1>Case {code}</h1><p>{said}</p>{form}<p><a href="{link}">Open the case</a></p>
</main></body></html>
"""
FORM = '<form method="post"><button type="submit">Acknowledge as {person}</button></form>'


class Acknowledging:
    def __init__(
        self,
        engine: Engine,
        tickets: Tickets,
        public_url: str,
        signed: SignedRequests | None,
        audit: Audit,
        staff: StaffDirectory,
    ) -> None:
        self._engine = engine
        self._tickets = tickets
        self._public_url = public_url
        self._signed = signed
        self._acts = StaffActs(engine, audit)
        self._staff = staff

    async def look(self, request: Request) -> Response:
        """The page behind a link. It acknowledges nothing by itself: mail scanners follow links."""
        ticket, conversation = await self._case(request)
        if conversation.paging is not Paging.OPEN:
            return self._page(conversation, who_has_it(conversation))
        form = FORM.format(person=escape(ticket.person))
        return self._page(conversation, "Nobody has acknowledged this page yet.", form)

    async def acknowledge(self, request: Request) -> Response:
        ticket, conversation = await self._case(request)
        return self._page(conversation, await self.by(ticket.person, conversation, "link"))

    async def voice(self, request: Request) -> Response:
        """What a call says, and what a pressed key does. Only the key acknowledges: a mailbox may have picked up."""
        if self._signed is None:
            raise Problem(TICKET_OVER)
        params = await self._signed.verified(request)
        ticket, conversation = await self._case(request)
        answer = VoiceResponse()
        if params.get("Digits"):
            await self._arrived(conversation, f"voice: {ticket.person}")
        if params.get("Digits") == "1":
            answer.say(await self.by(ticket.person, conversation, "voice"))
        elif conversation.paging is not Paging.OPEN:
            answer.say(who_has_it(conversation))
        else:
            asked = answer.gather(num_digits=1, timeout=10, action=f"/page/voice?{request.url.query}", method="POST")
            letters = " ".join(conversation.code)
            asked.say(f"This is previsit. Case {letters} is urgent. Press 1 to acknowledge.", loop=3)
        return Response(str(answer), media_type="text/xml")

    async def status(self, request: Request) -> Response:
        """The carrier's report on a page sent by text. It may come late and more than once; it counts once."""
        return await self._told(request, "text", _of_text)

    async def answered(self, request: Request) -> Response:
        """The carrier's report on a page by voice: whether a person or a machine answered, or nobody."""
        return await self._told(request, "voice", _of_call)

    async def _told(self, request: Request, way: str, read: Callable[[Mapping[str, str]], bool | None]) -> Response:
        """Notes a carrier's report. `read` finds in it whether the page has reached its person; None where it does not
        say."""
        if self._signed is None:
            raise Problem(TICKET_OVER)
        has_arrived = read(await self._signed.verified(request))
        try:
            ticket, conversation = await self._case(request)
            if has_arrived:
                await self._arrived(conversation, f"{way}: {ticket.person}")
            elif has_arrived is False:
                await self._missed(conversation, f"{way}: {ticket.person}")
        except (StoreUnavailable, Conflict):
            raise Problem(NOT_TAKEN) from None
        return Response(status_code=204)

    async def _arrived(self, conversation: Conversation, way: str) -> None:
        page = conversation.page
        if page and way not in page.delivered_by:
            await self._engine.act(conversation.id, PageDelivered(at=self._engine.clock.now(), sender=way))

    async def _missed(self, conversation: Conversation, way: str) -> None:
        page, kind = conversation.page, way.partition(":")[0]
        log.error("page %s by %s: the carrier had taken it, and it did not arrive", conversation.code, kind)
        if page and conversation.paging is Paging.OPEN and way not in page.missed_by:
            await self._engine.act(conversation.id, PageMissed(at=self._engine.clock.now(), sender=way))

    async def by(self, person: str, conversation: Conversation, way: str) -> str:
        """Acknowledges in this person's name. Returns what to tell them."""
        account = await self._staff.account(person)
        event = Acknowledged(at=self._engine.clock.now(), by=person, role=account.role if account else None)
        try:
            now = await self._acts.acknowledge(conversation, event, f"by:{way}")
        except NotNow:  # somebody else was first, with the page or with the case
            now = await self._engine.load(conversation.id)
        return who_has_it(now)

    async def by_text(self, number: str, body: str, people: Sequence[Person]) -> str:
        """The reply to a text from one of the `people` who are paged; "" for anybody else's text."""
        person = next((one.name for one in people if one.address == number), "")
        if not person:
            return ""
        opened = [one for one in await self._engine.waiting(MOST) if one.paging is Paging.OPEN]
        if not YES.fullmatch(body):
            return "This number takes 1 to acknowledge a page. For anything else please open the console."
        if len(opened) > 1:
            return f"{len(opened)} pages are open. Please use the link in the text of each."
        return await self.by(person, opened[0], "text") if opened else "No page is open."

    async def _case(self, request: Request) -> tuple[Ticket, Conversation]:
        ticket = self._tickets.read(request.url.query, self._engine.clock.now())
        if ticket is None:
            raise Problem(TICKET_OVER)
        try:
            return ticket, await self._engine.load(ticket.conversation)
        except UnknownConversation:
            raise Problem(TICKET_OVER) from None

    def _page(self, conversation: Conversation, said: str, form: str = "") -> Response:
        link = escape(f"{self._public_url}/console/cases/{conversation.id}")
        return HTMLResponse(PAGE.format(code=escape(conversation.code), said=escape(said), form=form, link=link))


def _of_text(said: Mapping[str, str]) -> bool | None:
    status = said.get("MessageStatus")
    return False if status in UNDELIVERED else True if status == "delivered" else None


def _of_call(said: Mapping[str, str]) -> bool | None:
    by = said.get("AnsweredBy", "")
    if by.startswith(MAILBOX) or said.get("CallStatus") in UNANSWERED:
        return False
    return True if by == "human" else None


def who_has_it(conversation: Conversation) -> str:
    by = conversation.page.acknowledged_by if conversation.page else ""
    return f"This page is acknowledged by {by}." if by else "There is nothing left to acknowledge here."


def acknowledging_routes(acknowledging: Acknowledging) -> list[BaseRoute]:
    return [
        Route("/page", acknowledging.look),
        Route("/page", acknowledging.acknowledge, methods=["POST"]),
        Route("/page/voice", acknowledging.voice, methods=["POST"]),
        Route("/page/answered", acknowledging.answered, methods=["POST"]),
        Route("/page/status", acknowledging.status, methods=["POST"]),
    ]
