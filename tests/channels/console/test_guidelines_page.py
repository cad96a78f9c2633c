"""Guidelines are decided on in the console, over a real index: what waits is not found, what is approved is."""

import httpx
import pytest
from qdrant_client import AsyncQdrantClient

from app.library import IndexLibrary
from channels.console.access import OLD_FORM, token_of
from channels.console.config import ConsoleConfig
from channels.console.guidelines_page import ALREADY, APART, CHOOSE, OVERTAKEN
from knowledge.approval import PENDING, Approval, State
from knowledge.chunking import chunks_of
from knowledge.documents import parse_document
from knowledge.embedding import HashingEncoder
from knowledge.errors import KnowledgeUnavailable
from knowledge.index import Entry, Held
from knowledge.memory_index import MemoryIndex
from knowledge.server_index import ServerIndex
from tests.channels.console.desk import Desk
from tests.knowledge.samples import EAR, KNEE, document, entry, written

pytestmark = pytest.mark.anyio

PAGE = "/console/guidelines"
NEWER = KNEE + "\n## Later\n\nSee again in a week.\n"


def proof(client: httpx.AsyncClient) -> str:
    return token_of(client.cookies["previsit"])


class Gone(MemoryIndex):
    """An index whose engine is away."""

    async def documents(self) -> list[Held]:
        raise KnowledgeUnavailable("The guideline index does not answer.")


def waiting(name: str, body: str, **front: str) -> Entry:
    return Entry(name, "/clinic", chunks_of(document(name, body, **front)), PENDING)


@pytest.fixture
async def index() -> MemoryIndex:
    index = MemoryIndex(HashingEncoder())
    await index.update([waiting("knee", KNEE), entry("ear", EAR, title="Ear pain", protocols="ear")])
    return index


@pytest.fixture
def desk(index: MemoryIndex) -> Desk:
    return Desk(library=IndexLibrary(index))


async def decide(client: httpx.AsyncClient, action: str, digest: str, document: str = "knee") -> httpx.Response:
    return await client.post(f"{PAGE}/{document}/{action}", data={"digest": digest, "token": proof(client)})


async def digest_of(index: MemoryIndex, document: str = "knee") -> str:
    return next(each.digest for each in await index.documents() if each.document == document)


async def found(index: MemoryIndex) -> set[str]:
    return {passage.document for passage in await index.search("hot swollen knee", [], 10)}


