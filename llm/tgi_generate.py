"""A client of TGI's own `/generate`, for models without a chat template such as mT5. Knows nothing about cases.

If the model has a chat template after all, TGI applies it; else the messages follow one another, as in training.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import Field, ValidationError

from llm.endpoint import Endpoint
from llm.errors import BadCompletion, ModelRefused, ModelUnavailable
from llm.port import Completion, Message, Schema
from llm.tgi import BASE_MODEL, CUT_OFF, Reply


class _Details(Reply):
    finish_reason: str
    generated_tokens: int = 0


class _Generated(Reply):
    generated_text: str
    details: _Details | None = None


class _Templated(Reply):
    templated_text: str = Field(min_length=1)


class TgiGenerate:
    """`name` is "tgi" for the base model, any other name that of a LoRA adapter."""

    def __init__(self, endpoint: Endpoint, name: str = BASE_MODEL) -> None:
        self.name = name
        self.endpoint = endpoint

    async def complete(
        self, messages: Sequence[Message], schema: Schema | None, max_tokens: int, seed: int
    ) -> Completion:
        body = generate_body(self.name, await self._prompt(messages), schema, max_tokens, seed)
        return read_generated(await self.endpoint.post("/generate", body))

    async def _prompt(self, messages: Sequence[Message]) -> str:
        try:
            answer = await self.endpoint.post("/chat_tokenize", chat_body(self.name, messages))
            return _Templated.model_validate_json(answer).templated_text
        except (ModelRefused, ModelUnavailable, ValidationError):  # without a template TGI answers 422 or 500
            return plain_prompt(messages)


def chat_body(model: str, messages: Sequence[Message]) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": one.role, "content": one.content} for one in messages]}


def plain_prompt(messages: Sequence[Message]) -> str:
    """The prompt for a model without a template, the same as in training."""
    return "\n\n".join(message.content for message in messages)


def generate_body(model: str, prompt: str, schema: Schema | None, max_tokens: int, seed: int) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "max_new_tokens": max_tokens,
        "do_sample": False,
        "seed": seed,
        "return_full_text": False,
        "details": True,
    }
    if schema is not None:
        parameters["grammar"] = {"type": "json", "value": dict(schema)}
    if model != BASE_MODEL:
        parameters["adapter_id"] = model
    return {"inputs": prompt, "parameters": parameters}


def read_generated(answer: bytes) -> Completion:
    try:
        reply = _Generated.model_validate_json(answer)
    except ValidationError:
        raise BadCompletion("the answer is no generated text") from None
    details = reply.details
    return Completion(
        text=reply.generated_text,
        truncated=details is not None and details.finish_reason == CUT_OFF,
        completion_tokens=details.generated_tokens if details else 0,
    )
