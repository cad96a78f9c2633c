"""A whole previsit without doors: real engine, worker and pager over any store, a clock set by hand, and doubles that
remember what they were asked. Conversations are told to it as a nurse would tell them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count

from app.clinic import build_clinic
from app.settings import read_settings
from app.worker import RETRY_SECONDS, Worker
from channels.on_call import OnCall
from channels.pager import Pager
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Message, QuestionKind, Speaker
from dialogue.duties import Duty, SendPage
from dialogue.engine import Engine, UnknownConversation
from dialogue.events import Event
from dialogue.paging_ports import Notice, Sender, SendFailed
from dialogue.ports import Conversations
from dialogue.questions import NONE, YES
from policies.case import Case
from policies.draft import Assessment, Draft
from policies.levels import Level
from storage.store import Store, memory_store
from storage.wrapped import WrappedConversations
from tests.clock import SetClock

DRAFTED = "Vermilion heron draft: nobody but a nurse may read this."
"""The scripted assessor's message to the patient: words that nothing else would say."""


SAMPLE_VALUES = {
    "clinic": "Riverside Family Clinic",
    "emergency_number": "911",
    "crisis_line": "988",
    "name": "Kim Lee",
    "why": "It helps.",
    "left": "5",
    "question": "Is it bad?",
    "summary": "A cough.",
    "text": "See us at noon.",
    "count": "9",
}
"""A value for every placeholder in a message to patients."""


@cache
def clinic() -> Clinic:
    """The shipped content, read once."""
    settings = read_settings(
        {}, clinic_name="Riverside Family Clinic", emergency_number="911", crisis_line="988", page_repeat_seconds=60
    )
    return build_clinic(settings)


@cache
def spanish_clinic() -> Clinic:
    """The shipped content of a clinic that speaks English and Spanish."""
    return build_clinic(read_settings({}, clinic_name="Clínica", emergency_number="112", languages=("en", "es")))


@dataclass
class ScriptedSender:
    """A `Sender` that keeps what it was given, or fails when it is told to."""

    name: str = "console"
    failing: bool = False
    notices: list[Notice] = field(default_factory=list)

    async def send(self, notice: Notice) -> None:
        if self.failing:
            raise SendFailed(f"{self.name}: told to fail")
        self.notices.append(notice)


@dataclass
class ScriptedAssessor:
    """An `Assessor` that drafts the same words every time."""

    cases: list[Case] = field(default_factory=list)

    async def assess(self, case: Case) -> Assessment:
        self.cases.append(case)
        draft = Draft(
            subjective=DRAFTED,
            explanations=(),
            concerns=(DRAFTED,),
            actions=(),
            level=case.level,
            level_reason=DRAFTED,
            open_questions=(DRAFTED,),
            patient_message=DRAFTED,
        )
        return Assessment(origin="rules" if case.partial else "model", draft=draft, note="scripted")


class Ledger(WrappedConversations):
    """A `Conversations` that notes what every commit owes, and what was destroyed. `owed` is what is not done yet."""

    def __init__(self, inner: Conversations) -> None:
        super().__init__(inner)
        self.turns: list[tuple[Conversation, tuple[Duty, ...]]] = []
        self.owed: dict[tuple[str, str], Duty] = {}
        self.destroyed: list[str] = []

    async def commit(self, conversation: Conversation, duties: Sequence[Duty], turns: int = 1) -> None:
        await super().commit(conversation, duties, turns)
        self.turns.append((conversation, tuple(duties)))
        self.owed |= {(duty.conversation, duty.id): duty for duty in duties}

    async def destroy(self, conversation_id: str) -> None:
        await super().destroy(conversation_id)
        self.destroyed.append(conversation_id)
        self.owed = {key: duty for key, duty in self.owed.items() if key[0] != conversation_id}


