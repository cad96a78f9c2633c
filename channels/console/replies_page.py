"""The page of the ready-made replies in each language: staff read them, doctors and administrators edit them.

Knows nothing about how they are sent.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from starlette.responses import RedirectResponse, Response

from channels.audit import Audit
from channels.audit_details import code
from channels.console.access import AccessControl, StaffRequest
from channels.console.forms import Form
from channels.console.queue_page import Frame
from channels.console.replies import Replies, Reply, joined
from channels.console.reply_forms import ACTIONS, Kept, edited, read_kept
from channels.console.rights import EDIT_REPLIES
from dialogue.clinic import Clinic
from dialogue.staff_ports import OwnReplies
from policies.readability import grade
from policies.ruleset import CHILD

HERE = "/console/replies"
EASY = 6
"""The reading grade that everything said to patients stays below."""
OVERTAKEN = "Somebody else has changed these replies meanwhile, so yours was not saved. They are shown as they are now."


class Shown(NamedTuple):
    """One reply on the page: `text` and `to_writer` with their placeholders, `read` and `writer_reads` as a patient or
    somebody who writes for one gets it; whether it is a shipped one, replaces a shipped one, or is hard to read.
    """

    id: str
    label: str
    text: str
    read: str
    to_writer: str
    writer_reads: str
    ours: bool
    instead: bool
    hard: bool


class Section(NamedTuple):
    language: str
    name: str
    kept: Kept
    shown: list[Shown]
    left_out: list[Reply]


class RepliesPage:
    def __init__(
        self, access: AccessControl, clinic: Clinic, replies: Replies, own: OwnReplies, audit: Audit, frame: Frame
    ) -> None:
        self._access = access
        self._clinic = clinic
        self._replies = replies
        self._own = own
        self._audit = audit
        self._frame = frame

    async def show(self, request: StaffRequest) -> Response:
        return await self._page(request)

    async def act(self, request: StaffRequest, form: Form) -> Response:
        action, language = request.http.path_params["action"], form.get("language", "")
        if action not in ACTIONS or language not in self._clinic.lexicons:
            return self._access.refuse(404, "There is no such action.")
        before = (await self._own.all()).get(language, "")
        own = read_kept(before)
        if form.get("version") != str(own.version):
            return await self._page(request, OVERTAKEN, form)
        try:
            after = edited(own, self._replies.written(language), action, form)
            self._replies.checked(language, after)
        except ValueError as wrong:
            return await self._page(request, str(wrong), form)
        after = after.model_copy(update={"version": own.version + 1, "by": request.member.name, "at": request.now})
        if not await self._own.swap(language, before, after.model_dump_json(exclude_defaults=True)):
            return await self._page(request, OVERTAKEN, form)
        what = code(f"{action}:{language}"), code(f"version:{after.version}")
        await self._audit(request.member.name, "replies_changed", "", *what)
        return RedirectResponse(f"{HERE}?done=1", 303)

    async def _page(self, request: StaffRequest, problem: str = "", form: Form | None = None) -> Response:
        written = await self._own.all()
        context: dict[str, Any] = {
            **await self._frame(request),
            "title": "Replies",
            "here": HERE,
            "sections": [self._section(language, written.get(language, "")) for language in self._clinic.lexicons],
            "may_edit": request.may(EDIT_REPLIES),
            "problem": problem,
            "form": form or {},
            "done": "Saved. It is offered from now on." if request.http.query_params.get("done") else "",
        }
        return self._access.pages.render("replies.html", context, 422 if problem else 200)

    def _section(self, language: str, text: str) -> Section:
        kept, ours = read_kept(text), self._replies.written(language)
        shown = list(self._shown(language, kept, ours))
        left_out = [each for each in ours if each.id in kept.without]
        return Section(language, self._clinic.words(language).name, kept, shown, left_out)

    def _shown(self, language: str, kept: Kept, ours: tuple[Reply, ...]) -> Iterator[Shown]:
        own, came = {each.id for each in kept.replies}, {each.id for each in ours}
        somebody = self._clinic.words(language).forms(CHILD)["you"]
        for reply in joined(ours, kept):
            read, writer_reads = (self._replies.filled(reply, called).text for called in ("", somebody))
            said = (each.replace(self._clinic.name, "us") for each in (read, writer_reads))
            hard = language == "en" and max(map(grade, said)) > EASY
            texts = reply.text, read, reply.to_writer, writer_reads if reply.to_writer else ""
            yield Shown(reply.id, reply.label, *texts, reply.id not in own, reply.id in own & came, hard)
