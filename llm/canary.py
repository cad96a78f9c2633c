"""Whether a model server does what it was asked: keeps to a schema, and uses the adapter that was named.

Both fail silently on real servers: an unknown form of a constraint is ignored, and so is an adapter that is not loaded.
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
    """Nobody says this word about the sea unless made to. Raises ModelError when there is no answer at all."""
    completion = await model.complete(_ASKED, _SCHEMA, _TOKENS, 1)
    try:
        return bool(json.loads(completion.text) == _WORD)
    except ValueError:
        return False


Freely = TgiModel | TgiGenerate
"""A model that also answers without a schema."""


async def adapter_in_use(tuned: Freely, base: Freely, asked: Sequence[Message]) -> bool:
    """Whether the adapter answers `asked`, a prompt it was tuned on, in other words than the base model does.

    Raises ModelError when one of them gives no answer; a server that refuses the base model's name cannot be judged.
    """
    answers = [(await model.complete(asked, None, _TOKENS, 1)).text for model in (tuned, base)]
    return answers[0] != answers[1]
