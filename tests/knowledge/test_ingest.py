from pathlib import Path

import pytest

from knowledge.approval import State
from knowledge.documents import NO_FRONT
from knowledge.embedding import HashingEncoder
from knowledge.errors import NothingToIngest
from knowledge.finding_files import files
from knowledge.index import GuidelineIndex
from knowledge.ingest import ingest, load
from knowledge.memory_index import MemoryIndex
from tests.knowledge.samples import DAY, EAR, KNEE, approve_all, names, put, written

pytestmark = pytest.mark.anyio


@pytest.fixture
def index(words: HashingEncoder) -> GuidelineIndex:
    return MemoryIndex(words)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "clinic", "knee.md", written(KNEE))
    put(tmp_path / "clinic" / "head", "ear.md", written(EAR, "Ear pain", "ear"))
    return tmp_path / "clinic"


async def test_a_folder_is_put_in_with_its_folders_and_twice_changes_nothing(
    index: GuidelineIndex, folder: Path
) -> None:
    first = await ingest(index, today=DAY, given=[folder])
    assert (first.added, first.updated, first.removed, first.passages) == (("ear", "knee"), (), (), 3)
    embedded: list[int] = []
    second = await ingest(index, today=DAY, given=[folder], progress=lambda done, total: embedded.append(done))
    assert (second.added, second.updated, set(second.unchanged)) == ((), (), {"ear", "knee"})
    assert embedded == [] and not second.broken


async def test_only_what_changed_is_put_in_again(index: GuidelineIndex, folder: Path) -> None:
    await ingest(index, today=DAY, given=[folder])
    put(folder, "knee.md", written(KNEE.replace("Rest", "Cool")))
    summary = await ingest(index, today=DAY, given=[folder])
    assert (summary.updated, summary.unchanged, summary.waiting) == (("knee",), ("ear",), ("ear", "knee"))
    await approve_all(index)
    assert "Cool" in (await index.search("cool the knee", []))[0].text


async def test_what_has_gone_from_its_folder_is_dropped(index: GuidelineIndex, folder: Path) -> None:
    await ingest(index, today=DAY, given=[folder])
    (folder / "head" / "ear.md").unlink()
    assert (await ingest(index, today=DAY, given=[folder])).removed == ("ear",)
    assert await names(index) == {"knee"}


async def test_another_folder_or_a_single_file_drops_nothing(
    index: GuidelineIndex, folder: Path, tmp_path: Path
) -> None:
    await ingest(index, today=DAY, given=[folder])
    put(tmp_path / "other", "toe.md", written(KNEE, "Toe pain"))
    assert (await ingest(index, today=DAY, given=[tmp_path / "other"])).removed == ()
    assert (await ingest(index, today=DAY, given=[folder / "knee.md"])).removed == ()
    assert await names(index) == {"ear", "knee", "toe"}


async def test_option_only_drops_every_other_document(index: GuidelineIndex, folder: Path) -> None:
    await ingest(index, today=DAY, given=[folder])
    assert (await ingest(index, today=DAY, given=[folder / "knee.md"], only=True)).removed == ("ear",)
    assert await names(index) == {"knee"}


async def test_a_document_that_broke_stays_as_it_was(index: GuidelineIndex, folder: Path) -> None:
    await ingest(index, today=DAY, given=[folder])
    await approve_all(index)
    put(folder, "knee.md", "no front matter")
    summary = await ingest(index, today=DAY, given=[folder], only=True)
    assert summary.broken and summary.removed == () and summary.unchanged == ("ear",)
    assert [skipped.reason for skipped in summary.skipped] == [f"{folder / 'knee.md'}:1: {NO_FRONT}"]
    assert (await index.search("hot swollen knee", []))[0].id == "knee#red-flags"


async def test_other_kinds_of_file_are_named_with_a_reason(index: GuidelineIndex, folder: Path) -> None:
    put(folder, "leaflet.odt", "text")
    put(folder, "LICENCE", "text")
    put(folder, ".hidden.md", "not looked at")
    put(folder / ".git", "config.md", "not looked at")
    summary = await ingest(index, today=DAY, given=[folder])
    assert {Path(skipped.file).name: skipped.reason.split(";")[0] for skipped in summary.skipped} == {
        "leaflet.odt": ".odt is not read",
        "LICENCE": "this kind is not read",
    }
    assert not summary.broken


async def test_two_files_of_one_name_are_told_apart(index: GuidelineIndex, folder: Path) -> None:
    put(folder / "twin", "knee.md", written(EAR))
    summary = await ingest(index, today=DAY, given=[folder])
    assert summary.broken and summary.added == ("ear", "knee")
    assert "another file has the same name" in summary.skipped[0].reason


async def test_a_file_given_twice_is_read_once(folder: Path) -> None:
    assert [entry.document for entry in load(files([folder, folder / "knee.md", folder])).entries] == ["ear", "knee"]


