"""MedlinePlus health topics in XML → one document a topic, in English. No entity is expanded, no DTD is read."""

import datetime
import io
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup
from lxml import etree

from knowledge.formats.html import as_markdown
from knowledge.formats.text import Text, Unreadable

PUBLISHER = "MedlinePlus, National Library of Medicine"
LANGUAGE = "English"


def read_health_topics(content: bytes) -> list[Text]:
    if b"<!ENTITY" in content or b"<!DOCTYPE" in content:
        raise Unreadable("declares entities or a document type, which is not read in an untrusted file; remove them")
    try:
        topics = list(_topics(content))
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"is not well-formed XML: line {error.lineno}") from error
    except ValueError as error:
        raise Unreadable("is not a MedlinePlus health-topic file (no <health-topics> with its date)") from error
    if not topics:
        raise Unreadable(f"holds no MedlinePlus health topic in {LANGUAGE}")
    return topics


def _topics(content: bytes) -> Iterator[Text]:
    generated = ""
    events = etree.iterparse(
        io.BytesIO(content), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    for event, element in events:
        if event == "start" and element.tag == "health-topics":
            generated = element.get("date-generated", "")
        if event == "end" and element.tag == "health-topic":
            if element.get("language") == LANGUAGE and (summary := element.findtext("full-summary")):
                yield _topic(element, summary, _day(generated))
            element.clear()
    if not generated:
        raise ValueError("no date")


def _topic(element: Any, summary: str, day: datetime.date) -> Text:
    title = element.get("title", "").strip()
    also = [each.text.strip() for each in element.findall("also-called") if each.text]
    body = as_markdown(BeautifulSoup(summary, "lxml"))
    front = {
        "title": title,
        "source": f"MedlinePlus, {title}",
        "publisher": PUBLISHER,
        "licence": "public domain where it is the library's own text",
        "edition": f"as issued {day.isoformat()}",
        "review_date": day,
        "url": element.get("url", ""),
        "audience": "patient",
    }
    heading = "## Summary\n\n" + (f"Also called: {', '.join(also)}.\n\n" if also else "")
    return Text(heading + body, title, front, name=element.get("id", "") or title)


def _day(generated: str) -> datetime.date:
    """ "11/22/2026 02:30:33" """
    return datetime.datetime.strptime(generated.split()[0] if generated else "", "%m/%d/%Y").date()
