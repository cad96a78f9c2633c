"""Checks that a model server keeps to a schema and uses the adapter that was named.

On real servers both can fail silently: they ignore a constraint in an unknown form, and an adapter that is not loaded.
"""

import json
from collections.abc import Sequence

from pydantic import ValidationError

from llm.endpoint import Endpoint
from llm.errors import ModelError
from llm.port import ChatModel, Message
from llm.tgi import BASE_MODEL, Reply, TgiModel
from llm.tgi_generate import TgiGenerate

_WORD = {"answer": "kestrel"}
_SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": list(_WORD.values())}},
    "required": ["answer"],
    "additionalProperties": False,
}
_ASKED = (Message(role="user", content="Write one short sentence about the sea."),)
_TOKENS = 48


async def keeps_to_schema(model: ChatModel) -> bool:
    """Asks for a sentence about the sea, with a schema that allows only an unrelated word. Raises ModelError if there
    is no answer at all."""
    completion = await model.complete(_ASKED, _SCHEMA, _TOKENS, 1)
    try:
        return bool(json.loads(completion.text) == _WORD)
    except ValueError:
        return False


Freely = TgiModel | TgiGenerate
"""A model that also answers without a schema."""


async def adapter_in_use(tuned: Freely, base: Freely, asked: Sequence[Message]) -> bool:
    """Whether the adapter's answer to `asked`, a prompt it was tuned on, differs from the base model's.

    Raises ModelError if one of them gives no answer, such as a server that does not know the base model's name.
    """
    answers = [(await model.complete(asked, None, _TOKENS, 1)).text for model in (tuned, base)]
    return answers[0] != answers[1]


class _Listed(Reply):
    id: str
    parent: str | None = None


class _Models(Reply):
    data: tuple[_Listed, ...]


async def base_name(endpoint: Endpoint, name: str) -> str:
    """The name of the model under the adapter `name`; the same name where it is no adapter.

    vLLM lists the parent of each adapter, SGLang writes "model:adapter", and TGI's base model is always "tgi".
    """
    try:
        listed = _Models.model_validate_json(await endpoint.get("/v1/models")).data
    except (ModelError, ValidationError):
        return BASE_MODEL
    parents = {one.id: one.parent or one.id for one in listed}
    before = name.partition(":")[0]
    return parents.get(name) or (before if before in parents else BASE_MODEL)
