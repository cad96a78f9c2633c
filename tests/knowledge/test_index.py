"""What every index promises, whichever engine is behind it."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from knowledge.approval import PENDING, State, decided
from knowledge.chunking import chunks_of
from knowledge.embedding import HashingEncoder, Vectors
from knowledge.errors import KnowledgeUnavailable
from knowledge.index import GuidelineIndex, Row, Scope, chunk_in, held, payloads, scopes
from knowledge.relevance import relevant
from policies.demographics import AgeBand, Demographics, Pregnancy
from tests.knowledge.conftest import made_index
from tests.knowledge.samples import DAY, EAR, KNEE, approve_all, document, entry, names, three

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant"),
]


async def ids(index: GuidelineIndex, query: str, *protocols: str, limit: int = 4) -> list[str]:
    return [passage.id for passage in await index.search(query, protocols, limit)]


async def test_a_passage_is_found_with_its_source_and_score(index: GuidelineIndex) -> None:
    await index.update(three())
    best = (await index.search("hot swollen knee", ["knee"]))[0]
    assert (best.id, best.heading, best.source) == ("knee#red-flags", "Red flags", "Public guidance, Section 1")
    assert best.text == "A hot swollen knee with fever."
    assert 0.4 < best.score <= 1


async def test_the_protocol_filters_and_general_documents_go_with_each(index: GuidelineIndex) -> None:
    await index.update(three())
    assert "knee#red-flags" in await ids(index, "swelling red flags", "knee")
    assert "ear#red-flags" not in await ids(index, "swelling red flags", "knee")
    assert await ids(index, "call the physician on duty", "knee") == ["duty#escalate"]


async def test_several_protocols_are_searched_together(index: GuidelineIndex) -> None:
    await index.update(three())
    assert {"knee#red-flags", "ear#red-flags"} <= set(await ids(index, "swelling red flags", "knee", "ear"))


async def test_a_filter_that_gives_nothing_falls_back_to_every_protocol(index: GuidelineIndex) -> None:
    await index.update(three())
    assert (await ids(index, "swelling behind the ear", "knee"))[0] == "ear#red-flags"
    assert (await ids(index, "swelling behind the ear", "unknown"))[0] == "ear#red-flags"


async def test_nothing_good_enough_is_nothing(index: GuidelineIndex) -> None:
    await index.update(three())
    for query in ("renewing a passport", "", "   ", "and the of", "🤒"):
        assert await ids(index, query, "knee") == []


async def test_the_limit_is_kept(index: GuidelineIndex) -> None:
    await index.update([entry(f"knee-{number}", KNEE) for number in range(6)])
    assert len(await ids(index, "hot swollen knee", limit=3)) == 3


async def test_a_new_version_replaces_the_whole_old_document(index: GuidelineIndex) -> None:
    await index.update(three())
    await index.update([entry("knee", EAR.replace("ear", "kneecap"))])
    assert await index.count() == 3
    held_now = {each.document: each.digest for each in await index.documents()}
    assert held_now["knee"] == entry("knee", EAR.replace("ear", "kneecap")).digest
    assert await ids(index, "resting") == []


async def test_documents_are_dropped(index: GuidelineIndex) -> None:
    await index.update(three())
    await index.update((), drop=["knee", "never-held"])
    assert await names(index) == {"ear", "duty"}
    assert await ids(index, "hot swollen knee", "knee", limit=1) != ["knee#red-flags"]


async def test_what_is_held_is_known_by_origin_and_digest(index: GuidelineIndex) -> None:
    assert not await index.documents()
    assert await index.count() == 0
    entries = three()
    await index.update(entries)
    found = [(each.document, each.origin, each.digest, each.whole) for each in await index.documents()]
    assert sorted(found) == sorted((each.document, each.origin, each.digest, True) for each in entries)
    assert await index.count() == 4


async def test_only_what_is_approved_is_found_and_the_old_version_serves_until_then(index: GuidelineIndex) -> None:
    await index.update(three())
    new = entry("knee", KNEE.replace("Rest", "Cool"))._replace(approval=PENDING)
    await index.update([new])
    assert "Rest" in (await index.search("rest or cool the knee", ["knee"]))[0].text
    assert [each.approval.state for each in await index.documents() if each.document == "knee"] == [
        State.APPROVED,
        State.PENDING,
    ]
    await approve_all(index)
    best = (await index.search("rest or cool the knee", ["knee"]))[0]
    assert "Cool" in best.text and best.reviewed_by == "Dr Ana Ruiz"
    assert await index.count() == 4


async def test_a_retired_document_is_never_found_and_is_kept(index: GuidelineIndex) -> None:
    await index.update(three())
    await index.decide("knee", three()[0].digest, decided(State.RETIRED, "Dr Ana Ruiz", DAY))
    assert not {"knee#red-flags", "knee#care"} & set(await ids(index, "hot swollen knee", "knee"))
    assert len(await index.passages("knee")) == 2
    await index.decide("knee", three()[0].digest, decided(State.APPROVED, "Dr Ana Ruiz", DAY))
    assert (await ids(index, "hot swollen knee", "knee"))[0] == "knee#red-flags"


async def test_a_guideline_for_others_is_never_found_once_the_patient_is_known(index: GuidelineIndex) -> None:
    own: list[tuple[str, dict[str, Any]]] = [
        ("child", {"age_band": (AgeBand.CHILD,)}),
        ("mother", {"pregnancy": Pregnancy.PREGNANT}),
        ("other", {}),
    ]
    for name, front in own:
        made = document(name, KNEE).model_copy(update=front)
        await index.update([entry(name, KNEE)._replace(chunks=chunks_of(made))])

    async def found(patient: Demographics) -> set[str]:
        return {passage.document for passage in await index.search("hot swollen knee", ["knee"], 9, patient)}

    assert await found(Demographics()) == {"child", "mother", "other"}
    assert await found(Demographics(6, False)) == {"child", "other"}
    assert await found(Demographics(30, True)) == {"mother", "other"}
    assert await found(Demographics(30)) == {"mother", "other"}
    assert await found(Demographics(70, False)) == {"other"}


async def test_why_a_passage_is_found_is_told(index: GuidelineIndex) -> None:
    await index.update(three())
    best = (await index.explain("hot swollen knee", Scope(("knee",))))[0]
    assert chunk_in(best.row.payload).id == "knee#red-flags"
    assert best.dense_place == 1 and best.cosine > 0.4 and best.fused > 0


async def test_updating_says_how_far_it_has_come(index: GuidelineIndex) -> None:
    said: list[tuple[int, int]] = []
    await index.update(three(), progress=lambda done, total: said.append((done, total)))
    assert said[-1] == (4, 4)


async def test_many_searches_at_once_agree(index: GuidelineIndex) -> None:
    await index.update(three())
    found = await asyncio.gather(*(ids(index, "hot swollen knee", "knee") for _ in range(20)))
    assert all(each == found[0] for each in found)


class WaitingEncoder(HashingEncoder):
    """Encodes only once the event loop has had a turn meanwhile."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.turned = threading.Event()
        self.waits = False

    def encode(self, texts: Sequence[str]) -> Vectors:
        if self.waits:
            self.asked.set()
            assert self.turned.wait(timeout=30), "the event loop stood still"
        return super().encode(texts)


