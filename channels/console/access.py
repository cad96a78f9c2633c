"""Access control of the console: the session, the role, and the proof that a form was sent from our own page (CSRF).

Every endpoint but sign-in is wrapped by it. Knows nothing about what the endpoints do.
"""

import datetime
import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from channels.console.config import ConsoleConfig
from channels.console.forms import File, Form, read_form, read_upload
from channels.console.pages import Pages
from channels.console.rights import Right, home_of
from channels.problems import BODY_TOO_LARGE, Problem
from dialogue.engine import UnknownConversation
from dialogue.ports import Clock, StoreUnavailable
from dialogue.staff_ports import Sessions, StaffMember

SIGN_IN = "/console/sign-in"
ENROL = "/console/account/second-factor"

NO_CASE = "There is no such case. It may have been deleted when its time was over."
NO_STORE = "The records cannot be reached right now. Wait a moment, then go back and try again."

NOT_OURS = "This form was not sent from the console, so nothing was done."
OLD_FORM = "This form is from an earlier sign-in, so nothing was done. Open the page again."
NOT_YOURS = "Your account may not do this or read this. If it should, ask an administrator."


@dataclass(frozen=True)
class StaffRequest:
    """A request by a signed-in person.

    `token` goes into every form of the page. With `background`, a script made the request and not the person, so it
    does not keep the session alive.
    """

    http: Request
    member: StaffMember
    session: str
    token: str
    background: bool
    now: float

    @property
    def today(self) -> datetime.date:
        return datetime.datetime.fromtimestamp(self.now, datetime.UTC).date()

    def may(self, right: Right) -> bool:
        return right.held_by(self.member, self.now)


PAGES = (
    r"/console(/cases/[A-Za-z0-9_-]+"
    r"|/(measures|audit|staff|protocols(/[a-z0-9_]+)?|guidelines(/[^/?#]+)?|on-call|replies|invite|account))?"
)

