"""One case in, one assessment out, whatever the model, the guidelines or the clock do."""

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any

import pytest
from anyio.lowlevel import checkpoint
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import KnowledgeUnavailable
from llm import assessor
from llm.assessor import Assessor, Budget
from llm.breaker import Breaker, BreakerState
from llm.endpoint import Endpoint
from llm.errors import BadCompletion, ModelOverloaded, ModelRefused, ModelTimeout, ModelUnavailable
from llm.port import ChatModel, Completion, Guidelines, Message, Schema
from llm.priority_semaphore import PrioritySemaphore
from llm.prompt import PROMPT_HASH
from llm.rule_only import rule_only_draft
from llm.tgi import TgiModel
from policies.case import Case
from policies.demographics import ANYBODY, Demographics
from policies.draft import Assessment
from policies.levels import Level
from policies.passages import Passage
from policies.review import review
from tests.cases import CASE, DRAFT, PASSAGES, cases
from tests.llm.fake_model import FakeModel, Line
from tests.llm.servers import Answer, ModelDouble, completion, drips, floods, never, says, sends

pytestmark = pytest.mark.anyio


class Shelf:
    """Guidelines in memory: gives its passages, or raises, and remembers what it was asked."""

    def __init__(self, passages: Sequence[Passage] = PASSAGES, error: Exception | None = None) -> None:
        self.passages = passages
        self.error = error
        self.asked: list[tuple[str, tuple[str, ...], Demographics]] = []

    async def search(
        self, query: str, protocols: Sequence[str], limit: int = 4, patient: Demographics = ANYBODY
    ) -> list[Passage]:
        self.asked.append((query, tuple(protocols), patient))
        if self.error:
            raise self.error
        return list(self.passages)[:limit]


class Stuck:
    """A model or an index that never answers."""

    name = "stuck"

    async def complete(self, messages: Sequence[Message], schema: Schema, max_tokens: int, seed: int) -> Completion:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    async def search(
        self, query: str, protocols: Sequence[str], limit: int = 4, patient: Demographics = ANYBODY
    ) -> list[Passage]:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")


def written(**fields: Any) -> str:
    """The good draft as a model writes it, with names for the passages."""
    draft = DRAFT.model_dump(mode="json", exclude={"statement"}) | fields
    for part, name in ((draft["explanations"], "P1"), (draft["actions"], "P2")):
        for cites in part:
            cites["passages"] = [name]
    return json.dumps(draft)


GOOD = written()
FAULTY = written(level="LOW")
BUDGET = Budget()


def breaker() -> Breaker:
    return Breaker(lambda: 0.0)


def make(
    model: ChatModel | None, guidelines: Guidelines | None = None, budget: Budget = BUDGET, **more: Any
) -> Assessor:
    return Assessor(model, guidelines or Shelf(), more.pop("breaker", breaker()), budget, **more)


async def assessed(*script: Line, case: Case = CASE) -> tuple[Assessment, FakeModel]:
    model = FakeModel(script, name="fake-1")
    return await make(model).assess(case), model


def is_rule_only(assessment: Assessment, case: Case = CASE) -> bool:
    return assessment.origin == "rules" and assessment.draft == rule_only_draft(case, assessment.passages)


async def test_a_good_first_draft_costs_one_call() -> None:
    assessment, model = await assessed(GOOD, GOOD)
    assert assessment == Assessment(
        origin="model", draft=DRAFT, passages=PASSAGES, model="fake-1", prompt=assessor.PROMPT, calls=1
    )
    assert len(model.calls) == 1


async def test_a_faulty_draft_is_sent_back_once_with_the_objections() -> None:
    assessment, model = await assessed(FAULTY, GOOD)
    assert (assessment.origin, assessment.calls, assessment.objections) == ("model", 2, ())
    assert "- level is below MEDIUM" in model.calls[1].messages[-1].content
    assert model.calls[1].messages[:2] == model.calls[0].messages
    assert model.calls[0].seed != model.calls[1].seed


async def test_after_two_faulty_drafts_the_rules_speak_and_the_objections_are_kept() -> None:
    assessment, model = await assessed(FAULTY, written(concerns=["Certainly possible"]), GOOD)
    assert is_rule_only(assessment)
    assert [objection.code for objection in assessment.objections] == ["certainty"]
    assert (assessment.note, assessment.calls, len(model.calls)) == (assessor.REFUSED, 2, 2)


