from pathlib import Path

import pytest

from knowledge import edge_shard
from knowledge.embedding import HashingEncoder
from knowledge.errors import KnowledgeBusy, KnowledgeUnavailable
from knowledge.index import CANDIDATES, Row, Scope, payloads
from tests.knowledge.samples import KNEE, entry, three


def rows(words: HashingEncoder, count: int = 1) -> list[Row]:
    kept = [each for number in range(count) for each in payloads(entry(f"knee-{number}", KNEE))]
    return [Row(words.encode([each["chunk"]["text"]])[0].tolist(), each) for each in kept]


def test_what_is_written_is_read_in_full(tmp_path: Path, words: HashingEncoder) -> None:
    many = rows(words, edge_shard.BATCH // 2 + 5)
    edge_shard.write(tmp_path / "shard", words.size, many)
    shard = edge_shard.load(tmp_path / "shard")
    found = edge_shard.rows(shard)
    assert edge_shard.count(shard) == len(many) == len(found)
    assert {row.payload["chunk"]["id"] for row in found} == {row.payload["chunk"]["id"] for row in many}
    assert all(row.vector for row in found)


def test_an_empty_shard_answers_with_nothing(tmp_path: Path, words: HashingEncoder) -> None:
    edge_shard.write(tmp_path / "shard", words.size, [])
    shard = edge_shard.load(tmp_path / "shard")
    assert (
        edge_shard.nearest(
            shard,
            "knee",
            words.encode(["knee"])[0],
            Scope(),
        )
        == []
    )


def test_words_count_where_vectors_tell_nothing_apart(tmp_path: Path, words: HashingEncoder) -> None:
    same = words.encode(["pain"])[0].tolist()
    written = [Row(same, each) for every in three() for each in payloads(every)]
    edge_shard.write(tmp_path / "shard", words.size, written)
    shard = edge_shard.load(tmp_path / "shard")
    found = edge_shard.nearest(shard, "physician on duty", words.encode(["pain"])[0], Scope())
    assert found[0].payload["document"] == "duty"


def test_candidates_are_bounded(tmp_path: Path, words: HashingEncoder) -> None:
    edge_shard.write(tmp_path / "shard", words.size, rows(words, CANDIDATES * 2))
    shard = edge_shard.load(tmp_path / "shard")
    assert len(edge_shard.nearest(shard, "knee", words.encode(["knee"])[0], Scope(("knee",)))) == CANDIDATES


@pytest.mark.parametrize(("most", "made"), [(1_000, False), (10, True)])
def test_a_graph_of_neighbours_is_made_only_where_comparing_one_by_one_takes_long(
    tmp_path: Path, words: HashingEncoder, monkeypatch: pytest.MonkeyPatch, most: int, made: bool
) -> None:
    monkeypatch.setattr(edge_shard, "EXACT_UP_TO", most)
    edge_shard.write(tmp_path / "shard", words.size, rows(words, 100))
    assert any(tmp_path.glob("shard/segments/*/vector_index-dense/graph.bin")) is made


def test_a_panic_of_the_engine_is_an_error_of_ours(
    tmp_path: Path, words: HashingEncoder, capfd: pytest.CaptureFixture[str]
) -> None:
    edge_shard.write(tmp_path / "shard", words.size, rows(words))
    for status in (tmp_path / "shard").glob("segments/*/vector_storage-dense/vectors/status.dat"):
        status.write_bytes(b"")
    with pytest.raises(KnowledgeUnavailable) as caught:
        edge_shard.load(tmp_path / "shard")
    assert not isinstance(caught.value.__cause__, Exception)


def test_our_own_errors_and_interrupts_pass_through() -> None:
    for error in (KnowledgeBusy("busy"), KeyboardInterrupt(), SystemExit()):
        with pytest.raises(type(error)), edge_shard.engine_errors():
            raise error
