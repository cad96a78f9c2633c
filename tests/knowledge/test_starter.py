import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.edge_index import EdgeIndex
from knowledge.embedding import HashingEncoder, Vectors
from knowledge.ingest import AT_A_TIME, ingest
from knowledge.memory_index import MemoryIndex
from knowledge.starter import FOLDER, ORIGIN, ensure_starter, starter_guidelines
from policies.demographics import Demographics
from tests.knowledge.samples import DAY, KNEE, approve_all, names, put, written

LOADED = starter_guidelines()
PROTOCOLS = {path.stem for path in (FOLDER.parents[1] / "policies" / "content" / "protocols").glob("*.yaml")}
SECTIONS = {"What it may be", "Red flags", "When to be seen and how soon", "What a nurse can do"}
EMERGENCY = re.compile(r"emergency|ambulance|maternity unit|hospital", re.IGNORECASE)
DOSE = re.compile(r"\b\d+ ?(mg|mcg|micrograms?|g|ml|units?|tablets?|puffs?|drops?)\b", re.IGNORECASE)


def test_every_starter_document_is_read_and_says_where_it_comes_from() -> None:
    assert LOADED.skipped == ()
    assert {entry.document for entry in LOADED.entries} == {path.stem for path in FOLDER.glob("*.md")}
    for entry in LOADED.entries:
        assert entry.origin == ORIGIN
        assert len(entry.chunks) >= 4
        assert all(chunk.source and chunk.review_date for chunk in entry.chunks)


def test_no_two_documents_have_the_same_title() -> None:
    titles = [entry.chunks[0].title for entry in LOADED.entries]
    assert len(titles) == len(set(titles))


def test_every_document_serves_protocols_that_exist() -> None:
    served = {name for entry in LOADED.entries for name in entry.chunks[0].protocols}
    assert served <= PROTOCOLS | {"general"}


def test_every_complaint_document_has_red_flags_and_says_how_soon() -> None:
    for entry in LOADED.entries:
        if entry.chunks[0].protocols != ("general",):
            headings = {chunk.heading for chunk in entry.chunks}
            assert {*SECTIONS, "Safety-netting"} <= headings, entry.document


def test_every_complaint_document_says_where_its_emergencies_go() -> None:
    for entry in LOADED.entries:
        if entry.chunks[0].protocols != ("general",):
            how_soon = " ".join(chunk.text for chunk in entry.chunks if chunk.heading == "When to be seen and how soon")
            assert EMERGENCY.search(how_soon), entry.document


@pytest.mark.anyio
@pytest.mark.parametrize(("years", "whose"), [(34, "sore-throat-child"), (4, "sore-throat-adult")])
async def test_what_is_for_somebody_else_is_not_found(years: float, whose: str) -> None:
    index = MemoryIndex(HashingEncoder())
    await ensure_starter(index)
    found = await index.search("sore throat, fever", ["sore_throat"], 20, Demographics(years))
    documents = {passage.id.partition("#")[0] for passage in found}
    assert documents and whose not in documents


def test_medicines_are_left_to_the_physician() -> None:
    named = re.compile(r"pain relief|antibiotic|steroid|antihistamine|medicines?:", re.IGNORECASE)
    for entry in LOADED.entries:
        text = " ".join(chunk.text for chunk in entry.chunks)
        assert not named.search(text) or re.search(r"physician|pharmacist", text), entry.document


def test_every_document_is_short_and_plain_enough_to_read_during_a_call() -> None:
    for entry in LOADED.entries:
        words = " ".join(chunk.text for chunk in entry.chunks).split()
        assert 110 <= len(words) <= 600, entry.document
        assert sum(len(word) for word in words) / len(words) < 5.9, entry.document


def test_no_starter_document_names_an_emergency_number_or_a_dose() -> None:
    for path in FOLDER.glob("*.md"):
        body = path.read_text("utf-8").split("---\n", 2)[2]
        assert not re.search(r"\b(911|999|112|111)\b", body) and not DOSE.search(body), path.name


