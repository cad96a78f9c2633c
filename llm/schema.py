"""The JSON schema for a draft of one case: that of `Draft`, with this case's ids and tight limits of length.

Knows nothing about servers. Everything is inlined and bounded, so that a server's grammar for it stays small.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from llm.how_soon import how_soon
from llm.port import Schema
from llm.reply import URGENCY, together
from policies.case import Case, Statement
from policies.draft import Draft
from policies.facts import Status
from policies.levels import Level

_CHARACTERS_A_TOKEN = 4.5  # of English prose in a small model's tokenizer
_LETTERS = r"[A-Za-zÀ-ÿ¿¡ ,.!?'-]"
"""The characters of a message after its first sentence: no digits, and none that a JSON string has to escape."""
_NOTES = {"title", "description", "default", "$defs"}


class Bounds(NamedTuple):
    """The most items of each list and characters of each text. The defaults fit an answer of 420 tokens."""

    explanations: int = 1
    items: int = 2
    cited: int = 2
    subjective: int = 220
    name: int = 48
    item: int = 60
    reason: int = 80
    message: int = 120

    @property
    def tokens(self) -> int:
        """The tokens of the longest draft within these bounds, pretty-printed; measured."""
        frame = 89 + self.explanations * (45 + 13 * self.cited) + self.items * 38
        lists = self.explanations * self.name + 3 * self.items * self.item
        return frame + int((self.subjective + lists + self.reason + self.message) / _CHARACTERS_A_TOKEN)


SMALL = Bounds()
WIDE = Bounds(explanations=4, items=4, cited=6, subjective=700, name=80, item=200, reason=300, message=500)


def bounds_for(answer_tokens: int) -> Bounds:
    """The widest bounds in which every draft fits into so many tokens."""
    return WIDE if WIDE.tokens <= answer_tokens else SMALL


def draft_schema(case: Case, statements: Sequence[Statement], passages: Sequence[str], answer_tokens: int) -> Schema:
    """A draft that cites only these statements and passage names, and whose level is not below the case's."""
    bounds = bounds_for(answer_tokens)
    schema: dict[str, Any] = _inlined(Draft.model_json_schema())
    fields = schema["properties"] = together(schema["properties"])
    del fields["statement"]  # fixed by the type; a model need not write it
    fields[URGENCY] = {"anyOf": [_urgency(level, case, bounds) for level in sorted(Level) if level >= case.level]}
    _bound_texts(fields, bounds)
    explanation, action = fields["explanations"]["items"], fields["actions"]["items"]
    _cite(explanation, "supporting", _present(statements), bounds.cited)
    _cite(explanation, "contradicting", [statement.id for statement in statements], bounds.cited)
    for cites in (explanation, action):
        _cite(cites, "passages", passages, 2)
    if _present(statements):
        explanation["properties"]["supporting"]["minItems"] = 1
    else:
        fields["explanations"]["maxItems"] = 0  # nothing is present that could be explained
    for part in (schema, explanation, action):
        part["required"] = list(part["properties"])
    return schema


def _urgency(level: Level, case: Case, bounds: Bounds) -> dict[str, Any]:
    """The schema of a level with its message, which must begin with the sentence that says how soon."""
    sentence = how_soon(case, level)
    begun = "^" + sentence.replace(".", r"\.") + f"( {_LETTERS}{{1,{bounds.message - len(sentence) - 1}}})?$"
    fields = {"level": {"enum": [level.name]}, "patient_message": {"type": "string", "pattern": begun}}
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _bound_texts(fields: dict[str, Any], bounds: Bounds) -> None:
    fields["subjective"]["maxLength"] = bounds.subjective
    fields["level_reason"]["maxLength"] = bounds.reason
    fields["explanations"]["maxItems"] = bounds.explanations
    fields["explanations"]["items"]["properties"]["name"]["maxLength"] = bounds.name
    fields["actions"]["items"]["properties"]["text"]["maxLength"] = bounds.item
    for name in ("concerns", "actions", "open_questions"):
        fields[name]["maxItems"] = bounds.items
    for name in ("concerns", "open_questions"):
        fields[name]["items"]["maxLength"] = bounds.item


def _cite(part: dict[str, Any], name: str, ids: Sequence[str], most: int) -> None:
    """Allows only these ids in the list `name`. Removes the list if there are none: an empty enum is no valid
    schema."""
    if ids:
        part["properties"][name] = {"type": "array", "items": {"enum": list(ids)}, "maxItems": most}
    else:
        part["properties"].pop(name)


def _present(statements: Sequence[Statement]) -> list[str]:
    return [
        statement.id for statement in statements if statement.status is Status.PRESENT and not statement.about_other
    ]


def _inlined(schema: Mapping[str, Any]) -> Any:
    """The schema without references, titles and descriptions."""
    definitions = schema.get("$defs", {})

    def inline(node: Any) -> Any:
        if isinstance(node, list):
            return [inline(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return inline(definitions[node["$ref"].rsplit("/", 1)[1]])
        return {key: inline(value) for key, value in node.items() if key not in _NOTES}

    return inline(schema)
