"""An encoder that keeps the vectors of texts it has seen in a file. Knows nothing about the texts.

For measuring repeatedly on a large corpus. Each vector is stored under the encoder's name and the text's SHA-256.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge.embedding import Encoder, Vectors


class CachingEncoder:
    """An Encoder in front of another one. For one thread at a time."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        """Raises KnowledgeUnavailable if the encoder is a server that does not answer."""
        folder.mkdir(parents=True, exist_ok=True)
        self.name, self.size, self.floor = encoder.name, encoder.size, encoder.floor
        self._encoder = encoder
        self._file = sqlite3.connect(folder / "vectors.sqlite", check_same_thread=False)
        self._file.execute("create table if not exists vectors (key blob primary key, vector blob) without rowid")

    def encode(self, texts: Sequence[str]) -> Vectors:
        keys = [self._key(text) for text in texts]
        known = {key: vector for key in keys if (vector := self._recalled(key)) is not None}
        fresh = [index for index, key in enumerate(keys) if key not in known]
        for index, vector in zip(fresh, self._encoder.encode([texts[index] for index in fresh]), strict=True):
            known[keys[index]] = vector
            self._file.execute("insert or replace into vectors values (?, ?)", (keys[index], vector.tobytes()))
        self._file.commit()
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, self.size), np.float32)

    def close(self) -> None:
        self._file.close()

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.name}\0{text}".encode()).digest()

    def _recalled(self, key: bytes) -> Vectors | None:
        row = self._file.execute("select vector from vectors where key = ?", (key,)).fetchone()
        return np.frombuffer(row[0], np.float32) if row else None
