"""The webhooks of the carrier: patients' texts, and reports on ours.

A text is taken into the conversation, under the carrier's id of it, before the request is answered; if it comes again,
it changes nothing. The worker sends the replies. Knows HTTP, the engine and the telephones; nothing about meaning.
"""

import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from twilio.twiml.messaging_response import MessagingResponse

from channels.numbered import picked
from channels.problems import Kind, Problem
from channels.sms.config import SmsConfig
from channels.sms.invitations import Invitations
from channels.sms.keywords import Keyword, keyword
from channels.sms.patient_texts import PatientTexts
from channels.sms.phones import Phones
from channels.sms.texts import parted
from channels.sms.wording import fill, sms_words
from channels.telephony.port import UNDELIVERED
from channels.telephony.signature import SignedRequests
from channels.tokens import Tokens
from channels.web.incoming import MAX_TEXT, strip_invisible
from dialogue.conversation import Conversation, State
from dialogue.engine import Engine, NotNow, NotOffered, UnknownConversation
from dialogue.events import Unreachable
from dialogue.ports import Conflict, StoreUnavailable
from dialogue.view import view

NOT_TAKEN = Kind(503, "not_saved", "The text was not saved; send it again.")
EXPIRED = Kind(410, "invitation_over", "This link is no longer good. Please ask the clinic for a new one.")

SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")

Staff = Callable[[str, str], Awaitable[str]]
"""Gives the reply to a text (number, words) from somebody who is paged; "" for anybody else's text."""


class SmsWebhooks:
    def __init__(
        self,
        engine: Engine,
        phones: Phones,
        patient_texts: PatientTexts,
        signed: SignedRequests,
        config: SmsConfig,
        tokens: Tokens,
        staff: Staff | None = None,
    ) -> None:
        self._engine = engine
        self._phones = phones
        self._patient_texts = patient_texts
        self._signed = signed
        self._config = config
        self._tokens = tokens
        self._staff = staff
        self._words = sms_words(config.language)
        self._invitations = Invitations(config.secret, config.invitation_minutes)

    async def inbound(self, request: Request) -> Response:
        params = await self._signed.verified(request)
        sid = params.get("MessageSid", "")
        if not SID.fullmatch(sid):
            raise Problem(NOT_TAKEN)
        try:
            reply = "" if await self._phones.is_known(sid) else await self._take(sid, params)
            await self._phones.remember(sid)
        except (StoreUnavailable, Conflict):
            raise Problem(NOT_TAKEN) from None
        return _twiml(reply)

    async def status(self, request: Request) -> Response:
        """The carrier's report on a text of ours. If an emergency text was not delivered, the nurse is told."""
        params = await self._signed.verified(request)
        status = params.get("MessageStatus", "")
        try:
            await self._phones.set_status(params.get("MessageSid", ""), status)
            if status in UNDELIVERED:
                conversation = await self._engine.load(request.path_params["id"])
                await self._patient_texts.unheard(conversation, request.path_params["version"])
        except UnknownConversation:
            pass
        except (StoreUnavailable, Conflict):
            raise Problem(NOT_TAKEN) from None
        return Response(status_code=204)

    async def invited(self, request: Request) -> Response:
        """An invitation's link: redirects to the chat. The token is in the fragment, so that it is in no server's
        log."""
        found = self._invitations.conversation(request.url.query, self._engine.clock.now())
        if not found:
            raise Problem(EXPIRED)
        try:
            language = f"?lang={(await self._engine.load(found)).language}"
        except UnknownConversation:
            language = ""  # the chat page then says that the conversation is gone
        return RedirectResponse(f"/chat{language}#{found}.{self._tokens.issue(found)}", 303)

    async def _take(self, sid: str, params: dict[str, str]) -> str:
        """Takes a text. Returns the immediate reply, which is only for what is not part of a conversation."""
        number, body = params.get("From", ""), strip_invisible(params.get("Body", "")).strip()[:MAX_TEXT]
        if self._staff and (reply := await self._staff(number, body)):
            return reply
        conversation = await self._current(number)
        match keyword(body, params.get("OptOutType", "")):
            case Keyword.STOP:
                await self._stop(number, conversation)
                return ""
            case Keyword.START:
                await self._phones.set_stopped(number, False)
                return self._say(self._words.started_again)
            case Keyword.HELP if conversation is None or conversation.state is not State.URGENT:
                return self._say(self._words.help)
        picture = self._say(self._words.no_pictures) if params.get("NumMedia", "0") != "0" else ""
        if not body:
            return picture
        return await self._hear(sid, number, body, conversation) or picture

    async def _hear(self, sid: str, number: str, body: str, conversation: Conversation | None) -> str:
        if conversation is None or conversation.state is State.CLOSED:
            await self._first(sid, number, body, conversation)
        elif conversation.door == "link":
            return await self._beside_the_link(sid, body, conversation)
        else:
            await self._say_to(conversation, sid, body)
        return ""

    async def _first(self, sid: str, number: str, body: str, before: Conversation | None) -> None:
        """The first text of somebody who was not invited: begins a conversation with it, and gives one answer."""
        held = before.id if before else await self._phones.conversation_of(number)
        identity = await self._phones.claim(number, self._engine.new_id(), instead_of=held)
        try:
            await self._engine.start_with(identity, door="text", phone=number, key=sid, text=body)
        except Conflict:  # their other text, or this one once more, has opened it meanwhile
            await self._say_to(await self._engine.load(identity), sid, body)

    async def _beside_the_link(self, sid: str, body: str, conversation: Conversation) -> str:
        """A text from a patient who was sent a link. Only danger is taken from it; anything else belongs in the chat
        page, so the reply is the link."""
        foreseen = await self._engine.foresee(conversation.id, body)
        if foreseen.state is State.URGENT:
            said = await self._engine.say(conversation.id, key=sid, text=body)
            return parted("\n".join(reply.text for reply in said.log[-1].replies))[0]
        link = self._invitations.link(self._config.public_url, conversation.id, self._engine.clock.now())
        return self._say(self._words.use_link, link)

    async def _say_to(self, conversation: Conversation, sid: str, body: str) -> None:
        """Takes a text as numbers of the open question's answers if it can be, else as words; also as words if the
        question has changed meanwhile."""
        chosen = picked(view(conversation, conversation.version).question, body)
        try:
            await self._engine.say(conversation.id, key=sid, text="" if chosen else body, choices=chosen)
        except NotOffered:
            await self._engine.say(conversation.id, key=sid, text=body)

    async def _stop(self, number: str, conversation: Conversation | None) -> None:
        await self._phones.set_stopped(number, True)
        if conversation:
            stopped = Unreachable(at=self._engine.clock.now(), reason="stopped")
            try:
                await self._engine.act(conversation.id, stopped)
            except NotNow:
                return

    async def _current(self, number: str) -> Conversation | None:
        found = await self._phones.conversation_of(number)
        return await self._load(found) if found else None

    async def _load(self, conversation_id: str) -> Conversation | None:
        try:
            return await self._engine.load(conversation_id)
        except UnknownConversation:
            return None

    def _say(self, template: str, link: str = "") -> str:
        return fill(template, self._config, link)


def sms_routes(webhooks: SmsWebhooks) -> list[BaseRoute]:
    return [
        Route("/sms/inbound", webhooks.inbound, methods=["POST"]),
        Route("/sms/status/{id}/{version:int}", webhooks.status, methods=["POST"]),
        Route("/i", webhooks.invited),
    ]


def _twiml(reply: str) -> Response:
    answer = MessagingResponse()
    if reply:
        answer.message(reply)
    return Response(str(answer), media_type="text/xml")