Reading = Callable[[StaffRequest], Awaitable[Response]]
Acting = Callable[[StaffRequest, Form], Awaitable[Response]]
Taking = Callable[[StaffRequest, Form, File | None], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


class AccessControl:
    def __init__(self, config: ConsoleConfig, pages: Pages, sessions: Sessions, clock: Clock) -> None:
        self.config = config
        self.pages = pages
        self.sessions = sessions
        self.clock = clock

    def open(self, endpoint: Endpoint) -> Endpoint:
        """Wraps an endpoint that needs no sign-in. The usual failures become pages that say what to do."""

        async def answer(request: Request) -> Response:
            try:
                return await endpoint(request)
            except UnknownConversation:
                return self.refuse(404, NO_CASE)
            except StoreUnavailable:
                return self.refuse(503, NO_STORE)
            except Problem as problem:
                if problem.kind is not BODY_TOO_LARGE:
                    raise
                return self.refuse(413, "That text is too long. Go back and shorten it.")

        return answer

    def reading(self, page: Reading, right: Right, *, by_person: bool = True) -> Endpoint:
        """Wraps an endpoint that changes nothing, for people who have the right. `by_person` is False for calls that a
        script makes by itself, which do not keep the session alive."""

        async def enter(request: Request) -> Response:
            admitted = await self._admit(request, None, right, by_person)
            return admitted if isinstance(admitted, Response) else await page(admitted)

        return self.open(enter)

    def acting(self, action: Acting, right: Right, *, by_person: bool = True) -> Endpoint:
        """Wraps an endpoint that changes something: for people who have the right, from a form of their session."""

        async def enter(request: Request) -> Response:
            if not self.is_own(request):
                return self.refuse(403, NOT_OURS)
            form = await read_form(request, self.config.body_limit)
            admitted = await self._admit(request, form, right, by_person)
            if isinstance(admitted, Response):
                return admitted
            if not _is_proven(admitted, form):
                return self.refuse(403, OLD_FORM, written(form))
            return await action(admitted, form)

        return self.open(enter)

    def taking(self, action: Taking, right: Right) -> Endpoint:
        """As `acting`, for a form with a file. The file is read only after the person's right is checked."""

        async def enter(request: Request) -> Response:
            if not self.is_own(request):
                return self.refuse(403, NOT_OURS)
            admitted = await self._admit(request, {}, right, by_person=True)
            if isinstance(admitted, Response):
                return admitted
            try:
                form, file = await read_upload(request, self.config.upload_limit)
            except Problem:
                return self.refuse(
                    413, f"That file is larger than {self.config.upload_limit // 1_000_000} MB. Split it."
                )
            return await action(admitted, form, file) if _is_proven(admitted, form) else self.refuse(403, OLD_FORM)

        return self.open(enter)

    def is_own(self, request: Request) -> bool:
        """Whether the browser says that the form came from a page of ours; False where it does not say."""
        if site := request.headers.get("sec-fetch-site"):
            return site == "same-origin"
        return request.headers.get("origin", "") in self.config.own_origins(request.headers.get("host", ""))

    def refuse(self, status: int, message: str, kept: str = "") -> Response:
        """A page that says what went wrong and shows what the person had written, so that it is not lost."""
        context = {"title": "That did not work", "message": message, "kept": kept}
        return self.pages.render("message.html", context, status)

    async def _admit(
        self, request: Request, form: Form | None, right: Right, by_person: bool
    ) -> StaffRequest | Response:
        session = request.cookies.get(self.config.cookie, "")
        background = not by_person or request.headers.get("x-previsit-background") == "1"
        member = await self.sessions.member(session, active=not background) if session else None
        if member is None:
            return self._signed_out(request, bool(session), background, form)
        if member.must_enrol and not right.before_enrolment:
            return Response(status_code=403) if background or form is not None else RedirectResponse(ENROL, 303)
        admitted = StaffRequest(request, member, session, token_of(session), background, self.clock.now())
        if admitted.may(right):
            return admitted
        home = home_of(member, admitted.now)
        if request.url.path == "/console" and form is None and not background and home != "/console":
            return RedirectResponse(home, 303)
        return self.refuse(403, NOT_YOURS)

    def _signed_out(self, request: Request, ended: bool, background: bool, form: Form | None) -> Response:
        if background:
            return Response(status_code=401)
        if form is not None:
            return self._keep_text(request, form)
        if not ended and request.headers.get("sec-fetch-site") == "cross-site":
            # Browsers do not send our cookie when a link on another site (a pager's message, say) is followed. This
            # page loads the address again, and then they do.
            return self.pages.render("again.html", {"title": "One moment"})
        address = f"{SIGN_IN}?next={quote(next_page(request.url.path), safe='/')}"
        return RedirectResponse(address + ("&ended=1" if ended else ""), 303)

    def _keep_text(self, request: Request, form: Form) -> Response:
        """The session ended while the person was writing: shows them what they wrote; nothing was done."""
        case = request.url.path.rpartition("/")[0]
        context = {"next": next_page(case), "ended": True, "problem": "", "name": "", "kept": written(form)}
        return self.pages.render("sign_in.html", context, 401)


def _is_proven(request: StaffRequest, form: Form) -> bool:
    return hmac.compare_digest(request.token.encode(), form.get("token", "").encode())


def token_of(session: str) -> str:
    """The CSRF token of a session, from which the session's id cannot be derived."""
    return hmac.new(session.encode(), b"console form", hashlib.sha256).hexdigest()


def next_page(path: str) -> str:
    """Where to go after signing in: a page of the console, whatever was asked for."""
    return path if re.fullmatch(PAGES, path) else "/console"


def written(form: Form) -> str:
    """What a person typed into a form of ours."""
    return "\n\n".join(form[name] for name in ("text", "reason", "note") if form.get(name))
