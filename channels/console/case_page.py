"""One case, and what is done to it. Knows nothing about how it is kept or how the patient is reached."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.responses import RedirectResponse, Response

from channels.console.actions import READERS, Act, Wrong, drafted, in_charge, offered, rejected_or_missing
from channels.console.case_view import cited, decisions, groups, said
from channels.console.door import Audit, Door, Visit
from channels.console.forms import Form
from channels.console.news import News, already_written, news_since
from channels.console.queue_page import Frame
from channels.console.queue_rows import person
from channels.console.words import DONE
from dialogue.case import case_of
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation
from dialogue.engine import Engine, NotNow
from dialogue.ports import Clock
from dialogue.transcript import transcript

NOT_NOW = "The case has moved on, and this cannot be done to it any more. Nothing was changed."


class Kept(NamedTuple):
    """A form that was not carried out: what was written in it, what is wrong with it, what happened meanwhile."""

    action: str
    form: Form
    problems: Mapping[str, str]
    news: Sequence[News] = ()
    message: str = ""

    def field(self, action: str, name: str, otherwise: str = "") -> str:
        return self.form.get(name, otherwise) if self.action == action else otherwise

    def problem(self, action: str, name: str) -> str:
        return self.problems.get(name, "") if self.action == action else ""


NOTHING = Kept("", {}, {})


class CasePage:
    def __init__(self, door: Door, engine: Engine, clinic: Clinic, clock: Clock, audit: Audit, frame: Frame) -> None:
        self._door = door
        self._engine = engine
        self._clinic = clinic
        self._clock = clock
        self._audit = audit
        self._frame = frame

    async def show(self, visit: Visit) -> Response:
        conversation = await self._engine.load(visit.request.path_params["id"])
        if not visit.background:
            await self._audit(visit.member.name, "viewed", conversation.code)
        return await self._page(visit, conversation, NOTHING, 200)

    async def act(self, visit: Visit, form: Form) -> Response:
        action = visit.request.path_params["action"]
        conversation = await self._engine.load(visit.request.path_params["id"])
        if action not in READERS:
            return self._door.refuse(404, "The console has no such action.")
        by, seen = visit.member.name, _version(form)
        if action == "write" and already_written(conversation, seen, form.get("text", ""), by):
            return self._after(conversation, action, form)
        if news := news_since(conversation, seen, action, by):
            return await self._page(visit, conversation, Kept(action, form, {}, news), 409)
        try:
            event = READERS[action](form, conversation, Act(by, self._clock.now()))
        except Wrong as wrong:
            return await self._page(visit, conversation, Kept(action, form, wrong.problems), 422)
        try:
            after = await self._engine.act(conversation.id, event)
        except NotNow:
            latest = await self._engine.load(conversation.id)
            return await self._page(visit, latest, Kept(action, form, {}, message=NOT_NOW), 409)
        await self._audit(by, event.type, after.code)
        return self._after(conversation, action, form)

    def _after(self, conversation: Conversation, action: str, form: Form) -> Response:
        """Back to a page that can be reloaded without doing it again."""
        to_queue = action == "close" or form.get("from") == "queue"
        where = "/console" if to_queue else f"/console/cases/{conversation.id}"
        return RedirectResponse(f"{where}?done={action}", 303)

    async def _page(self, visit: Visit, conversation: Conversation, kept: Kept, status: int) -> Response:
        frame = await self._frame(visit)
        context = {**frame, **self._context(visit, conversation), "kept": kept, "title": f"Case {conversation.code}"}
        return self._door.pages.render("case.html", context, status)

    def _context(self, visit: Visit, conversation: Conversation) -> Mapping[str, Any]:
        case = case_of(conversation, self._clinic)
        return {
            "conversation": conversation,
            "case": case,
            "person": person(case),
            "groups": groups(case),
            "statements": {each.id: each for each in case.statements},
            "lines": said(transcript(conversation)),
            "decisions": decisions(conversation),
            "passages": cited(conversation.assessment),
            "offered": offered(conversation, visit.member.name),
            "in_charge": in_charge(conversation),
            "drafted": drafted(conversation),
            "rejected": rejected_or_missing(conversation),
            "done": DONE.get(visit.request.query_params.get("done", ""), ""),
        }


def _version(form: Form) -> int:
    """The version that the person's page showed; a form without one has seen nothing."""
    text = form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
