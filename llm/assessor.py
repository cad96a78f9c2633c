"""Makes the assessment of a case: searches the guidelines, asks the model, reviews its draft, asks once more, and in
the end falls back on a draft from the rules. Never raises. Knows nothing about conversations.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from llm.breaker import Breaker
from llm.emergency_number import with_number
from llm.errors import ModelError, ModelOverloaded, ModelRefused, ModelTimeout
from llm.port import ChatModel, Completion, Guidelines, Message, Schema
from llm.priority_semaphore import PrioritySemaphore
from llm.prompt import PROMPT_HASH, Prompt, build_prompt, with_objections
from llm.query import passages_for
from llm.reply import read_draft
from llm.rule_only import rule_only_draft
from llm.schema import draft_schema
from policies.case import Case
from policies.draft import Assessment, Draft, Objection
from policies.passages import Passage
from policies.review import review
from policies.review_message import reviewable
from policies.review_record import Read, nothing

log = logging.getLogger(__name__)

_SEED = 20
PROMPT = PROMPT_HASH[:12]
"""The version of the prompt, which each assessment and the audit trail record."""

SWITCHED_OFF = "The model was not available: switched off."
RESTING = "The model was not available: it failed several times in a row and is tried again in a while."
TOO_SLOW = "The model was not available: no answer in time."
BUSY = "The model was not available: busy with other cases."
FAILED = "The model was not available: it could not be reached, or failed."
NOT_ACCEPTED = "The model was not available: its server did not accept the request. Check its settings."
FAULT = "The model was not available: a fault in this program, see the log."
REFUSED = "The model's drafts did not pass the review, so this one was made from the rules alone."
OTHER_LANGUAGE = (
    "The patient's language is not English, and a model's draft can be reviewed in English alone, "
    "so this one was made from the rules."
)
STOPPED = "The history is not complete, so the model was not asked."
NO_GUIDELINES = "The guidelines could not be searched."
NOTHING_TO_SEARCH = "No guidelines are set up."


@dataclass(frozen=True)
class Budget:
    """The most tokens of a prompt and of an answer, and seconds for the search and for everything together."""

    prompt_tokens: int = 1100
    answer_tokens: int = 420
    search_seconds: float = 10.0
    seconds: float = 60.0


@dataclass
class _Progress:
    """What has been found so far, so that nothing of it is lost at a deadline or a fault."""

    passages: tuple[Passage, ...] = ()
    notes: list[str] = field(default_factory=list)
    objections: tuple[Objection, ...] = ()
    calls: int = 0
    waiting: bool = False


class _NoDraft(Exception):
    """There will be no draft from the model; the message is the note for the nurse."""


class Assessor:
    """`contacts` are the clinic's own phone numbers, which a message to a patient may hold; the first is the emergency
    number. The `semaphore` limits how many calls to the model are under way. Waiting for it counts against the budget's
    seconds, and so does `ready`, which is awaited before each search. `read` tells the review what a text states.
    """

    def __init__(
        self,
        model: ChatModel | None,
        guidelines: Guidelines | None,
        breaker: Breaker,
        budget: Budget = Budget(),
        contacts: Sequence[str] = (),
        semaphore: PrioritySemaphore | None = None,
        ready: Callable[[], Awaitable[None]] | None = None,
        read: Read = nothing,
    ) -> None:
        self._model = model
        self._guidelines = guidelines
        self._breaker = breaker
        self._budget = budget
        self._contacts = tuple(contacts)
        self._number = next(iter(self._contacts), "")
        self._semaphore = semaphore or PrioritySemaphore(1)
        self._ready = ready
        self._read = read

    async def assess(self, case: Case) -> Assessment:
        """Returns an assessment whatever happens, unless it is cancelled from outside."""
        progress = _Progress()
        try:
            async with asyncio.timeout(self._budget.seconds):
                await self._retrieve(case, progress)
                return self._from_model(await self._draft(case, progress), progress)
        except _NoDraft as reason:
            return self._from_rules(case, progress, str(reason))
        except TimeoutError:
            return self._from_rules(case, progress, BUSY if progress.waiting else TOO_SLOW)
        except Exception as error:
            log.error("assessment without the model: %s", type(error).__name__)  # its text may hold the patient's
            return self._from_rules(case, progress, FAULT)

    async def _retrieve(self, case: Case, progress: _Progress) -> None:
        if self._guidelines is None:
            progress.notes.append(NOTHING_TO_SEARCH)
            return
        try:
            if self._ready:
                await self._ready()
            async with asyncio.timeout(self._budget.search_seconds):
                found = await passages_for(case, self._guidelines)
            progress.passages = tuple({passage.id: passage for passage in found}.values())
        except Exception as error:
            log.warning("assessment without guidelines: %s", type(error).__name__)
            progress.notes.append(NO_GUIDELINES)

    async def _draft(self, case: Case, progress: _Progress) -> Draft:
        """The model's draft that passes the review, at the first or second attempt."""
        if case.partial:
            raise _NoDraft(STOPPED)
        if not reviewable(case.language):
            raise _NoDraft(OTHER_LANGUAGE)
        prompt = build_prompt(case, progress.passages, self._budget.prompt_tokens)
        tokens = self._budget.answer_tokens
        schema = draft_schema(case, prompt.statements, list(prompt.passages), tokens)
        messages = prompt.messages
        for attempt in (0, 1):
            completion = await self._in_turn(case, messages, schema, _SEED + attempt, progress)
            draft = self._judge(completion, prompt, case, progress)
            if draft is not None:
                return draft
            messages = with_objections(prompt, progress.objections)
        raise _NoDraft(REFUSED)

    def _judge(self, completion: Completion, prompt: Prompt, case: Case, progress: _Progress) -> Draft | None:
        draft = read_draft(completion, prompt.passages)
        if isinstance(draft, Objection):
            progress.objections = (draft,)
            return None
        progress.objections = review(draft, case, progress.passages, self._contacts, self._read)
        return None if progress.objections else draft

    async def _in_turn(
        self, case: Case, messages: Sequence[Message], schema: Schema, seed: int, progress: _Progress
    ) -> Completion:
        progress.waiting = True
        async with self._semaphore.acquired(case.level or 0):
            progress.waiting = False
            return await self._ask(messages, schema, seed, progress)

    async def _ask(self, messages: Sequence[Message], schema: Schema, seed: int, progress: _Progress) -> Completion:
        if self._model is None:
            raise _NoDraft(SWITCHED_OFF)
        if not self._breaker.admit():
            raise _NoDraft(RESTING)
        progress.calls += 1
        answered = False
        try:
            completion = await self._model.complete(messages, schema, self._budget.answer_tokens, seed)
            answered = True
            return completion
        except ModelError as error:
            log.warning("the model gave no answer: %s", error)
            raise _NoDraft(_note(error)) from None
        finally:
            self._breaker.record(answered)

    def _from_model(self, draft: Draft, progress: _Progress) -> Assessment:
        return Assessment(
            origin="model",
            draft=with_number(draft, self._number),
            passages=progress.passages,
            model=self._model.name if self._model else "",
            prompt=PROMPT,
            note=" ".join(progress.notes),
            calls=progress.calls,
        )

    def _from_rules(self, case: Case, progress: _Progress, note: str) -> Assessment:
        return Assessment(
            origin="rules",
            draft=with_number(rule_only_draft(case, progress.passages), self._number),
            passages=progress.passages,
            model=self._model.name if self._model and progress.calls else "",
            prompt=PROMPT if progress.calls else "",
            note=" ".join([note, *progress.notes]),
            objections=progress.objections,
            calls=progress.calls,
        )


def _note(error: ModelError) -> str:
    match error:
        case ModelTimeout():
            return TOO_SLOW
        case ModelOverloaded():
            return BUSY
        case ModelRefused():
            return NOT_ACCEPTED
        case _:
            return FAILED
