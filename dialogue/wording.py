"""What patients are told, as data: message catalogues by language. Knows nothing about when something is said."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import yaml
from pydantic import ConfigDict, ValidationError

from policies.findings import Content

FOLDER = Path(__file__).parent / "wordings"


class WordingError(Exception):
    """A message catalogue is broken; the message names the file and the key."""


class Catalogue(Content):
    """The texts of one language. `people` holds the forms of address: for whom → form → words.

    `relations` are our words for what somebody is to the writer ("mother"); `relative` are the forms for them, in which
    `{one}` stands for that word.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    language: str
    name: str
    messages: Mapping[str, str]
    people: Mapping[str, Mapping[str, str]]
    relative: Mapping[str, str] = {}
    relations: Mapping[str, str] = {}
    options: Mapping[str, str]
    units: Mapping[str, str]

    def say(self, key: str, who: str = "me", **values: str) -> str:
        """The message `key`, with its forms of address and `{values}` filled in."""
        return self.fill(self.messages[key], who, **values)

    def fill(self, template: str, who: str = "me", **values: str) -> str:
        """Fills in `{Do you}`, `{your}`, … for `who` ("me", "my_child", "someone_else", a relation), and the values."""
        if "{" not in template:
            return template
        return template.format_map({**self.forms(who), **values})

    def forms(self, who: str) -> Mapping[str, str]:
        return self._forms.get(who, self.people["someone_else"])

    @cached_property
    def _forms(self) -> Mapping[str, Mapping[str, str]]:
        named = {
            word: {form: words.format(one=one) for form, words in self.relative.items()}
            for word, one in self.relations.items()
        }
        return {**named, **self.people}


def load_text_catalogue(spoken: Catalogue, folder: Path = FOLDER) -> Catalogue:
    """The catalogue for text messages: the same, with other wording for the messages in `LANGUAGE.text.yaml`, since
    nothing can be tapped there."""
    path = folder / f"{spoken.language}.text.yaml"
    try:
        own = yaml.safe_load(path.read_text(encoding="utf-8"))["messages"] if path.exists() else {}
        if unknown := own.keys() - spoken.messages.keys():
            raise WordingError(f"{path}: no such messages: {', '.join(sorted(unknown))}")
        return Catalogue.model_validate({**spoken.model_dump(), "messages": {**spoken.messages, **own}})
    except (yaml.YAMLError, ValidationError, KeyError, AttributeError, TypeError) as error:
        raise WordingError(f"{path}: {error}") from None


def load_catalogue(language: str, folder: Path = FOLDER) -> Catalogue:
    """The catalogue of `LANGUAGE.yaml`. Raises WordingError."""
    path = folder / f"{language}.yaml"
    try:
        return Catalogue.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        known = ", ".join(sorted(p.stem for p in folder.glob("*.yaml") if "." not in p.stem))
        raise WordingError(f"no message catalogue for language {language!r}; there is: {known}") from None
    except (yaml.YAMLError, ValidationError) as error:
        raise WordingError(f"{path}: {error}") from None
