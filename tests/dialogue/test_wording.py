"""What patients read: easy words, for every form of address, and a text for everything."""

import re

import pytest

from dialogue.answering import HOW_TO_ANSWER
from dialogue.machine import TABLE
from dialogue.messages import ONE_NUMBER
from dialogue.wording import FOLDER, WordingError, load_catalogue
from policies.readability import grade
from tests.stage import SAMPLE_VALUES, clinic

WORDS = clinic().words("en")
VALUES = {**SAMPLE_VALUES, "clinic": "the clinic"}
PEOPLE = sorted(WORDS.people)


@pytest.mark.parametrize("key", sorted(WORDS.messages))
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("voice", ["en", "en.text"])
def test_every_message_can_be_said_to_everybody_at_grade_six(key: str, who: str, voice: str) -> None:
    said = clinic().words(voice).say(key, who, **VALUES)
    assert "{" not in said
    assert grade(said) <= 6, said


@pytest.mark.parametrize("who", PEOPLE)
def test_every_question_of_the_content_can_be_asked_about_everybody(who: str) -> None:
    for finding in clinic().ruleset.findings.values():
        for template in (*finding.ask.values(), *finding.item.values()):
            assert "{" not in WORDS.fill(template, who), finding.id


def test_all_people_have_the_same_forms() -> None:
    assert len({frozenset(forms) for forms in WORDS.people.values()}) == 1


def test_everything_that_the_machine_says_has_words() -> None:
    said = {key for step in TABLE.values() for key in step.say} | set(HOW_TO_ANSWER.values())
    assert said <= WORDS.messages.keys()
    assert {rule.advice for rule in clinic().ruleset.rules.values()} <= WORDS.messages.keys()


def test_the_intended_use_and_the_emergency_number_are_said_at_the_start() -> None:
    welcome = WORDS.say("welcome", **VALUES)
    assert "automated" in welcome
    assert "911" in welcome
    assert re.search(r"not give a diagnosis", welcome)


@pytest.mark.parametrize(
    "key", ["emergency", "emergency_proxy", "emergency_crisis", "still_urgent", "nobody_yet", "nurse_has_seen"]
)
def test_whatever_is_said_while_urgent_tells_where_to_call(key: str) -> None:
    assert re.search("911|988", WORDS.say(key, **VALUES))


def test_a_language_without_a_catalogue_is_told_with_those_there_are() -> None:
    with pytest.raises(WordingError, match="there is: en"):
        load_catalogue("tlh")


def test_a_broken_catalogue_names_its_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("wordings")
    (folder / "en.yaml").write_text((FOLDER / "en.yaml").read_text("utf-8").replace("messages:", "mesages:"), "utf-8")
    with pytest.raises(WordingError, match=r"en\.yaml"):
        load_catalogue("en", folder)


@pytest.mark.parametrize("relation", sorted(WORDS.relations))
def test_whoever_is_called_by_what_they_are_to_the_writer_has_every_form(relation: str) -> None:
    assert WORDS.forms(relation).keys() == WORDS.people["me"].keys()
    assert grade(WORDS.say("ask_group", relation)) <= 6


@pytest.mark.parametrize("key", sorted(ONE_NUMBER))
def test_a_clinic_without_a_crisis_line_names_its_one_number_once_for_one_thing(key: str) -> None:
    said = WORDS.say(f"{key}_one_number", **VALUES)
    assert "911" in said and "988" not in said
    assert said.count("911") == 1