@pytest.mark.parametrize("kind", ["memory", "edge", "server"])
async def test_encoding_a_query_leaves_the_event_loop_free(kind: str, tmp_path: Path) -> None:
    encoder = WaitingEncoder()
    index = made_index(kind, tmp_path, encoder)
    await index.update(three())
    encoder.waits = True
    searching = asyncio.create_task(ids(index, "hot swollen knee"))
    await asyncio.to_thread(encoder.asked.wait, 30)
    assert not searching.done()
    encoder.turned.set()
    assert (await searching)[0] == "knee#red-flags"
    await index.close()


def test_the_protocols_come_first_and_then_everything() -> None:
    assert scopes(["knee", "ear"]) == [Scope(("knee", "ear", "general")), Scope()]
    assert scopes([]) == [Scope()]


def test_one_row_must_reach_the_floor_and_the_others_come_near_it(words: HashingEncoder) -> None:
    kept = payloads(entry("knee", KNEE))[0]
    query, passport, knee = words.encode(["hot swollen knee", "passport", "knee"])
    rows = [Row(vector.tolist(), kept) for vector in (passport, knee, query)]
    found = relevant(query, rows, 0.6, limit=4)
    assert [passage.score for passage in found] == pytest.approx([0.577, 1.0], abs=0.01)
    assert len(relevant(query, rows, 0.6, limit=1)) == 1
    assert relevant(query, rows[:2], 0.6, limit=4) == []
    assert relevant(query, [], 0.6, limit=4) == []


def test_a_version_that_is_put_in_or_decided_in_part_is_not_whole() -> None:
    first, second = payloads(entry("knee", KNEE))
    assert [each.whole for each in held([first])] == [False]
    assert [each.whole for each in held([first, {**second, "digest": "older"}])] == [False, False]
    (decided_in_part,) = held([first, {**second, "state": "pending"}])
    assert not decided_in_part.whole and decided_in_part.approval == PENDING
    (whole,) = held([second, first])
    assert (whole.whole, whole.chunk.heading, whole.passages) == (True, "Red flags", 2)


def test_a_payload_of_somebody_else_is_refused() -> None:
    for kept in ({}, {"chunk": {"id": "x"}}):
        with pytest.raises(KnowledgeUnavailable, match="did not write"):
            chunk_in(kept)