async def test_a_misspelt_protocol_is_caught_where_the_known_ones_are_given(
    index: GuidelineIndex, folder: Path
) -> None:
    summary = await ingest(index, today=DAY, given=[folder], protocols=["knee"])
    assert summary.added == ("knee",)
    assert "protocols: ear is not one of general, knee" in summary.skipped[0].reason


async def test_headings_without_text_are_no_guideline(index: GuidelineIndex, folder: Path) -> None:
    put(folder, "empty.md", written("## Care\n\n## More\n"))
    assert "has headings but no text" in (await ingest(index, today=DAY, given=[folder])).skipped[0].reason


async def test_paths_without_a_guideline_are_said(index: GuidelineIndex, tmp_path: Path) -> None:
    with pytest.raises(NothingToIngest, match=r"No guideline in .*\n.* is a folder without a file"):
        await ingest(index, today=DAY, given=[tmp_path])
    put(tmp_path, "leaflet.odt", "text")
    with pytest.raises(NothingToIngest, match=r"leaflet\.odt: \.odt is not read; save it as Markdown"):
        await ingest(index, today=DAY, given=[tmp_path / "leaflet.odt"])
    with pytest.raises(NothingToIngest, match="none does not exist"):
        await ingest(index, today=DAY, given=[tmp_path / "none"])


async def test_a_folder_that_lost_all_its_guidelines_is_not_emptied_by_mistake(
    index: GuidelineIndex, folder: Path
) -> None:
    await ingest(index, today=DAY, given=[folder])
    (folder / "knee.md").unlink()
    (folder / "head" / "ear.md").unlink()
    with pytest.raises(NothingToIngest):
        await ingest(index, today=DAY, given=[folder])
    assert await names(index) == {"ear", "knee"}


async def test_a_text_that_was_decided_on_stays_decided_when_its_file_comes_again(
    index: GuidelineIndex, folder: Path
) -> None:
    await ingest(index, today=DAY, given=[folder])
    await approve_all(index)
    put(folder, "knee.md", written(KNEE.replace("Rest", "Cool")))
    assert (await ingest(index, today=DAY, given=[folder])).waiting == ("knee",)
    put(folder, "knee.md", written(KNEE))
    assert (await ingest(index, today=DAY, given=[folder])).waiting == ()
    assert [each.approval.state for each in await index.documents()] == [State.APPROVED, State.APPROVED]
    assert await index.count() == 3


async def test_what_a_file_does_not_say_is_said_beside_it_or_by_hand(index: GuidelineIndex, folder: Path) -> None:
    put(folder, "page.html", "<h1>Ankle pain</h1><h2>Care</h2><p>Rest the ankle.</p>")
    put(folder, "page.html.yaml", "source: Our clinic\nprotocols: [ankle]\n")
    put(folder, "guidelines.yaml", "review_date: 2026-03-01\npublisher: The clinic\nprotocols: [knee]\n")
    summary = await ingest(index, given=[folder], today=DAY, told={"edition": "third"})
    assert summary.added == ("ear", "knee", "page") and summary.skipped == ()
    held = {each.document: each.chunk for each in await index.documents()}
    page, ear = held["page"], held["ear"]
    assert (page.title, page.source, page.review_date) == ("Ankle pain", "Our clinic", "2026-03-01")
    assert (page.protocols, page.publisher, page.edition) == (("ankle",), "The clinic", "third")
    assert (ear.protocols, ear.publisher, ear.review_date) == (("ear",), "The clinic", "2026-01-31")


async def test_a_leaflet_that_says_no_source_is_skipped_with_where_to_say_it(
    index: GuidelineIndex, folder: Path
) -> None:
    put(folder, "page.html", "<h1>Ankle pain</h1><p>Rest.</p>")
    (skipped,) = (await ingest(index, today=DAY, given=[folder])).skipped
    assert "does not say its source, review_date: say it in a file page.html.yaml beside it" in skipped.reason


async def test_an_ingest_that_was_stopped_goes_on_from_there(
    index: GuidelineIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.ingest.AT_A_TIME", 4)
    for number in range(10):
        put(tmp_path / "clinic", f"knee-{number}.md", written(KNEE, f"Knee {number}"))

    class Stopped(Exception):
        """As if by a key."""

    def stop(done: int, total: int) -> None:
        if done > total / 2:
            raise Stopped

    with pytest.raises(Stopped):
        await ingest(index, today=DAY, given=[tmp_path], progress=stop)
    before = await index.count()
    assert 0 < before < 20
    said: list[tuple[int, int]] = []
    await ingest(index, today=DAY, given=[tmp_path], progress=lambda done, total: said.append((done, total)))
    assert said[-1] == (20 - before, 20 - before) and await index.count() == 20
