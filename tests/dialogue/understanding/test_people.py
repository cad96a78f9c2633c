"""Whose complaint a message tells."""

import pytest

from dialogue.conversation import Question, QuestionKind
from dialogue.understanding import Lexicon, understand
from policies.facts import Subject
from policies.loading import load_ruleset
from tests.dialogue.understanding.sample import told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my husband collapsed", {"collapsed": "present", "who": "someone_else", "sex": "male"}),
        ("my daughter has a fever", {"fever": "present", "who": "my_child", "sex": "female"}),
        ("my 3 week old has a fever", {"fever": "present", "who": "my_child", "age": 21.0}),
        (
            "my daughter was born 3 weeks ago and has a fever",
            {"fever": "present", "who": "my_child", "age": 21.0, "sex": "female"},
        ),
        ("he is vomiting", {"vomiting": "present", "sex": "male"}),
        ("my dad had a heart attack at 50, I have a cough", {"heart_attack": "other", "cough": "present"}),
        ("family history of stroke", {"stroke": "other"}),
        ("my wife says I have a fever", {"fever": "present"}),
        ("my wife says it's nothing but my chest hurts", {"chest_pain": "present"}),
        ("I'm 34 and my head hurts", {"who": "me", "age": 12418.5, "headache": "present"}),
    ],
)
def test_people(text: str, expected: dict[str, str | float]) -> None:
    assert told(text) == expected


def test_the_time_since_birth_is_the_childs_age() -> None:
    lexicon = Lexicon.build(load_ruleset().findings, "en")
    facts = understand("I had my baby ten days ago and she has a fever", lexicon).facts
    assert [(fact.person, fact.value) for fact in facts if fact.finding == "age"] == [("baby", 10.0)]
    assert all(fact.finding != "symptom_duration" for fact in facts)


@pytest.mark.parametrize(
    "text",
    [
        "birth was 10 days ago, headache",
        "I gave birth to a healthy girl ten days ago and my stitches hurt",
        "giving birth 10 days ago was hard, I feel low",
        "I gave birth 10 days ago",
    ],
)
def test_the_time_since_birth_is_not_the_complaints_duration(text: str) -> None:
    lexicon = Lexicon.build(load_ruleset().findings, "en")
    asked = Question(id="history", kind=QuestionKind.DURATION, prompt="How long?", findings=("symptom_duration",))
    alone, answered = (
        understand(text, lexicon).facts,
        understand("I gave birth 10 days ago", lexicon, question=asked).facts,
    )
    assert all(fact.finding != "symptom_duration" for fact in (*alone, *answered))


@pytest.mark.parametrize("text", ["my husband hits me", "my wife punched me in the face", "he hits us"])
def test_the_victim_is_the_patient_and_not_the_attacker(text: str) -> None:
    lexicon = Lexicon.build(load_ruleset().findings, "en")
    facts = understand(text, lexicon).facts
    assert [(fact.finding, fact.subject) for fact in facts if fact.certain] == [("unsafe_at_home", Subject.PATIENT)]


@pytest.mark.parametrize(
    ("first", "then", "finding"),
    [
        (
            "I'm 34 and my tummy hurts",
            "Me and my boyfriend had a fight, and then I took two dozen paracetamol",
            "overdose",
        ),
        (
            "I am wheezing",
            "I had a cold from my daughter, then I can't get through a sentence",
            "severe_breathlessness",
        ),
    ],
)
def test_a_person_who_is_only_mentioned_does_not_take_over(first: str, then: str, finding: str) -> None:
    ruleset = load_ruleset()
    lexicon = Lexicon.build(ruleset.findings, "en")
    known = understand(first, lexicon, turn=1).facts
    said = {fact.finding for fact in understand(then, lexicon, turn=2, facts=known).facts if fact.counts}
    assert said & {finding, *(name for name, above in ruleset.above.items() if finding in above)}


def test_every_finding_of_an_attack_on_the_writer_is_the_writers() -> None:
    lexicon = Lexicon.build(load_ruleset().findings, "en")
    facts = understand("My boyfriend strangled me last night", lexicon).facts
    assert {fact.finding for fact in facts if fact.counts} == {"unsafe_at_home", "strangled"}
