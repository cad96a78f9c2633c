from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunking import LONGEST_WORDS, Chunk, chunks_of, digest
from tests.knowledge.samples import EAR, KNEE, document

TABLE = "| Sign | How soon |\n|---|---|\n| Fever | now |\n| Limp | this week |\n"


def chunked(body: str) -> tuple[Chunk, ...]:
    return chunks_of(document("knee", body))


def test_a_chunk_is_a_section_with_its_title_headings_and_source() -> None:
    first, second = chunked(KNEE)
    assert (first.id, first.heading, first.text) == ("knee#red-flags", "Red flags", "A hot swollen knee with fever.")
    assert (first.title, first.source, first.review_date) == ("Knee pain", "Public guidance, Section 1", "2026-01-31")
    assert first.searchable == "Knee pain\nRed flags\nA hot swollen knee with fever."
    assert second.id == "knee#care"


def test_headings_below_headings_are_a_path() -> None:
    chunks = chunked("## Adults\n\n### Red flags\n\nFever.\n\n## Children\n\n### Red flags\n\nLimp.\n")
    assert [chunk.heading for chunk in chunks] == ["Adults > Red flags", "Children > Red flags"]
    assert [chunk.id for chunk in chunks] == ["knee#adults-red-flags", "knee#children-red-flags"]


def test_a_heading_that_repeats_the_title_is_left_out() -> None:
    assert [chunk.heading for chunk in chunked("# Knee pain\n\nIntro.\n\n## Care\n\nRest.\n")] == ["Knee pain", "Care"]


def test_text_before_the_first_heading_is_a_chunk() -> None:
    assert [chunk.id for chunk in chunked("Intro.\n\n## Care\n\nRest.\n")] == ["knee#start", "knee#care"]


def test_underlined_and_formatted_headings_are_headings() -> None:
    chunks = chunked("Care *at* `home`\n------\n\nRest.\n")
    assert [(chunk.heading, chunk.text) for chunk in chunks] == [("Care at home", "Rest.")]


def test_what_looks_like_a_heading_in_code_or_a_quotation_is_text() -> None:
    (chunk,) = chunked("## Care\n\n```\n## not a heading\n```\n\n> ## nor this\n")
    assert "## not a heading" in chunk.text and "## nor this" in chunk.text


def test_a_table_is_never_cut() -> None:
    long = "".join(f"| sign {number} | {'word ' * 20}|\n" for number in range(30))
    words = "word " * LONGEST_WORDS
    chunks = chunked(f"## Care\n\n{words}\n\n| Sign | How soon |\n|---|---|\n{long}\n{words}\n")
    assert [chunk.id for chunk in chunks] == ["knee#care", "knee#care-2", "knee#care-3"]
    assert chunks[1].text.startswith("| Sign |") and chunks[1].text.count("\n") == 31


def test_a_long_list_is_cut_between_its_items() -> None:
    items = [f"- item {number} " + "word " * 50 + "\n  - inner\n" for number in range(8)]
    chunks = chunked("## Care\n\n" + "".join(items))
    assert len(chunks) > 1
    assert all(chunk.text.startswith("- item") and len(chunk.text.split()) <= LONGEST_WORDS for chunk in chunks)


def test_a_short_table_stays_with_its_paragraph() -> None:
    (chunk,) = chunked(f"## Care\n\nRest.\n\n{TABLE}")
    assert chunk.text == f"Rest.\n\n{TABLE}".rstrip()


def test_ids_stay_free_of_each_other() -> None:
    ids = [chunk.id for chunk in chunked("## Care\n\na\n\n## Care\n\nb\n\n## Care 2\n\nc\n\n## ???\n\nd\n")]
    assert ids == ["knee#care", "knee#care-2", "knee#care-2-2", "knee#section"]


def test_the_digest_changes_with_whatever_is_shown_cited_or_searched() -> None:
    base = chunked(KNEE)
    assert digest(base) == digest(chunked(KNEE))
    changed = [
        chunked(KNEE.replace("hot", "warm")),
        chunked(KNEE.replace("Care", "Comfort")),
        chunks_of(document("knee", KNEE, title="Knees")),
        chunks_of(document("knee", KNEE, protocols="leg")),
        chunked(EAR),
    ]
    assert len({digest(base), *map(digest, changed)}) == len(changed) + 1


def test_a_passage_keeps_what_a_nurse_needs_to_check_it() -> None:
    passage = chunked(KNEE)[0].passage(0.71239)
    assert (passage.id, passage.score, passage.review_date) == ("knee#red-flags", 0.7124, "2026-01-31")
    assert (passage.title, passage.heading, passage.source) == ("Knee pain", "Red flags", "Public guidance, Section 1")


# Properties over generated documents. Every line of text holds a number of its own, so that it can be followed.

BLOCKS = {
    "paragraph": "line {0} of text\nmore of {0}",
    "list": "- item {0}\n- second {0}\n\n  inner paragraph {0}",
    "numbered": "1. step {0}\n2. next {0}",
    "table": "| sign {0} | when |\n|---|---|\n| row {0} | now |",
    "code": "```\ncode {0}\n\n# still code {0}\n```",
    "quotation": "> quoted {0}\n> ## quoted heading {0}",
    "html": "<div>\nhtml {0}\n</div>",
    "reference": "[link{0}]: https://example.org/{0}",
    "long": "long {0} " + "word " * 150,
    "rule": "***",
}
HEADINGS = st.tuples(st.integers(1, 4), st.sampled_from(["Care", "Red flags", "???", "Knee pain", "Ça va?"]))
PIECES = st.lists(st.one_of(st.sampled_from(sorted(BLOCKS)), HEADINGS), min_size=1, max_size=15)


def built(pieces: list[str | tuple[int, str]]) -> str:
    blocks = (
        BLOCKS[piece].format(number) if isinstance(piece, str) else f"{'#' * piece[0]} {piece[1]}"
        for number, piece in enumerate(pieces)
    )
    return "\n\n".join(blocks) + "\n"


def text_lines(pieces: list[str | tuple[int, str]]) -> Iterator[str]:
    for number, piece in enumerate(pieces):
        if isinstance(piece, str):
            yield from (line.rstrip() for line in BLOCKS[piece].format(number).split("\n") if line.strip())


@given(PIECES)
def test_nothing_is_lost_doubled_or_moved(pieces: list[str | tuple[int, str]]) -> None:
    lines = list(text_lines(pieces))
    if lines:
        chunks = chunked(built(pieces))
        found = [line.rstrip() for chunk in chunks for line in chunk.text.split("\n") if line.strip()]
        assert found == lines


@given(PIECES)
def test_ids_are_unique_and_a_later_section_changes_none_of_them(pieces: list[str | tuple[int, str]]) -> None:
    body = built([*pieces, "paragraph"])
    ids = [chunk.id for chunk in chunked(body)]
    assert len(set(ids)) == len(ids)
    assert [chunk.id for chunk in chunked(body + "\n# Later\n\nText.\n")] == [*ids, ids[-1].split("#")[0] + "#later"]


@given(st.text(min_size=1).filter(lambda text: text.strip() != ""))
def test_any_text_is_cut_without_a_fault_and_nothing_is_made_up(text: str) -> None:
    made = document("knee", "x\n\n" + text)
    chunks = chunks_of(made)
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    body = made.body.split("\n")
    for chunk in chunks:
        assert all(line in body for line in chunk.text.split("\n"))


@pytest.mark.parametrize("body", ["## Care", "## Care\n\n## More"])
def test_a_heading_over_nothing_is_no_chunk(body: str) -> None:
    assert chunked(body) == ()
