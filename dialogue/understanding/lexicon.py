"""The words of one language and of the findings, compiled for search. Knows nothing about messages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from dialogue.languages.language import Language, load_language
from dialogue.languages.sections import Patterns
from dialogue.understanding.bindings import Bindings, load_bindings
from dialogue.understanding.clauses import Cutter
from dialogue.understanding.index import Entry, Index, Role
from dialogue.understanding.patterns import PatternError, Variant, variants
from dialogue.understanding.quantities import Numbers
from dialogue.understanding.slots import UnknownSlot, written_out
from dialogue.understanding.spelling import Speller
from dialogue.understanding.words import Reader
from policies.findings import Finding
from policies.problems import ContentError, Problem

Compiled = tuple[Variant, Entry]
Places = Mapping[str, Problem]
"""The file and line of each `finding …`."""


@dataclass(frozen=True)
class Lexicon:
    """Everything that `understand` needs besides the message and the question. Built once in a process."""

    language: Language
    findings: Mapping[str, Finding]
    bindings: Bindings
    reader: Reader
    cutter: Cutter
    numbers: Numbers
    speller: Speller
    index: Index

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the language that it knows."""
        return self.speller.known | self.index.vocabulary | self.language.fillers

    def bound(self, name: str) -> Finding | None:
        """The finding that takes what is built in (an age, a temperature, …); None if the content has no such
        finding."""
        return self.findings.get(getattr(self.bindings, name))

    @classmethod
    def build(cls, findings: Mapping[str, Finding], language: str, places: Places | None = None) -> "Lexicon":
        """The lexicon of these findings. Raises ContentError with every malformed pattern, and its place if known."""
        words = load_language(language)
        bindings = load_bindings()
        compiler = Compiler(words, places or {})
        asked_only = frozenset({bindings.who, bindings.sex})
        own = [entry for finding in findings.values() for entry in compiler.finding(finding, asked_only)]
        cues = list(compiler.cues())
        if compiler.problems:
            raise ContentError(compiler.problems)
        index = Index([*cues, *own], words.fillers, words.clauses.ends)
        spelled = [word for steps, _ in own for step in steps for word in step.words]
        people = words.people.words.keys()
        spelled += sorted(words.fillers | index.vocabulary.union(people).difference(spelled, plurals(people)))
        prefixes = {prefix for steps, _ in own for step in steps for prefix in step.prefixes}
        return cls(
            words,
            findings,
            bindings,
            compiler.reader,
            Cutter(words.clauses),
            Numbers(words),
            Speller(
                spelled,
                words.known | words.abbreviations | words.unit_of.keys() | words.people.sexes.keys(),
                words.spelling,
                prefixes,
                words.keyboard,
                words.sounds,
            ),
            index,
        )


def plurals(words: Iterable[str]) -> Iterator[str]:
    """These words with an "s". They are not learned as words of their own, since "sons" may be "son's"."""
    return (f"{word}s" for word in words)


class Compiler:
    """Turns written patterns into variants of normalised words."""

    def __init__(self, language: Language, places: Places) -> None:
        self.language = language
        self.places = places
        self.problems: list[Problem] = []
        self.reader = Reader(language)
        self.normal = cache(self.reader.normal)

    def compile(self, owner: str, patterns: Iterable[str], entry: Entry) -> Iterator[Compiled]:
        for pattern in patterns:
            try:
                for plain in written_out(pattern, self.language.slots):
                    for variant in variants(plain, self.normal, self.reader.joins):
                        yield variant, entry
            except (PatternError, UnknownSlot) as error:
                place = self.places.get(owner, Problem(f"{self.language.code}.yaml", 0, 0, ""))
                self.problems.append(Problem(place.file, place.line, place.column, f"{owner}: {error}"))

    def finding(self, finding: Finding, asked_only: frozenset[str]) -> Iterator[Compiled]:
        """A finding's phrases, hints, and the phrases of its choices."""
        code = self.language.code
        owner = f"finding {finding.id}"
        owner = abroad if (abroad := f"{owner} in {code}") in self.places else owner
        yield from self.compile(owner, finding.phrases.get(code, ()), Entry(Role.PHRASE, finding.id))
        yield from self.compile(owner, finding.hints.get(code, ()), Entry(Role.HINT, finding.id))
        yield from self.compile(owner, finding.unlike.get(code, ()), Entry(Role.UNLIKE, finding.id))
        role = Role.ANSWER if finding.id in asked_only else Role.CHOICE
        for choice in finding.choices:
            entry = Entry(role, finding.id, choice.value)
            yield from self.compile(owner, choice.phrases.get(code, ()), entry)

    def cues(self) -> Iterator[Compiled]:
        for role, patterns in cue_patterns(self.language).items():
            yield from self.compile(f"language '{self.language.code}'", patterns, Entry(role))
        for days, value in self.language.quantities.spans.items():
            yield from self.compile("spans", (days,), Entry(Role.SPAN, value=str(value)))
        for days, value in self.language.quantities.spans_asked.items():
            yield from self.compile("spans", (days,), Entry(Role.SPAN_ASKED, value=str(value)))
        for command, patterns in self.language.commands.phrases.items():
            yield from self.compile(f"command '{command}'", patterns, Entry(Role.COMMAND, command))


def cue_patterns(language: Language) -> Mapping[Role, Patterns]:
    """The patterns of a language file by their role."""
    negation, doubt, timing, replies = language.negation, language.doubt, language.timing, language.replies
    return {
        Role.DENIES: negation.before,
        Role.DENIES_NEXT: negation.next,
        Role.DENIES_BEHIND: negation.behind,
        Role.DENIES_TWICE: negation.twice,
        Role.NO_CUE: negation.none,
        Role.UNSURE: doubt.unsure,
        Role.HYPOTHETICAL: doubt.hypothetical,
        Role.TOPIC: doubt.topic,
        Role.PAST: timing.before,
        Role.PAST_AROUND: timing.around,
        Role.RECENT: timing.recent,
        Role.ONGOING: timing.ongoing,
        Role.LASTING: timing.lasting,
        Role.LIFELONG: timing.lifelong,
        Role.FAMILY: language.people.family,
        Role.CORRECTION: language.commands.corrections,
        Role.YES: replies.yes,
        Role.NO: replies.no,
        Role.ALL: replies.all,
        Role.NONE: replies.none,
        Role.EXCEPT: replies.excepting,
    }
