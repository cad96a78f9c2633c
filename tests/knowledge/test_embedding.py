import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.embedding import STEP, Encoder, HashingEncoder, OnnxEncoder, Vectors, embedded, encoder_at
from knowledge.errors import KnowledgeUnavailable


def cosine(encoder: Encoder, one: str, other: str) -> float:
    first, second = encoder.encode([one, other])
    return float(first @ second)


def test_the_sentence_encoder_knows_meaning_where_no_word_is_shared(sentence_encoder: OnnxEncoder) -> None:
    near = cosine(sentence_encoder, "it burns when I pee", "urinary tract infection")
    far = cosine(sentence_encoder, "it burns when I pee", "opening hours of the library")
    assert near > sentence_encoder.floor > far


def test_sentence_vectors_have_length_one_and_never_depend_on_their_neighbours(sentence_encoder: OnnxEncoder) -> None:
    alone = sentence_encoder.encode(["sore throat"])
    together = sentence_encoder.encode(["sore throat", "a much longer text about a knee " * 60])
    assert together.shape == (2, sentence_encoder.size)
    assert np.array_equal(alone[0], together[0])
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert sentence_encoder.encode([]).shape == (0, sentence_encoder.size)


def test_a_text_without_words_still_has_a_vector(sentence_encoder: OnnxEncoder) -> None:
    assert np.isfinite(sentence_encoder.encode(["", "  ", "🤒"])).all()


def test_threads_share_one_loaded_encoder(encoder_files: tuple[Path, Path]) -> None:
    fresh = OnnxEncoder(*encoder_files)
    found: list[Vectors] = []
    threads = [threading.Thread(target=lambda: found.append(fresh.encode(["cough"]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.array_equal(found[0], other) for other in found)


def test_a_missing_or_broken_file_is_said_at_first_use(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeUnavailable, match="cannot be loaded from"):
        OnnxEncoder(tmp_path / "none.onnx", tmp_path / "none.json").encode(["sore throat"])
    broken = tmp_path / "model.onnx"
    broken.write_bytes(b"no model")
    with pytest.raises(KnowledgeUnavailable) as caught:
        OnnxEncoder(broken, broken).encode(["sore throat"])
    assert "sore throat" not in f"{caught.value} {caught.value.__cause__}"


def test_importing_the_encoder_does_not_load_the_runtime() -> None:
    code = "import knowledge.embedding, sys; sys.exit('onnxruntime' in sys.modules or 'tokenizers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_hashed_words_share_stems_and_leave_out_stop_words(words: HashingEncoder) -> None:
    assert cosine(words, "swollen knees", "a swelling of the knee") > words.floor
    assert cosine(words, "how do I do that", "how do I do this") == 0


@given(st.lists(st.text(), max_size=5))
def test_hashed_words_have_length_one_or_none_at_all(texts: list[str]) -> None:
    encoder = HashingEncoder()
    vectors = encoder.encode(texts)
    assert vectors.shape == (len(texts), encoder.size)
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-5) | (lengths == 0))
    assert np.array_equal(vectors, encoder.encode(texts))


def test_without_both_files_words_are_hashed(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.touch()
    assert isinstance(encoder_at(there, there), OnnxEncoder)
    for model, tokenizer in [(None, None), (there, None), (None, there), (there, tmp_path / "gone")]:
        assert isinstance(encoder_at(model, tokenizer), HashingEncoder)


def test_embedding_many_says_how_far_it_has_come(words: HashingEncoder) -> None:
    said: list[tuple[int, int]] = []
    texts = [f"text {number}" for number in range(STEP * 2 + 1)]
    vectors = embedded(words, texts, lambda done, total: said.append((done, total)))
    assert said == [(STEP, len(texts)), (STEP * 2, len(texts)), (len(texts), len(texts))]
    assert np.array_equal(vectors, words.encode(texts))
    assert embedded(words, []).shape == (0, words.size)


def test_both_are_encoders(words: HashingEncoder) -> None:
    encoders: Sequence[Encoder] = [words, OnnxEncoder(Path("model.onnx"), Path("tokenizer.json"))]
    assert len({encoder.name for encoder in encoders}) == 2