async def test_a_patient_whose_language_cannot_be_reviewed_costs_no_call() -> None:
    spanish = CASE.model_copy(update={"language": "es"})
    model = FakeModel([GOOD])
    assessment = await make(model).assess(spanish)
    assert is_rule_only(assessment, spanish)
    assert (assessment.note, assessment.calls, model.calls) == (assessor.OTHER_LANGUAGE, 0, [])


async def test_an_answer_cut_off_or_no_json_is_sent_back_too() -> None:
    cut = Completion(text=GOOD[:50], truncated=True)
    assessment, model = await assessed(cut, GOOD)
    assert assessment.origin == "model"
    assert "cut off" in model.calls[1].messages[-1].content
    assessment, _ = await assessed("Sure!", "Sure!")
    assert [objection.code for objection in assessment.objections] == ["not_json"]


async def test_the_model_may_raise_the_level_but_not_lower_it() -> None:
    message = "A nurse has read your answers. We want to see you today. Tell us at once if you feel worse."
    assessment, _ = await assessed(written(level="HIGH", patient_message=message))
    assert (assessment.origin, assessment.draft.level) == ("model", Level.HIGH)
    assessment, _ = await assessed(FAULTY, FAULTY)
    assert assessment.draft.level is CASE.level


@pytest.mark.parametrize(
    ("error", "note"),
    [
        (ModelUnavailable("x"), assessor.FAILED),
        (BadCompletion("x"), assessor.FAILED),
        (ModelTimeout("x"), assessor.TOO_SLOW),
        (ModelOverloaded("x"), assessor.BUSY),
        (ModelRefused(422), assessor.NOT_ACCEPTED),
        (RuntimeError("Zanzibar"), assessor.FAULT),
        (TimeoutError(), assessor.TOO_SLOW),
    ],
)
async def test_a_model_that_fails_is_not_asked_again(error: Exception, note: str) -> None:
    assessment, model = await assessed(error, GOOD)
    assert is_rule_only(assessment)
    assert (assessment.note, assessment.calls, len(model.calls)) == (note, 1, 1)


async def test_a_failure_on_the_second_call_keeps_the_first_objections() -> None:
    assessment, _ = await assessed(FAULTY, ModelUnavailable("x"))
    assert assessment.note == assessor.FAILED
    assert [objection.code for objection in assessment.objections] == ["level_lowered"]


async def test_without_a_model() -> None:
    assessment = await make(None).assess(CASE)
    assert is_rule_only(assessment)
    assert (assessment.note, assessment.model, assessment.calls) == (assessor.SWITCHED_OFF, "", 0)
    assert assessment.prompt == ""


async def test_a_partial_case_never_reaches_the_model() -> None:
    partial = CASE.model_copy(update={"partial": "no reply for a while"})
    assessment, model = await assessed(GOOD, case=partial)
    assert is_rule_only(assessment, partial)
    assert (assessment.note, model.calls) == (assessor.STOPPED, [])


async def test_an_open_breaker_spares_the_model() -> None:
    model, guard = FakeModel(lambda call: ModelUnavailable("x")), breaker()
    answers = [await make(model, breaker=guard).assess(CASE) for _ in range(5)]
    assert [answer.note for answer in answers] == [assessor.FAILED] * 3 + [assessor.RESTING] * 2
    assert (len(model.calls), guard.state) == (3, BreakerState.OPEN)


async def test_a_faulty_draft_is_no_failure_of_the_server() -> None:
    guard = breaker()
    for _ in range(4):
        await make(FakeModel(["Sure!", "Sure!"]), breaker=guard).assess(CASE)
    assert guard.state is BreakerState.CLOSED


async def test_guidelines_are_searched_with_facts_and_never_with_the_patients_words() -> None:
    shelf = Shelf()
    await make(FakeModel([GOOD]), shelf).assess(CASE)
    assert shelf.asked == [("sore throat, Sore throat, Fever, Medicines", ("sore_throat",), Demographics(34))]