async def test_what_waits_comes_first_and_says_so(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as kim:
        page = (await kim.get(PAGE)).text
        waits = (await kim.get(f"{PAGE}?state=pending")).text
    assert "1 waits for approval" in page
    assert page.index("Knee pain") < page.index("Ear pain")
    assert "Knee pain" in waits and "Ear pain" not in waits


async def test_it_is_found_from_the_moment_a_doctor_approves_it_and_no_more_once_retired(
    desk: Desk, index: MemoryIndex
) -> None:
    digest = await digest_of(index)
    assert "knee" not in await found(index)
    async with desk.browser("Dee Doctor") as dee:
        answer = await decide(dee, "approve", digest)
        assert answer.status_code == 303
        page = (await dee.get(answer.headers["location"])).text
        assert "Approved. Drafts can cite it from now on." in page and "Dee Doctor" in page
        assert "knee" in await found(index)
        assert (await decide(dee, "retire", digest)).status_code == 303
    assert "knee" not in await found(index)
    assert [(who, what) for who, what, _ in desk.audited] == [
        ("Dee Doctor", "guideline_approved"),
        ("Dee Doctor", "guideline_retired"),
    ]
    assert desk.details[0] == ("document:knee", f"version:{digest[:12]}")


async def test_the_whole_text_is_there_where_a_citation_leads(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as kim:
        page = (await kim.get(f"{PAGE}/knee")).text
    assert 'id="red-flags"' in page and "A hot swollen knee with fever." in page
    assert 'id="care"' in page and "Public guidance, Section 1" in page
    assert "Approve this text" not in page, "a nurse reads it and does not decide"


async def test_it_says_for_whom_it_was_written(desk: Desk, index: MemoryIndex) -> None:
    text = written(KNEE).replace("---\n", "---\naudience: patient\n", 1)
    leaflet = parse_document(text, "leaflet.md")
    await index.update([Entry("leaflet", "/clinic", chunks_of(leaflet), PENDING)])
    async with desk.browser("Kim Lee") as kim:
        pages = [(await kim.get(f"{PAGE}/{name}")).text for name in ("leaflet", "ear")]
    assert [
        f"<dt>Written for</dt><dd>{who}</dd>" in page for who, page in zip(("patient", "nurse"), pages, strict=True)
    ] == [True] * 2


async def test_a_text_that_was_replaced_meanwhile_is_not_approved(desk: Desk, index: MemoryIndex) -> None:
    read = await digest_of(index)
    await index.update([waiting("knee", NEWER)])
    async with desk.browser("Dee Doctor") as dee:
        answer = await decide(dee, "approve", read)
    assert answer.status_code == 409 and OVERTAKEN in answer.text
    assert "See again in a week." in answer.text, "the one that is there now is shown"
    assert "knee" not in await found(index) and desk.audited == []


class Overtaken(MemoryIndex):
    """A newer version comes in between the look at what is there and the decision on it."""

    async def decide(self, document: str, digest: str, approval: Approval) -> None:
        await self.update([waiting("knee", NEWER)])
        await super().decide(document, digest, approval)


async def test_a_decision_that_came_too_late_is_told_and_not_written_down() -> None:
    index = Overtaken(HashingEncoder())
    await index.update([waiting("knee", KNEE)])
    desk = Desk(library=IndexLibrary(index))
    async with desk.browser("Dee Doctor") as dee:
        answer = await decide(dee, "approve", await digest_of(index))
    assert answer.status_code == 409 and OVERTAKEN in answer.text
    assert "knee" not in await found(index) and desk.audited == []


async def test_of_two_who_decide_the_second_is_told(desk: Desk, index: MemoryIndex) -> None:
    digest = await digest_of(index)
    async with desk.browser("Dee Doctor") as dee, desk.browser("Ada Admin") as ada:
        await decide(dee, "approve", digest)
        answer = await decide(ada, "approve", digest)
    assert answer.status_code == 409 and ALREADY in answer.text
    assert len(desk.audited) == 1


async def test_what_came_with_previsit_is_in_use_and_can_be_approved_by_name(desk: Desk, index: MemoryIndex) -> None:
    async with desk.browser("Dee Doctor") as dee:
        assert "Approve this text" in (await dee.get(f"{PAGE}/ear")).text
        await decide(dee, "approve", await digest_of(index, "ear"), "ear")
        page = (await dee.get(f"{PAGE}/ear")).text
    assert "Approve this text" not in page and "not reviewed by a clinician" not in page


async def test_an_overdue_review_shows_in_the_list_and_with_the_text(desk: Desk, index: MemoryIndex) -> None:
    desk.clock.at += 2 * 365 * 86400.0
    async with desk.browser("Kim Lee") as kim:
        assert "2 are overdue for review" in (await kim.get(PAGE)).text
        assert "review overdue since 2027-01-31" in (await kim.get(f"{PAGE}/ear")).text
    await index.decide("ear", await digest_of(index, "ear"), Approval(State.RETIRED, "Dr Ana Ruiz", "2028-01-01"))
    async with desk.browser("Kim Lee") as kim:
        assert "1 is overdue for review" in (await kim.get(PAGE)).text, "what is retired need not be read again"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("POST", "/nothing/approve", 404), ("POST", "/knee/burn", 404)],
)
async def test_what_is_not_there_says_so(desk: Desk, method: str, path: str, status: int) -> None:
    async with desk.browser("Ada Admin") as ada:
        answer = await ada.request(method, PAGE + path, data={"token": proof(ada)} if method == "POST" else None)
    assert answer.status_code == status and "There is no such" in answer.text