def test_every_section_fits_the_encoder() -> None:
    for entry in LOADED.entries:
        assert all(len(chunk.text.split()) <= 200 for chunk in entry.chunks)
        assert not any(re.search(r"-\d+$", chunk.id) for chunk in entry.chunks)


@pytest.mark.anyio
async def test_an_empty_index_is_filled_and_a_second_time_left_alone(tmp_path: Path, words: HashingEncoder) -> None:
    index = EdgeIndex(tmp_path / "guidelines", words)
    first = await ensure_starter(index)
    assert len(first.added) == len(list(FOLDER.glob("*.md")))
    current = (tmp_path / "guidelines" / "current").read_text()
    second = await ensure_starter(index)
    assert second.added == second.updated == () and len(second.unchanged) == len(first.added)
    assert (tmp_path / "guidelines" / "current").read_text() == current


@pytest.mark.anyio
async def test_an_empty_index_holds_all_of_them_or_none(tmp_path: Path) -> None:
    """A server that is stopped half-way would otherwise be taken for a clinic's that did without the others."""

    class Stopped(HashingEncoder):
        encoded = 0

        def encode(self, texts: Sequence[str]) -> Vectors:
            self.encoded += len(texts)
            if self.encoded > AT_A_TIME:
                raise KeyboardInterrupt
            return super().encode(texts)

    with pytest.raises(KeyboardInterrupt):
        await ensure_starter(EdgeIndex(tmp_path / "guidelines", Stopped()))
    assert await EdgeIndex(tmp_path / "guidelines", Stopped()).documents() == []


@pytest.mark.anyio
async def test_a_starter_document_of_an_older_previsit_is_brought_up_to_date_or_dropped(
    words: HashingEncoder,
) -> None:
    index = MemoryIndex(words)
    entries = starter_guidelines().entries
    older = entries[0]._replace(chunks=entries[0].chunks[:1])
    dropped = entries[1]._replace(document="since-dropped")
    await index.update([older, dropped])
    summary = await ensure_starter(index)
    assert summary.updated == (older.document,) and summary.removed == ("since-dropped",)
    assert {older.document, *summary.added} == {each.document for each in entries}, "what is new in this one comes, too"


@pytest.mark.anyio
async def test_a_clinics_document_of_the_same_name_stays(tmp_path: Path, words: HashingEncoder) -> None:
    index = MemoryIndex(words)
    await ensure_starter(index)
    await ingest(index, [put(tmp_path, "urinary-men.md", written(KNEE))], today=DAY)
    summary = await ensure_starter(index)
    assert summary.updated == () and "urinary-men" not in summary.unchanged
    origins = {each.origin for each in await index.documents() if each.document == "urinary-men"}
    assert origins == {str(tmp_path), ORIGIN}, "ours is used until theirs is approved"
    await approve_all(index)
    await ensure_starter(index)
    assert [each.origin for each in await index.documents() if each.document == "urinary-men"] == [str(tmp_path)]


@pytest.mark.anyio
async def test_a_clinic_that_chose_to_be_without_them_is_left_so(tmp_path: Path, words: HashingEncoder) -> None:
    index = MemoryIndex(words)
    await ensure_starter(index)
    await ingest(index, [put(tmp_path, "knee.md", written(KNEE))], only=True, today=DAY)
    await ensure_starter(index)
    assert await names(index) == {"knee"}


@pytest.mark.anyio
async def test_the_sentence_encoder_fetched_later_takes_over(tmp_path: Path, words: HashingEncoder) -> None:
    class Later(HashingEncoder):
        name = "fetched-later"

    put(tmp_path / "clinic", "knee.md", written(KNEE))
    before = EdgeIndex(tmp_path / "guidelines", words)
    await ensure_starter(before)
    await ingest(before, [tmp_path / "clinic"], today=DAY)
    await approve_all(before)
    held = await before.documents()
    after = EdgeIndex(tmp_path / "guidelines", Later())
    await ensure_starter(after)
    assert await after.documents() == held
    assert (await after.search("hot swollen knee", []))[0].id == "knee#red-flags"
