"""The test sets of retrieval: documents, and questions with the passages that answer them. Knows no index.

A question is a JSON line {"id", "query", "kind"?, "protocols"?, "age_years"?, "pregnant"?, "relevant"}: `relevant`
gives a gain to each document id or passage id ("knee", "knee#red-flags"); an empty one means that nothing should be
found. A MedQuAD-shaped corpus is JSON lines {"qid", "collection", "focus", "qtype", "question", "answer"}.
"""

import datetime
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from knowledge.documents import Document, visible
from policies.demographics import Demographics

OWN, SAME_TOPIC = 2, 1
"""What an answer is worth to its own question, and to another question on the same topic."""


class Question(BaseModel):
    """A query and what answers it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    query: str = Field(min_length=1)
    kind: str = "all"
    protocols: tuple[str, ...] = ()
    age_years: float | None = None
    pregnant: bool | None = None
    relevant: Mapping[str, int]

    @property
    def patient(self) -> Demographics:
        return Demographics(self.age_years, self.pregnant)

    @property
    def gains(self) -> Mapping[str, int]:
        """For each document, the best judgement of it and of its passages."""
        found: dict[str, int] = {}
        for name, gain in self.relevant.items():
            document = name.partition("#")[0]
            found[document] = max(gain, found.get(document, 0))
        return found


class Answer(BaseModel):
    """A line of a MedQuAD-shaped corpus."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    qid: str
    focus: str
    qtype: str
    question: str
    answer: str
    collection: str = ""
    url: str = ""

    @property
    def id(self) -> str:
        return f"{self.collection}-{self.qid}".lower().replace("_", "-")

    @property
    def topic(self) -> str:
        return self.focus.strip().casefold() or self.id

    @property
    def document(self) -> Document:
        """The answer as a document: its topic is the title, its kind of question the heading. The question is not in
        it."""
        return Document(
            id=self.id,
            title=self.focus or "Health topic",
            source=self.collection or "corpus",
            review_date=datetime.date(1970, 1, 1),
            body=f"## {self.qtype.capitalize() or 'Information'}\n\n{visible(self.answer).strip()}",
        )


def questions_of(answers: Sequence[Answer], most: int, seed: int = 0) -> list[Question]:
    """The corpus's own questions as queries: a seeded sample, each judged by topic and by kind of question."""
    by_topic: dict[str, list[Answer]] = {}
    for answer in answers:
        by_topic.setdefault(answer.topic, []).append(answer)
    distinct = list({answer.question: answer for answer in answers}.values())
    asked = random.Random(seed).sample(distinct, min(most, len(distinct)))  # noqa: S311  # a sample, not a secret
    return [_question(answer, by_topic[answer.topic]) for answer in asked]


def _question(asked: Answer, topic: Iterable[Answer]) -> Question:
    relevant = {each.id: OWN if each.qtype == asked.qtype else SAME_TOPIC for each in topic}
    return Question(id=asked.id, query=asked.question, relevant=relevant)


def slices(text: str, size: int = 500) -> Iterator[str]:
    """Chunks of so many characters, without headings: the comparison that the guidelines' chunks have to beat."""
    return (text[start : start + size] for start in range(0, len(text), size))
