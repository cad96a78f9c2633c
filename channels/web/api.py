"""The patient API: start, say, resume, listen, withdraw. Knows HTTP and the engine, nothing about what is said.

The token is checked before anything else, so that nobody can find out which conversations exist.
"""

from collections.abc import AsyncGenerator, Mapping

from starlette.requests import Request
from starlette.responses import Response

from channels.bodies import read_model
from channels.event_stream import EventStream, Sent, Streams
from channels.problems import REFUSED, UNAUTHORIZED, Kind, Problem, spend
from channels.tokens import Tokens
from channels.web.catalogue import WebCatalogue
from channels.web.config import WebConfig
from channels.web.incoming import MAX_BODY_BYTES, NewMessage, clean
from channels.web.limits import WebLimits
from dialogue.conversation import Conversation
from dialogue.engine import Engine, NotNow, NotOffered, UnknownConversation
from dialogue.ports import Changes, Conflict, StoreUnavailable
from dialogue.view import encoded

NOT_OFFERED = Kind(422, "not_offered", "That answer was not one of those offered.")
NOT_NOW = Kind(409, "not_now", "This conversation cannot take that now.")
NOT_SAVED = Kind(503, "not_saved", "The answer was not saved.")
TOO_FAST = Kind(429, "too_fast", "Too many messages at once.")
TOO_MANY_CHATS = Kind(429, "too_many_chats", "Too many new conversations from this address.")
GONE = Kind(404, "conversation_gone", "This conversation is no longer here.")

RETRY_SECONDS = 2


class _Json(Response):
    """The answer to a turn. Sets its headers directly, which is faster than in Starlette's own class."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.status_code = 200
        self.background = None
        self.raw_headers = [(b"content-length", b"%d" % len(body)), (b"content-type", b"application/json")]


class PatientApi:
    def __init__(
        self,
        engine: Engine,
        changes: Changes,
        config: WebConfig,
        catalogues: Mapping[str, WebCatalogue],
        streams: Streams,
        limits: WebLimits,
    ) -> None:
        self.engine = engine
        self.changes = changes
        self.config = config
        self.catalogues = catalogues
        self.streams = streams
        self.limits = limits
        self.tokens = Tokens(config.secret)

    async def start(self, request: Request) -> Response:
        with self._in_words(request):
            if request.headers.get("sec-fetch-site") == "cross-site":
                raise Problem(REFUSED)
            address = request.client.host if request.client else ""
            spend(self.limits.new.wait(address), TOO_MANY_CHATS)
            conversation = await self.engine.start(language=_wanted(request))
        # The token is plain base64url, so it can be put in front of the view's JSON as it is.
        token = self.tokens.issue(conversation.id).encode()
        body = b'{"token":"' + token + b'",' + encoded(conversation)[1:]
        location = {"Location": f"{request.url.path}/{conversation.id}"}
        return Response(body, 201, location, media_type="application/json")

    async def say(self, request: Request) -> Response:
        with self._in_words(request):
            conversation_id = self._authorized(request)
            spend(self.limits.messages.wait(conversation_id), TOO_FAST)
            message = await read_model(request, NewMessage, MAX_BODY_BYTES)
            text, choices = clean(message)
            conversation = await self.engine.say(
                conversation_id, key=message.client_message_id, text=text, choices=choices
            )
        return _Json(encoded(conversation, conversation.version - 1))

    async def resume(self, request: Request) -> Response:
        with self._in_words(request):
            conversation_id = self._authorized(request)
            spend(self.limits.reads.wait(conversation_id), TOO_FAST)
            conversation = await self.engine.load(conversation_id)
        return Response(encoded(conversation), media_type="application/json")

    async def listen(self, request: Request) -> Response:
        with self._in_words(request):
            conversation_id = self._authorized(request)
            spend(self.limits.reads.wait(conversation_id), TOO_FAST)
            if self.streams.open_for(conversation_id) >= self.limits.streams:
                raise Problem(TOO_FAST, retry_after=RETRY_SECONDS)
            await self.engine.load(conversation_id)
        since = _version(request.headers.get("last-event-id", ""))
        return EventStream(self._updates(conversation_id, since), self.streams, conversation_id)

    async def withdraw(self, request: Request) -> Response:
        """204 if everything is deleted; 202 and the conversation if a nurse must look at it first."""
        with self._in_words(request):
            conversation_id = self._authorized(request)
            kept = await self.engine.withdraw(conversation_id)
        if kept is None:
            return Response(status_code=204)
        return Response(encoded(kept, kept.version - 1), 202, media_type="application/json")

    async def _updates(self, conversation_id: str, since: int) -> AsyncGenerator[Sent, None]:
        """What is new since version `since`, now and after each change; "gone" if the conversation was deleted."""
        async with self.changes.listen(conversation_id) as changed:
            try:
                conversation = await self.engine.load(conversation_id)
                yield _event(conversation, since if since <= conversation.version else 0)
                async for _ in changed:
                    since, conversation = conversation.version, await self.engine.load(conversation_id)
                    if conversation.version > since:
                        yield _event(conversation, since)
            except UnknownConversation:
                yield Sent("{}", event="gone")

    def _authorized(self, request: Request) -> str:
        conversation_id: str = request.path_params["id"]
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not self.tokens.fits(conversation_id, token):
            raise Problem(UNAUTHORIZED)
        return conversation_id

    def _in_words(self, request: Request) -> "_InWords":
        return _InWords(self, request)

    def problem(self, error: BaseException) -> Problem | None:
        """The problem for an expected error; None for any other."""
        match error:
            case Problem():
                return error
            case UnknownConversation():
                return Problem(GONE)
            case NotOffered():
                return Problem(NOT_OFFERED)
            case NotNow():
                return Problem(NOT_NOW)
            case StoreUnavailable() | Conflict():
                return Problem(NOT_SAVED, retry_after=RETRY_SECONDS)
        return None

    def worded(self, problem: Problem, request: Request) -> Problem:
        catalogue = self.catalogues.get(_wanted(request)) or self.catalogues[self.config.language]
        sentence = catalogue.problems.get(problem.kind.code, problem.detail)
        detail = sentence.format(
            clinic=self.config.clinic_name,
            number=self.config.emergency_number,
            seconds=problem.retry_after or RETRY_SECONDS,
        )
        return Problem(problem.kind, detail, retry_after=problem.retry_after, extra=problem.extra)


def _wanted(request: Request) -> str:
    """The language that the client asks for; our page asks for its own."""
    return request.headers.get("accept-language", "")[:2].lower()


class _InWords:
    """A context that turns expected errors into problems with a sentence for the patient, in the client's language."""

    def __init__(self, api: PatientApi, request: Request) -> None:
        self._api = api
        self._request = request

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None and (problem := self._api.problem(error)):
            raise self._api.worded(problem, self._request) from None


def _event(conversation: Conversation, since: int) -> Sent:
    return Sent(encoded(conversation, since).decode(), id=str(conversation.version))


def _version(last_event_id: str) -> int:
    return int(last_event_id) if last_event_id.isascii() and last_event_id.isdigit() else 0
