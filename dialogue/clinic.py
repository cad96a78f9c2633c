"""What the conversation knows of its clinic: rules, words, phone numbers, times. Pure data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from dialogue.conversation import Question
from dialogue.understanding import Lexicon
from dialogue.wording import Catalogue
from policies.findings import Kind
from policies.on_call import Ladder
from policies.retention import RetentionRules
from policies.ruleset import RuleSet

SHARED_SCREEN, OWN_SCREEN = 1.0, 3.0

MOST_QUESTIONS = 1000
"""About 3 MB of them."""


@dataclass(frozen=True)
class Clinic:
    """Built once by `app` and passed to every turn. Times are in seconds.

    `act_seconds` is how long whoever has acknowledged a page has to act before it goes out again; 0: no limit.
    `lexicons` and `catalogues` are by language; danger is looked for in all languages. `staff_names` is whether
    patients read by name who of the staff has answered.
    """

    ruleset: RuleSet
    lexicons: Mapping[str, Lexicon]
    catalogues: Mapping[str, Catalogue]
    name: str
    emergency_number: str
    crisis_line: str
    silence_seconds: float
    retention: RetentionRules
    ladder: Ladder
    act_seconds: float = 0.0
    staff_names: bool = True

    def prices(self, language: str) -> Mapping[str, float]:
        """The cost of asking for each finding that can be asked: less for yes/no findings, which share a screen."""
        return self._prices[language]

    @cached_property
    def _prices(self) -> Mapping[str, Mapping[str, float]]:
        findings = self.ruleset.findings.values()
        return {
            language: {
                one.id: SHARED_SCREEN if one.kind is Kind.YES_NO else OWN_SCREEN
                for one in findings
                if language in one.ask or language in one.item
            }
            for language in self.lexicons
        }

    def question(self, key: tuple[object, ...], make: Callable[[], Question]) -> Question:
        """A cache of questions. `key` must name everything that `make` uses.

        Only for questions made of the clinic's content alone, since the cache outlives the conversation.
        """
        made = self._questions.get(key)
        if made is None:
            if len(self._questions) >= MOST_QUESTIONS:
                self._questions.clear()
            made = self._questions[key] = make()
        return made

    @cached_property
    def _questions(self) -> dict[tuple[object, ...], Question]:
        return {}

    def words(self, voice: str) -> Catalogue:
        """The catalogue of a language ("en"), or of its text messages ("en.text")."""
        return self.catalogues.get(voice) or self.catalogues[voice.partition(".")[0]]