async def test_without_guidelines_here_it_says_where_they_are() -> None:
    async with Desk().browser("Ada Admin") as ada:
        answer = await ada.get(PAGE)
    assert answer.status_code == 503 and APART in answer.text


async def test_an_engine_that_is_away_is_said_and_nothing_is_done() -> None:
    desk = Desk(library=IndexLibrary(Gone(HashingEncoder())))
    async with desk.browser("Ada Admin") as ada:
        for answer in (await ada.get(PAGE), await ada.get(f"{PAGE}/knee"), await decide(ada, "approve", "d")):
            assert answer.status_code == 503 and "does not answer" in answer.text
    assert desk.audited == []


WRITTEN = b"""---
title: Ankle pain
source: Our house rules
review_date: 2026-05-01
---

## Red flags

A cold, pale ankle after a fall.
"""
LEAFLET = (
    b"<html><head><title>Ankle pain</title></head><body><h2>Care</h2><p>Rest the sprained ankle.</p></body></html>"
)


async def put_in(client: httpx.AsyncClient, name: str, content: bytes, **told: str) -> httpx.Response:
    return await client.post(PAGE, data={"token": proof(client), **told}, files={"file": (name, content)})


async def ankle(index: MemoryIndex) -> set[str]:
    return {passage.document for passage in await index.search("sprained cold ankle", [], 10)}


async def test_a_nurse_puts_a_file_in_and_it_waits_for_a_doctor(desk: Desk, index: MemoryIndex) -> None:
    async with desk.browser("Kim Lee") as kim:
        answer = await put_in(kim, "Ankle Pain.md", WRITTEN)
        assert answer.status_code == 200 and "was put in. It waits for approval" in answer.text
        again = await put_in(kim, "Ankle Pain.md", WRITTEN)
        assert "is held already" in again.text
    digest = await digest_of(index, "ankle-pain")
    assert "ankle-pain" not in await ankle(index)
    assert desk.audited == [("Kim Lee", "guideline_put_in", "")]
    assert desk.details == [("document:ankle-pain", f"version:{digest[:12]}")]
    async with desk.browser("Dee Doctor") as dee:
        await decide(dee, "approve", digest, "ankle-pain")
    assert "ankle-pain" in await ankle(index)


async def test_what_a_leaflet_lacks_is_asked_for_and_stays_filled_in(desk: Desk, index: MemoryIndex) -> None:
    told = {"source": "A leaflet <of ours>", "protocols": "sore_throat"}
    async with desk.browser("Kim Lee") as kim:
        answer = await put_in(kim, "ankle.html", LEAFLET, **told)
        assert answer.status_code == 422
        assert "does not say its review date: fill that in" in answer.text
        assert "A leaflet &lt;of ours&gt;" in answer.text and '"sore_throat" selected' in answer.text
        answer = await put_in(kim, "ankle.html", LEAFLET, **told, review_date="2026-05-01")
    assert "was put in" in answer.text
    held = next(each for each in await index.documents() if each.document == "ankle")
    assert held.chunk.review_date == "2026-05-01" and held.chunk.protocols == ("sore_throat",)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("ankle.odt", b"PK", ".odt is not read; save it as Markdown"),
        ("ankle.pdf", b"no pdf", "ankle.pdf: "),
        ("ankle.md", b"---\ntitle: Ankle\n---\n\nRest.", "is missing"),
        ("ankle.md", WRITTEN.replace(b"source:", b"protocols: [sore_thraot]\nsource:"), "sore_thraot is not one of"),
        ("", b"", CHOOSE),
    ],
)
async def test_a_file_that_cannot_be_used_says_why_and_changes_nothing(
    index: MemoryIndex, name: str, content: bytes, said: str
) -> None:
    desk, before = Desk(library=IndexLibrary(index, ["sore_throat"])), await index.documents()
    async with desk.browser("Kim Lee") as kim:
        answer = await put_in(kim, name, content)
    assert answer.status_code == 422 and said in answer.text and "Nothing was put in." in answer.text
    assert await index.documents() == before and desk.audited == []


