"""The drafters that are scored side by side: the rules, and models that are asked once, as the assessor asks."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from app.assistance import LOCAL_PROMPT_TOKENS, open_assistance
from app.draft_score import Drafter, Scored, score_drafts
from app.exits import fail, say
from app.settings import Settings
from app.visits import Visit
from dialogue.clinic import Clinic
from llm.assessor import Budget
from llm.endpoint import Endpoint
from llm.local_server import LocalModelServer
from llm.port import ChatModel, Completion
from llm.prompt import build_prompt
from llm.query import passages_for
from llm.reply import written
from llm.rule_only import rule_only_draft
from llm.schema import draft_schema
from llm.tgi import TgiModel
from policies.case import Case
from policies.passages import Passage

ANSWER_SECONDS = 300.0


async def by_rules(case: Case, passages: Sequence[Passage]) -> tuple[Completion, Mapping[str, Passage]]:
    draft = rule_only_draft(case, passages)
    return Completion(text=json.dumps(written(draft), ensure_ascii=False)), {one.id: one for one in passages}


def by_model(model: ChatModel, prompt_tokens: int) -> Drafter:
    """Drafts with one answer and no second try: what the model itself is worth."""

    async def draft(case: Case, passages: Sequence[Passage]) -> tuple[Completion, Mapping[str, Passage]]:
        prompt, tokens = build_prompt(case, passages, prompt_tokens), Budget().answer_tokens
        schema = draft_schema(case, prompt.statements, list(prompt.passages), tokens)
        return await model.complete(prompt.messages, schema, tokens, 0), prompt.passages

    return draft


@asynccontextmanager
async def served(gguf: Path) -> AsyncIterator[ChatModel]:
    """The model file behind the local server. Ends the program, saying why, if that does not come up."""
    server = LocalModelServer(gguf)
    await server.start()
    endpoint = Endpoint(server.url, token=server.token, deadline=ANSWER_SECONDS)
    try:
        if not await server.wait_ready():
            fail(f"The local model does not start: {server.failure or 'it is still loading'}.")
        yield TgiModel(endpoint)
    finally:
        await endpoint.aclose()
        await server.stop()


async def scored_by_each(
    visits: Sequence[Visit], settings: Settings, clinic: Clinic, files: Mapping[str, str], asked: bool
) -> dict[str, list[Scored]]:
    """The scores by drafter. Ends the program, saying why, if a wanted model cannot be had."""
    async with AsyncExitStack() as stack:
        assistance = await stack.enter_async_context(
            open_assistance(settings.model_copy(update=_with(asked)), say, clinic)
        )
        await assistance.filling

        async def search(case: Case) -> Sequence[Passage]:
            return await passages_for(case, assistance.guidelines)

        found = {"rules alone": await score_drafts(visits, by_rules, search, clinic, settings.language)}
        if asked:
            ready = assistance.server is None or await assistance.server.wait_ready()
            if assistance.model is None or not ready:
                fail("There is no model to ask. Run: previsit model info")
            tokens = LOCAL_PROMPT_TOKENS if assistance.server else Budget().prompt_tokens
            drafter = by_model(assistance.model.model, tokens)
            found["in service"] = await score_drafts(visits, drafter, search, clinic, settings.language)
        for name, path in files.items():
            async with served(Path(path)) as model:
                drafter = by_model(model, LOCAL_PROMPT_TOKENS)
                found[name] = await score_drafts(visits, drafter, search, clinic, settings.language)
        return found


def _with(asked: bool) -> dict[str, bool]:
    return {} if asked else {"model": False}
