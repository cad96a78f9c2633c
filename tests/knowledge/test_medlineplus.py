"""MedlinePlus health topics: each one a document that says where it is from."""

import datetime

import pytest

from knowledge.formats.medlineplus import read_health_topics
from knowledge.formats.text import Unreadable

TOPIC = (
    '<health-topic title="{title}" url="https://medlineplus.gov/a.html" id="{id}" language="{language}">'
    "<also-called>Allergic rhinitis</also-called>"
    "<full-summary>&lt;p&gt;Many people sneeze.&lt;/p&gt;&lt;h3&gt;Symptoms&lt;/h3&gt;&lt;ul&gt;"
    "&lt;li&gt;Itchy eyes&lt;/li&gt;&lt;/ul&gt;</full-summary></health-topic>"
)


def topics(*inner: str, head: str = "") -> bytes:
    whole = "".join(inner)
    return f'{head}<health-topics date-generated="11/20/2026 02:30:35">{whole}</health-topics>'.encode()


def test_each_english_topic_is_a_document_with_its_source_and_day() -> None:
    hay = TOPIC.format(title="Hay Fever", id="1", language="English")
    (text,) = read_health_topics(topics(hay, TOPIC.format(title="Fiebre", id="2", language="Spanish")))
    assert (text.title, text.name) == ("Hay Fever", "1")
    assert text.front["source"] == "MedlinePlus, Hay Fever"
    assert text.front["review_date"] == datetime.date(2026, 11, 20)
    assert text.body.split("\n") == [
        *["## Summary", "", "Also called: Allergic rhinitis.", "", "Many people sneeze.", ""],
        *["### Symptoms", "", "- Itchy eyes"],
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (topics(head='<!DOCTYPE x [<!ENTITY y "z">]>'), "declares entities"),
        (b"<health-topics date-generated='11/20/2026'><health-topic>", "not well-formed XML: line 1"),
        (b"<feed></feed>", "not a MedlinePlus"),
        (topics(TOPIC.format(title="Fiebre", id="2", language="Spanish")), "no MedlinePlus health topic in English"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_health_topics(content)
