"""Checks that a model server keeps to a schema and uses the adapter that was named.

On real servers both can fail silently: they ignore a constraint in an unknown form, and an adapter that is not loaded.
"""

import json
from collections.abc import Sequence

from llm.port import ChatModel, Message
from llm.tgi import TgiModel
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
