"""Training examples: the prompt that the assessor would send, and the wanted answer. Knows no trainer."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from knowledge.embedding import Encoder, encoder_at
from knowledge.memory_index import MemoryIndex
from knowledge.starter import ensure_starter
from llm.assessor import Budget
from llm.port import Message
from llm.prompt import Prompt, build_prompt
from llm.query import passages_for
from llm.reply import written
from policies.case import Case
from policies.draft import Draft
from policies.facts import Record
from policies.passages import Passage
from training.cases import Synthetic
from training.exits import Refused
from training.inputs import file_at
from training.targets import target

PASSAGES = 2
"""Fewer than the assessor's: a small model reads them slowly, and its budget drops the rest."""


class Example(Record):
    """One line of a training file. `answer` is the draft's JSON as the constrained decoder would write it.

    Answers are judged by the case and by the passages, which are kept by their names in the prompt.
    """

    id: str
    kind: str
    voice: str
    level: str
    protocols: tuple[str, ...]
    person: str
    messages: tuple[Message, ...]
    answer: str
    case: Case
    passages: Mapping[str, Passage]


class Library:
    """The starter guidelines, searched as the assessor searches them."""

    def __init__(self, encoder: Encoder) -> None:
        self._index = MemoryIndex(encoder)
        self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(ensure_starter(self._index))

    def passages(self, synthetic: Synthetic) -> list[Passage]:
        return self._loop.run_until_complete(passages_for(synthetic.case, self._index, PASSAGES))

    def close(self) -> None:
        self._loop.close()


def library(assets: Path) -> Library:
    """Opens the starter guidelines with the encoder from the folder of `python -m app.assets`; without it, by words
    alone."""
    model = next(assets.rglob("model.onnx"), None)
    return Library(encoder_at(model, next(assets.rglob("tokenizer.json"), None)))


def prompt_of(synthetic: Synthetic, books: Library, budget: int = Budget().prompt_tokens) -> Prompt:
    return build_prompt(synthetic.case, books.passages(synthetic), budget)


def examples(cases: Iterable[Synthetic], books: Library, budget: int) -> Iterator[Example]:
    """Those cases for which a draft can be made that passes the review, as examples."""
    for synthetic in cases:
        prompt = prompt_of(synthetic, books, budget)
        draft = target(synthetic.case, prompt)
        if draft is not None:
            yield example_of(synthetic, draft, prompt)


def example_of(synthetic: Synthetic, draft: Draft, prompt: Prompt) -> Example:
    """The case with its prompt and the wanted draft."""
    return Example(
        id=synthetic.id,
        kind=synthetic.kind,
        voice=synthetic.voice,
        level=synthetic.case.level.name,
        protocols=synthetic.case.protocols,
        person=synthetic.person,
        messages=prompt.messages,
        answer=answer_of(draft, prompt),
        case=synthetic.case,
        passages=prompt.passages,
    )


def answer_of(draft: Draft, prompt: Prompt) -> str:
    """The draft in the order and spelling of its schema."""
    fields = written(draft)
    if not prompt.passages:
        for part in (*fields["explanations"], *fields["actions"]):
            del part["passages"]
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def read_examples(path: Path) -> Iterator[Example]:
    number = 0
    with file_at(path).open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield Example.model_validate_json(line)
            except ValidationError as error:
                fault = error.errors(include_input=False)[0]
                where = ".".join(map(str, fault["loc"])) or "the line"
                told = f"{path}, line {number} is no example that `previsit train data` wrote"
                raise Refused(f"{told}: {where}: {fault['msg']}") from None
    if not number:
        raise Refused(f"{path} is empty.")
