"""Which danger a message may mean although no phrase says so. Knows nothing about rules or what follows.

A classifier with one hidden layer on top of the sentence encoder. It gives a chance for each dangerous finding and one
for no danger. `training/paraphrases.py` trains it on the clinical content's own examples and on paraphrases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import anyio
import numpy as np

from knowledge.embedding import Encoder, Vectors

FILE = Path(__file__).with_name("paraphrases.npz")

LAYERS = ("hidden", "hidden_bias", "weights", "bias")

LEAST = 0.3
"""Below this chance of danger, no finding is named."""


@dataclass(frozen=True)
class Head:
    """`weights` has a row for each of `names` and, last, for no danger; its columns are the rows of `hidden`."""

    encoder: str
    names: tuple[str, ...]
    hidden: Vectors
    hidden_bias: Vectors
    weights: Vectors
    bias: Vectors

    def chances(self, vectors: Vectors) -> Vectors:
        """One row a sentence, one column a name and, last, no danger; each row sums to 1."""
        heard = np.maximum(vectors @ self.hidden.T + self.hidden_bias, 0)
        scores = heard @ self.weights.T + self.bias
        scores -= scores.max(axis=1, keepdims=True)
        powers = np.exp(scores)
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)

    def suspects(self, sentences: Vectors, whole: Vectors) -> tuple[tuple[str, ...], float]:
        """The danger that the most suspicious sentence most likely means, and the chance that the message means any.

        The chance is the mean of that sentence's and the whole message's: in a long story about an old problem some
        sentence will sound like danger although the whole does not.
        """
        if not len(sentences):
            return (), 0.0
        chances = self.chances(sentences)
        worst = chances[int(np.argmin(chances[:, -1]))]
        chance = round(1 - float(worst[-1] + self.chances(whole)[0, -1]) / 2, 3)
        return ((self.names[int(np.argmax(worst[:-1]))],), chance) if chance >= LEAST else ((), chance)

    def save(self, path: Path) -> None:
        np.savez_compressed(
            path,
            encoder=np.array(self.encoder),
            names=np.array(self.names),
            **{layer: getattr(self, layer).astype(np.float16) for layer in LAYERS},
        )


def load_head(path: Path = FILE) -> Head:
    with np.load(path, allow_pickle=False) as kept:
        return Head(
            encoder=str(kept["encoder"]),
            names=tuple(str(name) for name in kept["names"]),
            **{layer: kept[layer].astype(np.float32) for layer in LAYERS},
        )


class Paraphrases:
    """Implements `dialogue.ports.Paraphrases` with an encoder and the classifier. Encoding runs in a thread."""

    def __init__(self, encoder: Encoder, head: Head) -> None:
        if encoder.name != head.encoder:
            raise ValueError(f"the head was made for the encoder {head.encoder!r}, not for {encoder.name!r}")
        self.encoder = encoder
        self.head = head

    def suspected(self, sentences: Sequence[str]) -> tuple[tuple[str, ...], float]:
        if not sentences:
            return (), 0.0
        vectors = self.encoder.encode([*sentences, " ".join(sentences)] if len(sentences) > 1 else sentences)
        return self.head.suspects(vectors[: len(sentences)], vectors[-1:])

    async def suspects(self, sentences: Sequence[str]) -> tuple[tuple[str, ...], float]:
        return await anyio.to_thread.run_sync(partial(self.suspected, sentences))
