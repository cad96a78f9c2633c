"""What the conversation knows of the clinic it speaks for: its rules, its words, its numbers. Pure data."""

from collections.abc import Mapping
from dataclasses import dataclass

from dialogue.understanding import Lexicon
from dialogue.wording import Catalogue
from policies.on_call import Ladder
from policies.retention import RetentionRules
from policies.ruleset import RuleSet


@dataclass(frozen=True)
class Clinic:
    """Built once by `app` and handed to every turn. Times are in seconds.

    `act_seconds` is how long who acknowledged a page has to act before it goes out anew; 0: for ever.
    `lexicons` and `catalogues` are by language; danger is looked for in all of them.
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

    def words(self, voice: str) -> Catalogue:
        """The catalogue of a language ("en"), or of one by text ("en.text"), where that has words of its own."""
        return self.catalogues.get(voice) or self.catalogues[voice.partition(".")[0]]