@pytest.mark.parametrize("error", [KnowledgeUnavailable("gone"), OSError("Zanzibar"), TimeoutError()])
async def test_without_guidelines_the_model_is_asked_all_the_same(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    bare = json.loads(GOOD)
    for part in (*bare["explanations"], *bare["actions"]):
        part["passages"] = []
    assessment = await make(FakeModel([json.dumps(bare)]), Shelf(error=error)).assess(CASE)
    assert (assessment.origin, assessment.passages, assessment.note) == ("model", (), assessor.NO_GUIDELINES)
    assert "Zanzibar" not in caplog.text


async def test_no_guidelines_at_all_are_noted_beside_the_reason() -> None:
    assessment = await Assessor(None, None, breaker()).assess(CASE)
    assert assessment.note == f"{assessor.SWITCHED_OFF} {assessor.NOTHING_TO_SEARCH}"


async def test_a_case_without_facts_searches_nothing() -> None:
    shelf = Shelf()
    empty = CASE.model_copy(update={"statements": (), "protocols": (), "fired": ()})
    assert (await make(None, shelf).assess(empty)).origin == "rules"
    assert shelf.asked == []


async def test_guidelines_that_are_not_ready_are_waited_for_before_they_are_searched() -> None:
    shelf, waited = Shelf(), []

    async def ready() -> None:
        waited.append(not shelf.asked)

    assessment = await make(None, shelf, ready=ready).assess(CASE)
    assert waited == [True] and assessment.passages == tuple(PASSAGES)


async def test_a_search_that_hangs_does_not_cost_the_draft() -> None:
    quick = Budget(search_seconds=0.01)
    assessment = await make(None, Stuck(), quick).assess(CASE)
    assert assessment.note == f"{assessor.SWITCHED_OFF} {assessor.NO_GUIDELINES}"


async def test_one_deadline_over_everything() -> None:
    guard = breaker()
    assessment = await make(Stuck(), budget=Budget(seconds=0.01), breaker=guard).assess(CASE)
    assert is_rule_only(assessment)
    assert (assessment.note, assessment.calls) == (assessor.TOO_SLOW, 1)
    assert assessment.passages == PASSAGES, "what was found before is kept"
    for _ in range(2):
        await make(Stuck(), budget=Budget(seconds=0.01), breaker=guard).assess(CASE)
    assert guard.state is BreakerState.OPEN, "a model that is too slow is as good as gone"


async def test_being_cancelled_is_passed_on() -> None:
    running = asyncio.create_task(make(Stuck()).assess(CASE))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_passages_are_cited_once_each() -> None:
    assessment = await make(None, Shelf((*PASSAGES, PASSAGES[0]))).assess(CASE)
    assert assessment.passages == PASSAGES


async def test_the_clinics_own_number_may_be_told() -> None:
    text = written(patient_message=f"{DRAFT.patient_message} Call 911 if it is bad.")
    assert (await make(FakeModel([text]), contacts=("911",)).assess(CASE)).origin == "model"
    assert (await make(FakeModel([text, text]), contacts=("112",)).assess(CASE)).origin == "rules"


async def test_a_draft_names_the_number_that_the_clinic_has_set() -> None:
    text = written(patient_message=f"{DRAFT.patient_message} If it is bad, call the emergency number.")
    for model in (FakeModel([text]), None):
        assessment = await make(model, contacts=("999", "988")).assess(CASE)
        assert assessment.origin == ("model" if model else "rules")
        message = assessment.draft.patient_message
        assert "call 999" in message and "emergency number" not in message


async def test_no_patient_word_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    secret = CASE.model_copy(update={"complaint": "Zanzibar", "id": "Zanzibar"})
    with caplog.at_level(logging.DEBUG):
        await assessed(RuntimeError("Zanzibar"), case=secret)
        await assessed(ModelUnavailable("x"), case=secret)
        await assessed("Zanzibar", "Zanzibar", case=secret)
    assert caplog.records
    assert "Zanzibar" not in caplog.text


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        (never, assessor.TOO_SLOW),
        (drips, assessor.TOO_SLOW),
        (floods, assessor.FAILED),
        (sends(429, b"busy"), assessor.BUSY),
        (sends(500, b"oops"), assessor.FAILED),
        (sends(422, b"no"), assessor.NOT_ACCEPTED),
        (sends(200, b"garbage"), assessor.FAILED),
        (says(GOOD[:80], "length"), assessor.REFUSED),
        (says("garbage"), assessor.REFUSED),
        (sends(200, completion(FAULTY)), assessor.REFUSED),
    ],
)
async def test_over_real_http_every_failure_ends_in_a_rule_only_draft(
    double: ModelDouble, answer: Answer, note: str
) -> None:
    double.answer = answer
    model = TgiModel(Endpoint(double.url, deadline=0.5 if note == assessor.TOO_SLOW else 30.0))
    assessment = await make(model).assess(CASE)
    await model.endpoint.aclose()
    assert is_rule_only(assessment)
    assert assessment.note == note


