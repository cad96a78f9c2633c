"""Every further language has all texts of English, with the same placeholders, and is as easy to read."""

import re

import pytest

from channels.console.replies import Replies
from channels.numbered import numbered_words
from channels.sms.segments import is_gsm, plain, segments
from channels.sms.texts import MOST_SEGMENTS
from channels.sms.wording import FOLDER as SMS_FOLDER
from channels.sms.wording import SmsWords, sms_words
from channels.web.catalogue import load_catalogues
from dialogue.languages.language import load_language
from dialogue.wording import FOLDER, Catalogue, load_catalogue, load_text_catalogue
from policies.loading import load_ruleset
from policies.readability import ease
from tests.dialogue.test_wording import VALUES

ENGLISH = load_catalogue("en")
FURTHER = sorted(path.stem for path in FOLDER.glob("*.yaml") if "." not in path.stem and path.stem != "en")
SPANISH = load_catalogue("es")
EASY = 60
"""Between what most adults read and "rather easy" on the INFLESZ scale: about English of grade six."""

SHORT = 4
"""Fewer words are no text whose ease could be told: "Una enfermera lee sus respuestas"."""


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text)) & VALUES.keys()


@pytest.mark.parametrize("language", FURTHER)
def test_a_further_language_has_every_word_of_english(language: str) -> None:
    other = load_catalogue(language)
    for part in ("messages", "people", "options", "units"):
        assert getattr(other, part).keys() == getattr(ENGLISH, part).keys(), part
    for who, forms in ENGLISH.people.items():
        assert other.people[who].keys() == forms.keys()


@pytest.mark.parametrize("language", FURTHER)
@pytest.mark.parametrize("key", sorted(ENGLISH.messages))
def test_each_message_fills_the_same_places(language: str, key: str) -> None:
    assert places(load_catalogue(language).messages[key]) == places(ENGLISH.messages[key])


@pytest.mark.parametrize("language", FURTHER)
def test_by_text_the_same_messages_are_said_in_other_words(language: str) -> None:
    english, other = load_text_catalogue(ENGLISH), load_text_catalogue(load_catalogue(language))
    reworded = {key for key, words in english.messages.items() if words != ENGLISH.messages[key]}
    assert reworded == {key for key, words in other.messages.items() if words != load_catalogue(language).messages[key]}


@pytest.mark.parametrize("who", sorted(SPANISH.people))
@pytest.mark.parametrize("spoken", [SPANISH, load_text_catalogue(SPANISH)], ids=["es", "es.text"])
def test_spanish_messages_are_easy_to_read(spoken: Catalogue, who: str) -> None:
    said = {key: spoken.say(key, who, **VALUES) for key in spoken.messages}
    assert not {key: text for key, text in said.items() if len(text.split()) >= SHORT and ease(text) < EASY}


@pytest.mark.parametrize("who", sorted(SPANISH.people))
def test_spanish_messages_fit_two_segments(who: str) -> None:
    spoken = load_text_catalogue(SPANISH)
    values = {**VALUES, "clinic": "Riverside Family Clinic", "name": "Una enfermera (Kim Lee)"}
    for key in spoken.messages:
        said = plain(spoken.say(key, who, **values))
        assert is_gsm(said), key
        assert segments(said) <= MOST_SEGMENTS, key


@pytest.mark.parametrize("name", sorted(SmsWords.model_fields))
def test_the_text_door_speaks_spanish_too(name: str) -> None:
    english, spanish = getattr(sms_words("en"), name), getattr(sms_words("es"), name)
    assert (SMS_FOLDER / "es.yaml").exists()
    assert set(re.findall(r"\{\w+\}", spanish)) == set(re.findall(r"\{\w+\}", english))
    assert is_gsm(plain(spanish.format(clinic="A", emergency_number="911", link="b", minutes="30")))


def test_answers_are_numbered_in_every_language() -> None:
    assert numbered_words().keys() >= {"en", *FURTHER}


def test_the_page_is_easy_to_read_in_spanish() -> None:
    page = load_catalogues(["es"])["es"]
    texts = [re.sub(r"\{\w+\}", "3", text) for text in {**page.page, **page.problems}.values()]
    assert not [text for text in texts if len(text.split()) > SHORT + 1 and ease(text) < EASY - 2]


def test_staff_have_the_same_replies_in_spanish_and_they_are_easy() -> None:
    replies = Replies({"clinic": "San Juan", "emergency_number": "911"})
    english, spanish = replies.of("en"), replies.of("es")
    assert [reply.id for reply in spanish] == [reply.id for reply in english]
    assert not [reply.id for reply in spanish if ease(reply.text) < EASY]


def test_no_spanish_question_is_put_in_the_negative() -> None:
    """ "¿No responde?" is answered "no" by who means that there is no answer."""
    findings = load_ruleset(languages=["es"]).findings.values()
    asked = {finding.id: finding.ask.get("es", "") for finding in findings}
    assert not [name for name, ask in asked.items() if re.match(r"¿(casi |ya |le |se )?no\b", ask.lower())]


def test_every_relation_in_spanish_is_a_word_for_a_person() -> None:
    assert SPANISH.relations.keys() <= load_language("es").people.words.keys()
    assert SPANISH.relative.keys() == SPANISH.people["me"].keys()
