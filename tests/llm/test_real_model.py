"""The whole way with the real small model behind the real llama.cpp server: shapes and budgets, not wisdom."""

import json
from collections.abc import AsyncIterator, Sequence

import httpx
import pytest

from app.assets import Assets
from llm.assessor import Assessor, Budget
from llm.breaker import Breaker
from llm.endpoint import Endpoint
from llm.how_soon import how_soon
from llm.local_server import LocalModelServer
from llm.port import Completion, Message, Schema
from llm.prompt import build_prompt, tokens
from llm.reply import read_draft
from llm.rule_only import rule_only_draft
from llm.schema import SMALL
from llm.tgi import TgiModel
from policies.demographics import ANYBODY, Demographics
from policies.draft import Draft
from policies.passages import Passage
from policies.review import review
from tests.cases import CASE, DRAFT, PASSAGES

pytestmark = [pytest.mark.anyio, pytest.mark.needs_model]

PATIENCE = 300.0
PROSE = "Sore throat for three days with fever and pain on swallowing. Denies trouble breathing and drooling. " * 3


class Recorder:
    """The real model, with what it answered."""

    def __init__(self, model: TgiModel) -> None:
        self.name = model.name
        self.model = model
        self.answers: list[Completion] = []

    async def complete(self, messages: Sequence[Message], schema: Schema, max_tokens: int, seed: int) -> Completion:
        self.answers.append(await self.model.complete(messages, schema, max_tokens, seed))
        return self.answers[-1]


class Shelf:
    async def search(
        self, query: str, protocols: Sequence[str], limit: int = 4, patient: Demographics = ANYBODY
    ) -> list[Passage]:
        return list(PASSAGES)


@pytest.fixture(scope="module")
async def server(assets: Assets) -> AsyncIterator[LocalModelServer]:
    server = LocalModelServer(assets.model, context=2048)
    await server.start()
    assert await server.wait_ready(PATIENCE)
    yield server
    await server.stop()


async def counted(server: LocalModelServer, text: str) -> int:
    """The model's own count of tokens."""
    key = {"Authorization": f"Bearer {server.token}"}
    async with httpx.AsyncClient(base_url=server.url, headers=key, timeout=PATIENCE) as client:
        return len((await client.post("/tokenize", json={"content": text})).json()["tokens"])


async def test_an_assessment_with_the_real_model(server: LocalModelServer) -> None:
    """Each answer is a Draft that cites what it was shown; what the review thinks of it is the review's business."""
    model = TgiModel(Endpoint(server.url, token=server.token, deadline=PATIENCE))
    recorder = Recorder(model)
    made = Assessor(recorder, Shelf(), Breaker(lambda: 0.0), Budget(seconds=2 * PATIENCE))
    assessment = await made.assess(CASE)
    await model.endpoint.aclose()
    prompt = build_prompt(CASE, PASSAGES, Budget().prompt_tokens)
    for answer in recorder.answers:
        draft = read_draft(answer, prompt.passages)
        assert isinstance(draft, Draft)
        assert draft.level >= CASE.level
        assert draft.patient_message.startswith(how_soon(CASE, draft.level))
        assert not {"unknown_statement", "unknown_passage", "unsupported", "level_lowered"} & {
            objection.code for objection in review(draft, CASE, PASSAGES)
        }
        assert 0 < answer.prompt_tokens <= Budget().prompt_tokens
        assert 0 < answer.completion_tokens <= Budget().answer_tokens
    assert assessment.calls == len(recorder.answers) in {1, 2}
    assert assessment.origin == "model" or assessment.draft == rule_only_draft(CASE, PASSAGES)


async def test_the_estimate_of_tokens_is_above_the_models_count(server: LocalModelServer) -> None:
    prompt = build_prompt(CASE, PASSAGES, 900)
    for text in (*(message.content for message in prompt.messages), "señor 38,4 °C 😀 боль", PROSE):
        assert await counted(server, text) <= tokens(text)


async def test_the_longest_draft_of_a_small_answer_is_not_cut_off(server: LocalModelServer) -> None:
    cites = {"passages": ["P1", "P2"]}
    explanation = DRAFT.explanations[0].model_dump(mode="json") | cites | {"name": PROSE[: SMALL.name]}
    explanation |= {"supporting": ["F11"] * SMALL.cited, "contradicting": ["F12"] * SMALL.cited}
    longest = {
        "urgency": {"level": "EMERGENCY", "patient_message": PROSE[: SMALL.message]},
        "subjective": PROSE[: SMALL.subjective],
        "explanations": [explanation] * SMALL.explanations,
        "concerns": [PROSE[: SMALL.item]] * SMALL.items,
        "actions": [{"text": PROSE[: SMALL.item]} | cites] * SMALL.items,
        "level_reason": PROSE[: SMALL.reason],
        "open_questions": [PROSE[: SMALL.item]] * SMALL.items,
    }
    assert await counted(server, json.dumps(longest, indent=2)) <= SMALL.tokens <= Budget().answer_tokens
