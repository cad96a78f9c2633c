"""An encoder with the ready-made vectors of the starter guidelines, so that a fresh machine need not compute them.

Computing them takes most of a minute. Texts that are not in the file are encoded as usual. The file is made by
`python -m training.known_vectors ENCODER TOKENIZER`. Knows nothing about documents.
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from knowledge.embedding import Encoder, Vectors

FILE = Path(__file__).with_name("known_vectors.npz")
KEY_BYTES = 16


def key_of(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:KEY_BYTES]


class PrecomputedEncoder:
    """An Encoder in front of another one of the same name. The file is loaded at first use."""

    def __init__(self, encoder: Encoder, file: Path = FILE) -> None:
        self.name, self.size, self.floor = encoder.name, encoder.size, encoder.floor
        self._encoder = encoder
        self._file = file

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = [self._known.get(key_of(text)) for text in texts]
        unknown = [text for text, row in zip(texts, rows, strict=True) if row is None]
        fresh = iter(self._encoder.encode(unknown) if unknown else ())
        found = [next(fresh) if row is None else row for row in rows]
        return np.stack(found) if found else np.zeros((0, self.size), np.float32)

    def knows(self, text: str) -> bool:
        return key_of(text) in self._known

    @cached_property
    def _known(self) -> dict[bytes, Vectors]:
        """The vectors by key; empty if the file was made with another encoder."""
        if not self._file.is_file():
            return {}
        with np.load(self._file, allow_pickle=False) as kept:
            if str(kept["encoder"]) != self.name:
                return {}
            keys, vectors = kept["keys"], kept["vectors"].astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return {bytes(key): vector for key, vector in zip(keys, vectors, strict=True)}


def keep(encoder: Encoder, texts: Iterable[str], file: Path = FILE) -> int:
    """Writes the texts' vectors, as 16-bit floats. Returns how many there are."""
    distinct = sorted({key_of(text): text for text in texts}.items())
    np.savez_compressed(
        file,
        encoder=np.array(encoder.name),
        keys=np.array([list(key) for key, _ in distinct], np.uint8),
        vectors=encoder.encode([text for _, text in distinct]).astype(np.float16),
    )
    return len(distinct)