async def test_a_file_that_is_too_large_says_so(index: MemoryIndex) -> None:
    desk = Desk(library=IndexLibrary(index), config=ConsoleConfig(clinic="Riverside", upload_limit=1_000_000))
    async with desk.browser("Kim Lee") as kim:
        answer = await put_in(kim, "ankle.md", WRITTEN + b"x" * 1_000_000)
    assert answer.status_code == 413 and "larger than 1 MB" in answer.text


async def test_a_file_without_the_proof_of_this_session_is_not_taken(desk: Desk, index: MemoryIndex) -> None:
    async with desk.browser("Kim Lee") as kim:
        answer = await kim.post(PAGE, data={"token": "x"}, files={"file": ("ankle.md", WRITTEN)})
        forged = await kim.post(PAGE, files={"file": ("ankle.md", WRITTEN)}, headers={"Origin": "https://evil.test"})
    assert answer.status_code == 403 and OLD_FORM in answer.text
    assert forged.status_code == 403
    assert {each.document for each in await index.documents()} == {"knee", "ear"}


async def test_a_citation_leads_to_the_text_in_use_and_not_to_one_that_waits(desk: Desk, index: MemoryIndex) -> None:
    async with desk.browser("Dee Doctor") as dee:
        await decide(dee, "approve", await digest_of(index))
        await index.update([waiting("knee", NEWER)])
        page = (await dee.get(f"{PAGE}/knee")).text
    assert "approved: drafts can cite it" in page and "See again in a week." not in page
    assert "which waits for approval" in page


async def test_who_decides_sees_on_every_page_how_many_wait(desk: Desk, index: MemoryIndex) -> None:
    count = '>1<span class="vh"> wait for approval</span>'
    async with desk.browser("Dee Doctor") as dee, desk.browser("Kim Lee") as kim:
        await dee.get(PAGE)
        assert count in (await dee.get("/console")).text
        assert count not in (await kim.get("/console")).text, "nurses do not decide"
        await decide(dee, "approve", await digest_of(index))
        assert "wait for approval</span>" not in (await dee.get("/console")).text


async def test_a_menu_does_not_wait_for_guidelines_that_are_away() -> None:
    desk = Desk(library=IndexLibrary(Gone(HashingEncoder())))
    await desk.hire("Dee Doctor")
    async with desk.browser("Dee Doctor") as dee:
        for _ in range(3):
            assert (await dee.get("/console")).status_code == 200


@pytest.mark.filterwarnings("ignore:Payload indexes have no effect")
async def test_a_decision_at_one_server_counts_at_the_other() -> None:
    """Two servers' libraries on one Qdrant: what is decided is the index's, and kept by neither."""
    qdrant = AsyncQdrantClient(":memory:")
    here, there = (Desk(library=IndexLibrary(ServerIndex(qdrant, HashingEncoder()))) for _ in range(2))
    index = ServerIndex(qdrant, HashingEncoder())
    await index.update([waiting("knee", KNEE)])
    [digest] = [each.digest for each in await index.documents()]
    for desk in (here, there):
        await desk.hire("Dee Doctor")
    async with here.browser("Dee Doctor") as dee, there.browser("Dee Doctor") as elsewhere:
        assert "1 waits for approval" in (await elsewhere.get(PAGE)).text
        assert (await decide(dee, "approve", digest)).status_code == 303
        assert "waits for approval" not in (await elsewhere.get(PAGE)).text
        again = await decide(elsewhere, "approve", digest)
        assert ALREADY in again.text
    assert "knee" in {each.document for each in await index.search("hot swollen knee", [], 10)}
