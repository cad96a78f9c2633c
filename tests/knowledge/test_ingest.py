from pathlib import Path

import pytest

from knowledge.embedding import HashingEncoder
from knowledge.errors import NothingToIngest
from knowledge.index import GuidelineIndex
from knowledge.ingest import ingest, load
from knowledge.memory_index import MemoryIndex
from tests.knowledge.samples import EAR, KNEE, put, written

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
    first = await ingest(index, [folder])
    assert (first.added, first.updated, first.removed, first.passages) == (("ear", "knee"), (), (), 3)
    embedded: list[int] = []
    second = await ingest(index, [folder], progress=lambda done, total: embedded.append(done))
    assert (second.added, second.updated, set(second.unchanged)) == ((), (), {"ear", "knee"})
    assert embedded == [] and not second.broken


async def test_only_what_changed_is_put_in_again(index: GuidelineIndex, folder: Path) -> None:
    await ingest(index, [folder])
    put(folder, "knee.md", written(KNEE.replace("Rest", "Cool")))
    summary = await ingest(index, [folder])
    assert (summary.updated, summary.unchanged) == (("knee",), ("ear",))
    assert "Cool" in (await index.search("cool the knee", []))[0].text


async def test_what_has_gone_from_its_folder_is_dropped(index: GuidelineIndex, folder: Path) -> None:
    await ingest(index, [folder])
    (folder / "head" / "ear.md").unlink()
    assert (await ingest(index, [folder])).removed == ("ear",)
    assert set(await index.documents()) == {"knee"}


async def test_another_folder_or_a_single_file_drops_nothing(
    index: GuidelineIndex, folder: Path, tmp_path: Path
) -> None:
    await ingest(index, [folder])
    put(tmp_path / "other", "toe.md", written(KNEE, "Toe pain"))
    assert (await ingest(index, [tmp_path / "other"])).removed == ()
    assert (await ingest(index, [folder / "knee.md"])).removed == ()
    assert set(await index.documents()) == {"ear", "knee", "toe"}


async def test_only_drops_every_other_document(index: GuidelineIndex, folder: Path) -> None:
    await ingest(index, [folder])
    assert (await ingest(index, [folder / "knee.md"], only=True)).removed == ("ear",)
    assert set(await index.documents()) == {"knee"}


async def test_a_document_that_broke_stays_as_it_was(index: GuidelineIndex, folder: Path) -> None:
    await ingest(index, [folder])
    put(folder, "knee.md", "no front matter")
    summary = await ingest(index, [folder], only=True)
    assert summary.broken and summary.removed == () and summary.unchanged == ("ear",)
    assert [skipped.reason for skipped in summary.skipped] == [
        f"{folder / 'knee.md'}:1: must begin with front matter between two lines of ---"
    ]
    assert (await index.search("hot swollen knee", []))[0].id == "knee#red-flags"


async def test_other_kinds_of_file_are_named_with_a_reason(index: GuidelineIndex, folder: Path) -> None:
    put(folder, "leaflet.pdf", "%PDF")
    put(folder, "LICENCE", "text")
    put(folder, ".hidden.md", "not looked at")
    put(folder / ".git", "config.md", "not looked at")
    summary = await ingest(index, [folder])
    assert {skipped.file.name: skipped.reason for skipped in summary.skipped} == {
        "leaflet.pdf": ".pdf is not read; save it as Markdown (.md)",
        "LICENCE": "this kind is not read; save it as Markdown (.md)",
    }
    assert not summary.broken


async def test_two_files_of_one_name_are_told_apart(index: GuidelineIndex, folder: Path) -> None:
    put(folder / "twin", "knee.md", written(EAR))
    summary = await ingest(index, [folder])
    assert summary.broken and summary.added == ("ear", "knee")
    assert "another file has the same name" in summary.skipped[0].reason


async def test_a_file_given_twice_is_read_once(folder: Path) -> None:
    assert [entry.document for entry in load([folder, folder / "knee.md", folder]).entries] == ["ear", "knee"]


async def test_a_misspelt_protocol_is_caught_where_the_known_ones_are_given(
    index: GuidelineIndex, folder: Path
) -> None:
    summary = await ingest(index, [folder], protocols=["knee"])
    assert summary.added == ("knee",)
    assert "protocols: ear is not one of general, knee" in summary.skipped[0].reason


async def test_headings_without_text_are_no_guideline(index: GuidelineIndex, folder: Path) -> None:
    put(folder, "empty.md", written("## Care\n\n## More\n"))
    assert "has headings but no text" in (await ingest(index, [folder])).skipped[0].reason


async def test_paths_without_a_guideline_are_said(index: GuidelineIndex, tmp_path: Path) -> None:
    with pytest.raises(NothingToIngest, match=r"No guideline \(a Markdown file, \.md\) in "):
        await ingest(index, [tmp_path])
    put(tmp_path, "leaflet.pdf", "%PDF")
    with pytest.raises(NothingToIngest, match=r"leaflet\.pdf"):
        await ingest(index, [tmp_path / "leaflet.pdf"])
    with pytest.raises(NothingToIngest, match="none does not exist"):
        await ingest(index, [tmp_path / "none"])


async def test_a_folder_that_lost_all_its_guidelines_is_not_emptied_by_mistake(
    index: GuidelineIndex, folder: Path
) -> None:
    await ingest(index, [folder])
    (folder / "knee.md").unlink()
    (folder / "head" / "ear.md").unlink()
    with pytest.raises(NothingToIngest):
        await ingest(index, [folder])
    assert set(await index.documents()) == {"ear", "knee"}
