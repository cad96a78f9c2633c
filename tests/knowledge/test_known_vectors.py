"""The vectors that come with previsit are the encoder's own, and there is one for every starter passage."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import Encoder, HashingEncoder, OnnxEncoder, Vectors
from knowledge.known_vectors import PrecomputedEncoder, keep
from knowledge.starter import starter_guidelines

PASSAGES = [chunk.searchable for entry in starter_guidelines().entries for chunk in entry.chunks]
MAKE_ANEW = "run `python -m training.known_vectors` with the two files of the encoder"


class Counting(HashingEncoder):
    """Tells which texts it had to embed itself."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().encode(texts)


def test_every_starter_passage_has_its_vector(sentence_encoder: OnnxEncoder) -> None:
    knowing = PrecomputedEncoder(sentence_encoder)
    assert not [text[:60] for text in PASSAGES if not knowing.knows(text)], MAKE_ANEW


def test_a_known_vector_is_the_encoders_own(sentence_encoder: OnnxEncoder) -> None:
    some = PASSAGES[:: len(PASSAGES) // 8]
    own, known = sentence_encoder.encode(some), PrecomputedEncoder(sentence_encoder).encode(some)
    assert np.sum(own * known, axis=1) == pytest.approx(1.0, abs=1e-4), MAKE_ANEW


def test_only_what_is_unknown_is_embedded_and_the_order_stays(tmp_path: Path) -> None:
    counting = Counting()
    keep(counting, ["sore throat", "ear pain"], tmp_path / "known.npz")
    counting.asked.clear()
    knowing = PrecomputedEncoder(counting, tmp_path / "known.npz")
    texts = ["ear pain", "hot knee", "sore throat", "stiff neck"]
    got = knowing.encode(texts)
    assert counting.asked == ["hot knee", "stiff neck"]
    assert got == pytest.approx(HashingEncoder().encode(texts), abs=1e-3)


def test_vectors_of_another_encoder_and_a_missing_file_are_not_used(tmp_path: Path) -> None:
    class Other(HashingEncoder):
        name = "other"

    keep(Other(), ["sore throat"], tmp_path / "known.npz")
    encoder: Encoder = HashingEncoder()
    for file in (tmp_path / "known.npz", tmp_path / "none.npz"):
        assert not PrecomputedEncoder(encoder, file).knows("sore throat")
    assert PrecomputedEncoder(encoder).encode([]).shape == (0, encoder.size)