async def test_over_real_http_a_good_draft_arrives(double: ModelDouble) -> None:
    double.answer = says(GOOD)
    model = TgiModel(Endpoint(double.url))
    assessment = await make(model).assess(CASE)
    await model.endpoint.aclose()
    assert (assessment.origin, assessment.model, len(double.requests)) == ("model", "tgi", 1)
    assert PROMPT_HASH.startswith(assessment.prompt) and len(assessment.prompt) == 12


def mutated() -> st.SearchStrategy[str]:
    """The good draft with any field replaced by anything."""
    junk = st.none() | st.booleans() | st.integers() | st.text(max_size=60) | st.lists(st.text(max_size=20), max_size=3)
    names = st.sampled_from([*json.loads(GOOD), "statement", "extra"])
    return st.dictionaries(names, junk, max_size=3).map(lambda fields: json.dumps(json.loads(GOOD) | fields))


ANSWERS = st.text() | mutated() | st.sampled_from([GOOD, FAULTY, GOOD[:100], "null", "[]", '{"subjective": 1e999}'])


@given(cases(), ANSWERS, ANSWERS, st.booleans())
def test_whatever_the_model_says_an_assessment_comes_back(case: Case, first: str, second: str, cut: bool) -> None:
    """And what comes back as the model's has passed the review for this very case."""
    model = FakeModel([Completion.model_construct(text=first, truncated=cut), second])
    assessment = asyncio.run(make(model).assess(case))
    assert assessment.draft.level >= case.level
    assert assessment.calls == len(model.calls) <= (0 if case.partial else 2)
    if assessment.origin == "model":
        assert review(assessment.draft, case, assessment.passages) == ()
    else:
        assert is_rule_only(assessment, case)
        assert assessment.note


@given(cases())
def test_a_draft_that_passes_is_taken_at_the_first_call(case: Case) -> None:
    draft = rule_only_draft(case, ()).model_dump_json()
    model = FakeModel([draft, draft])
    assessment = asyncio.run(make(model, Shelf(())).assess(case))
    assert assessment.origin == ("rules" if case.partial else "model")
    assert assessment.calls == len(model.calls) == (0 if case.partial else 1)


class Busy(FakeModel):
    """Answers nobody until `free`; knows in which order it was asked."""

    def __init__(self) -> None:
        super().__init__(lambda call: GOOD, name="busy-1")
        self.free = asyncio.Event()

    async def complete(self, messages: Sequence[Message], schema: Schema, max_tokens: int, seed: int) -> Completion:
        answer = await super().complete(messages, schema, max_tokens, seed)
        await self.free.wait()
        return answer


async def begun(assessor: Assessor, case: Case) -> asyncio.Task[Assessment]:
    task = asyncio.create_task(assessor.assess(case))
    for _ in range(20):
        await checkpoint()
    return task


async def test_the_most_urgent_case_that_waits_for_the_model_is_the_next() -> None:
    model = Busy()
    busy = make(model)
    cases = [(61, Level.MEDIUM), (62, Level.LOW), (63, Level.HIGH)]
    tasks = [await begun(busy, CASE.model_copy(update={"age_years": age, "level": level})) for age, level in cases]
    assert len(model.calls) == 1
    model.free.set()
    await asyncio.gather(*tasks)
    firsts = ["".join(message.content for message in call.messages) for call in model.calls]
    order = [next(age for age, _ in cases if str(age) in prompt) for prompt in firsts]
    assert list(dict.fromkeys(order)) == [61, 63, 62]


async def test_who_waits_too_long_for_a_busy_model_gets_the_rules_draft() -> None:
    semaphore = PrioritySemaphore(1)
    model = FakeModel([GOOD])
    async with semaphore.acquired(1):
        assessment = await make(model, budget=Budget(seconds=0.01), semaphore=semaphore).assess(CASE)
    assert assessment.note == assessor.BUSY
    assert is_rule_only(assessment)
    assert model.calls == []


async def test_a_partial_case_does_not_wait_for_the_model() -> None:
    model = Busy()
    busy = make(model)
    held = await begun(busy, CASE)
    assert (await busy.assess(CASE.model_copy(update={"partial": "red_flag"}))).note == assessor.STOPPED
    model.free.set()
    await held
