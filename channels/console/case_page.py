"""The page of one case, and the actions on it. Knows nothing about storage or how the patient is reached."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.responses import RedirectResponse, Response

from channels.audit import Audit
from channels.audit_details import versions
from channels.console.access import AccessControl, StaffRequest
from channels.console.actions import (
    ACTIONS,
    LONGEST_LOOK,
    Act,
    Wrong,
    asked_at,
    drafted,
    hides_level,
    in_charge,
    number,
    offered,
    rejected_or_missing,
)
from channels.console.case_view import (
    cited,
    decisions,
    groups,
    happened,
    left_lying,
    level_set,
    page_times,
    said,
    uncited,
)
from channels.console.forms import Form
from channels.console.limits import SENDS, ConsoleLimits, too_much
from channels.console.news import News, already_sent, news_since
from channels.console.queue_page import Frame
from channels.console.queue_rows import person
from channels.console.replies import Replies
from channels.console.reply_forms import read_kept
from channels.console.rights import ACT_ON_CASES
from channels.console.words import DONE, SOAP_PARTS
from channels.staff_acts import StaffActs
from dialogue import events as e
from dialogue.admissibility import is_fenced, standing_proposal
from dialogue.case import case_of
from dialogue.conversation import Conversation
from dialogue.engine import Engine, NotNow
from dialogue.machine import TABLE
from dialogue.open_questions import not_asked, open_questions
from dialogue.staff_ports import Attending, OwnReplies
from dialogue.transcript import transcript
from policies.case import Case
from policies.grounding import sentences_of
from policies.lease import holder, too_late
from policies.soap import Line, soap, together

NOT_NOW = "The case has moved on, and this cannot be done to it any more. Nothing was changed."
TAKEN = "{name} has this case, so nothing was changed. If you must answer it, take it over first: {name} is told."


class Kept(NamedTuple):
    """A form that was not carried out, to be shown again: what was written, what is wrong, what happened meanwhile."""

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
    def __init__(
        self,
        access: AccessControl,
        engine: Engine,
        audit: Audit,
        frame: Frame,
        limits: ConsoleLimits,
        replies: Replies,
        own_replies: OwnReplies,
    ) -> None:
        self._access = access
        self._engine = engine
        self._clinic = engine.clinic
        self._audit = audit
        self._acts = StaffActs(engine, audit)
        self._frame = frame
        self._limits = limits
        self._replies = replies
        self._own_replies = own_replies

    async def show(self, request: StaffRequest) -> Response:
        conversation = await self._engine.load(request.http.path_params["id"])
        if not request.background:
            how = ("by:emergency_access",) if not request.may(ACT_ON_CASES) else ()
            await self._audit(request.member.name, "viewed", conversation.code, *versions(conversation), *how)
        return await self._page(request, conversation, NOTHING, 200)

    async def act(self, request: StaffRequest, form: Form) -> Response:
        action = request.http.path_params["action"]
        conversation = await self._engine.load(request.http.path_params["id"])
        if action not in ACTIONS or (action == "book" and not self._access.config.booking):
            return self._access.refuse(404, "The console has no such action.")
        by, seen = request.member.name, number(form, "version")
        if action in ("write", "ask") and already_sent(conversation, seen, form.get("text", ""), by):
            return self._after(conversation, action, form)
        if news := news_since(conversation, seen, action, by):
            return await self._page(request, conversation, Kept(action, form, {}, news), 409)
        spent = number(form, "spent", LONGEST_LOOK)
        act = Act(by, request.now, number(form, "lease"), spent, request.member.role)
        try:
            event = ACTIONS[action].read(form, conversation, act)
        except Wrong as wrong:
            return await self._page(request, conversation, Kept(action, form, wrong.problems), 422)
        if not TABLE[conversation.state, ACTIONS[action].signal].allowed:
            return await self._page(request, conversation, Kept(action, form, {}, message=NOT_NOW), 409)
        if action in SENDS and (wait := self._limits.sent.wait(by)):
            return await self._page(request, conversation, Kept(action, form, {}, message=too_much(wait)), 429)
        try:
            after = await self._carry_out(conversation, event)
        except NotNow:
            latest = await self._engine.load(conversation.id)
            return await self._page(request, latest, Kept(action, form, {}, message=refusal(latest, act)), 409)
        return self._after(after, "propose" if isinstance(event, e.Proposed) else action, form)

    async def _carry_out(self, conversation: Conversation, event: e.ByStaff) -> Conversation:
        """Carries out an event. Where nobody has the case, a decision takes it first."""
        if isinstance(event, e.Acknowledged):
            return await self._acts.acknowledge(conversation, event)
        lease = conversation.lease
        free = not too_late(lease, event.by, event.token, event.at) and holder(lease, event.at) != event.by
        if free and is_fenced(event):
            took = await self._acts.do(conversation, e.Took(at=event.at, by=event.by, role=event.role))
            event = event.model_copy(update={"token": took.lease.token if took.lease else 0})
        return await self._acts.do(conversation, event)

    def _after(self, conversation: Conversation, action: str, form: Form) -> Response:
        """A redirect, so that reloading the page does not send the form again."""
        to_queue = action in ("close", "hand_over") or form.get("from") == "queue"
        where = "/console" if to_queue else f"/console/cases/{conversation.id}"
        return RedirectResponse(f"{where}?done={action}", 303)

    async def _page(self, request: StaffRequest, conversation: Conversation, kept: Kept, status: int) -> Response:
        frame = await self._frame(request)
        context = {**frame, **self._context(request, conversation), "kept": kept, "title": f"Case {conversation.code}"}
        context["here"] = f"/console/cases/{conversation.id}"
        own = (await self._own_replies.all()).get(conversation.language, "")
        context["replies"] = self._replies.of(conversation.language, read_kept(own), context["case"].called)
        context["others"] = sorted({who.name for who in frame["attending"] if _elsewhere(who, request, conversation)})
        return self._access.pages.render("case.html", context, status)

    def _offered(self, request: StaffRequest, conversation: Conversation) -> frozenset[str]:
        if not request.may(ACT_ON_CASES):
            return frozenset()
        found = offered(conversation, Act(request.member.name, request.now))
        return found if self._access.config.booking else found - {"book"}

    def _blind(self, request: StaffRequest, conversation: Conversation) -> bool:
        return (
            self._access.config.first_impression
            and request.may(ACT_ON_CASES)
            and hides_level(conversation, request.member.name)
        )

    def _open_questions(self, conversation: Conversation) -> tuple[str, ...]:
        """The questions that the rules leave open, then those of the draft."""
        draft = conversation.assessment.draft.open_questions if conversation.assessment else ()
        return tuple(dict.fromkeys((*open_questions(conversation, self._clinic), *draft)))

    def _context(self, request: StaffRequest, conversation: Conversation) -> Mapping[str, Any]:
        case, assessment = case_of(conversation, self._clinic), conversation.assessment
        left_open = self._open_questions(conversation)
        return {
            "conversation": conversation,
            "case": case,
            "person": person(case),
            "groups": groups(case),
            "note": _note(case, len(left_open)),
            "subjective": sentences_of(assessment.draft.subjective, case) if assessment else (),
            "not_asked": not_asked(conversation, self._clinic),
            "statements": {each.id: each for each in case.statements},
            "lines": said(transcript(conversation), happened(conversation)),
            "decisions": decisions(conversation),
            "level_set": level_set(conversation),
            "passages": cited(conversation.assessment),
            "uncited": uncited(conversation.assessment),
            "today": request.today,
            "offered": self._offered(request, conversation),
            "blind": self._blind(request, conversation),
            "holder": (name := holder(conversation.lease, request.now)),
            "token": conversation.lease.token if conversation.lease and name == request.member.name else 0,
            "proposal": standing_proposal(conversation, request.now),
            "open_questions": left_open,
            "asked_at": asked_at(conversation),
            "page_times": page_times(conversation.page),
            "left_lying": left_lying(conversation),
            "in_charge": in_charge(conversation),
            "drafted": drafted(conversation),
            "rejected": rejected_or_missing(conversation),
            "done": DONE.get(request.http.query_params.get("done", ""), ""),
        }


def _elsewhere(who: Attending, request: StaffRequest, conversation: Conversation) -> bool:
    return who.case == conversation.id and who.name != request.member.name


def refusal(conversation: Conversation, act: Act) -> str:
    """Why an action was refused."""
    name = holder(conversation.lease, act.at)
    return TAKEN.format(name=name) if name not in ("", act.by) else NOT_NOW


def _note(case: Case, left_open: int) -> list[tuple[str, str, list[Line]]]:
    """The parts of the SOAP note that hold something; `left_open` is the number of open questions."""
    lines = [line._replace(items=tuple(together(line.items))) for line in soap(case, person(case), left_open)]
    parts = [(part, name, [line for line in lines if line.part == part]) for part, name in SOAP_PARTS.items()]
    return [each for each in parts if each[2]]
