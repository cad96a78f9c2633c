"""Translations of the clinical content: how findings are asked and said in another language, and why a rule asks.

languages/CODE/findings/*.yaml   finding id: how it is asked and said in that language
languages/CODE/reasons.yaml      rule id: its `because`

Levels, logic and sources are never translated: there is one set of rules.
"""

from collections.abc import Mapping

from policies.findings import Choice, Content, Finding

WRITTEN_IN = "en"
"""The language of the content itself."""


class TranslatedChoice(Content):
    label: str
    phrases: tuple[str, ...] = ()


class Translation(Content):
    """The texts of one finding in one language; `choices` by the choice's value."""

    ask: str = ""
    item: str = ""
    phrases: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    choices: Mapping[str, TranslatedChoice] = {}


def translated(finding: Finding, language: str, words: Translation) -> Finding:
    """The finding with its texts in `language` added."""
    said = {name: getattr(words, name) for name in ("ask", "item", "phrases", "hints", "unlike")}
    own = {name: {**getattr(finding, name), language: value} for name, value in said.items() if value}
    choices = tuple(_choice(one, language, words.choices.get(one.value)) for one in finding.choices)
    return finding.model_copy(update={**own, "choices": choices})


def _choice(choice: Choice, language: str, words: TranslatedChoice | None) -> Choice:
    if words is None:
        return choice
    phrases = {**choice.phrases, language: words.phrases} if words.phrases else choice.phrases
    return choice.model_copy(update={"label": {**choice.label, language: words.label}, "phrases": phrases})
