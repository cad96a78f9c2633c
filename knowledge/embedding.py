"""Text → vectors of length 1, by a sentence encoder or, without its file, by hashed words. Knows nothing of indexes."""

import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge import lexical
from knowledge.errors import KnowledgeUnavailable

Vectors = NDArray[np.float32]
"""One row a text."""

Progress = Callable[[int, int], None]
"""Called with how many passages are embedded, of how many; from a worker thread."""

STEP = 8


class Encoder(Protocol):
    """`name` differs for encoders with different vectors. A query whose best cosine is below `floor` has no answer."""

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def floor(self) -> float: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Blocks for milliseconds a text: call it in a thread."""


class OnnxEncoder:
    """A BERT-like sentence encoder in an ONNX file, mean-pooled. The file is loaded at first use.

    Its floor was chosen by `previsit evaluate retrieval`.
    """

    name = "all-minilm-l6-v2"
    size = 384
    floor = 0.34

    longest_tokens = 256

    def __init__(self, model: Path, tokenizer: Path) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._loading = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        session, tokenizer = self._loaded()
        rows = [self._one(session, tokenizer, text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.size), np.float32)

    def _one(self, session: Any, tokenizer: Any, text: str) -> Vectors:
        """One text at a time, without padding, so that a text's vector never depends on the others."""
        ids = np.array([tokenizer.encode(text).ids], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        pooled = np.asarray(session.run(None, feed)[0], np.float32)[0].mean(axis=0)
        return _of_length_one(pooled)

    def _loaded(self) -> tuple[Any, Any]:
        with self._loading:
            return self._parts

    @cached_property
    def _parts(self) -> tuple[Any, Any]:
        import onnxruntime  # slow to import, and many commands never need it
        import tokenizers

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # beside a busy server two are slower
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(self._model, options, providers=["CPUExecutionProvider"])
            tokenizer = tokenizers.Tokenizer.from_file(str(self._tokenizer))
        except Exception as error:  # both libraries raise classes of their own for a missing or broken file
            raise KnowledgeUnavailable(
                f"The sentence encoder cannot be loaded from {self._model} and {self._tokenizer}. "
                "Remove both files and start previsit again to fetch them anew."
            ) from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(self.longest_tokens)
        return session, tokenizer


class HashingEncoder:
    """Hashes stemmed words: finds passages that share words with the query, whatever they mean.

    For a machine without the encoder's files, and for tests. The same text has the same vector everywhere.
    """

    name = "hashed-words"
    size = 1024
    floor = 0.12

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = [self._one(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.size), np.float32)

    def _one(self, text: str) -> Vectors:
        words = lexical.of_passage(text)
        counts = np.zeros(self.size, np.float32)
        np.add.at(counts, np.array(words.indices, np.int64) % self.size, words.values)
        return _of_length_one(counts)


def encoder_at(model: Path | None, tokenizer: Path | None) -> Encoder:
    """The sentence encoder if both files are there; else hashed words, so that guidelines are still found."""
    if model and tokenizer and model.is_file() and tokenizer.is_file():
        return OnnxEncoder(model, tokenizer)
    return HashingEncoder()


def embedded(encoder: Encoder, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
    """The vectors of all texts; calls `progress` after every few."""
    parts = [np.zeros((0, encoder.size), np.float32)]
    for start in range(0, len(texts), STEP):
        parts.append(encoder.encode(texts[start : start + STEP]))
        if progress:
            progress(min(start + STEP, len(texts)), len(texts))
    return np.concatenate(parts)


def _of_length_one(vector: Vectors) -> Vectors:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