class Stage:
    """One clinic, any number of conversations; `talk` without an id means the last one that was opened."""

    def __init__(
        self,
        store: Store | None = None,
        clock: SetClock | None = None,
        of: Clinic | None = None,
        others: Sequence[Sender] = (),
        on_call: OnCall | None = None,
    ) -> None:
        self.clock = clock or SetClock()
        self.clinic = of or clinic()
        self.store = store or memory_store(self.clock)
        self.ledger = Ledger(self.store.conversations)
        self.sender = ScriptedSender()
        self.assessor = ScriptedAssessor()
        self._ids = count(1)
        self._keys = count(1)
        self.engine = Engine(self.ledger, self.clinic, self.clock, lambda: f"talk-{next(self._ids)}", "en")
        senders, link = [self.sender, *others], "http://clinic.test/console/cases/{}".format
        pager = Pager(self.clinic.ladder, senders, link, on_call=on_call)
        self.worker = Worker("worker", self.engine, self.store.outbox, pager, self.assessor, self.clock)
        self.id = ""

    async def opens(self) -> Conversation:
        conversation = await self.engine.start()
        self.id = conversation.id
        return conversation

    async def now(self) -> Conversation:
        return await self.engine.load(self.id)

    async def says(self, text: str) -> Conversation:
        return await self.engine.say(self.id, key=f"key-{next(self._keys)}", text=text)

    async def chooses(self, *values: str) -> Conversation:
        return await self.engine.say(self.id, key=f"key-{next(self._keys)}", choices=values)

    async def acts(self, event: Event) -> Conversation:
        return await self.engine.act(self.id, event)

    async def works(self, seconds: float = 0.0, *, wait_seconds: float = 0.0) -> list[Duty]:
        """Let so much time pass, then let the worker do everything that is due, and what follows from it at once."""
        self.clock.at += seconds
        done: list[Duty] = []
        while duties := await self.store.outbox.take(self.worker.name, wait_seconds):
            for duty in duties:
                await self.attends(duty)
                done.append(duty)
        return done

    async def attends(self, duty: Duty) -> None:
        """What the worker's loop does around one duty."""
        try:
            later = await self.worker.carry_out(duty)
        except Exception:
            later = self.clock.now() + RETRY_SECONDS
        key = duty.conversation, duty.id
        if later is None:
            await self.store.outbox.done(duty)
            self.ledger.owed.pop(key, None)
        else:
            await self.store.outbox.defer(duty, later)
            if key in self.ledger.owed:
                self.ledger.owed[key] = duty.model_copy(update={"due": later})

    async def exists(self) -> bool:
        try:
            await self.now()
        except UnknownConversation:
            return False
        return True

    def last_turn(self) -> tuple[Conversation, tuple[Duty, ...]]:
        return self.ledger.turns[-1]

    def has_paged(self) -> bool:
        """Whether the last turn committed a page with itself."""
        return any(isinstance(duty, SendPage) for duty in self.last_turn()[1])

    async def answers_no(self) -> Conversation:
        """Answer whatever is asked in the most harmless way."""
        question = (await self.now()).question
        assert question is not None, "nothing is asked"
        match question.kind:
            case QuestionKind.MULTI_CHOICE:
                return await self.chooses(NONE)
            case QuestionKind.YES_NO:
                return await self.chooses(YES if question.id == "consent" else "no")
            case QuestionKind.CHOICE:
                return await self.chooses(question.choices[0].value)
            case QuestionKind.DURATION:
                return await self.says("40 years" if "age" in question.findings else "3 days")
            case QuestionKind.NUMBER:
                return await self.says("I don't know")
            case QuestionKind.SCALE:
                return await self.says("2")
            case QuestionKind.TEXT:
                return await self.says("none")


def said_back(conversation: Conversation, by: Speaker = Speaker.BOT) -> str:
    """What the patient read after the last event."""
    return "\n".join(reply.text for reply in last_replies(conversation) if reply.speaker is by)


def last_replies(conversation: Conversation) -> tuple[Message, ...]:
    return conversation.log[-1].replies


def level_name(level: Level | None) -> str:
    return level.name if level else "none"
