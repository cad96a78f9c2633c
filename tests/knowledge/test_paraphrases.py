"""Likeness: the shipped head knows existing findings only, suspects the dangers it was trained on, and no small
talk."""

from pathlib import Path

import numpy as np
import pytest

from app.assets import Assets
from dialogue.likeness import ASKED_ELSE
from knowledge.embedding import HashingEncoder, OnnxEncoder
from knowledge.paraphrases import Head, Paraphrases, load_head
from policies.loading import default_ruleset

pytestmark = pytest.mark.anyio

HEAD = Head(
    encoder="any",
    names=("choking", "seizure"),
    hidden=np.eye(3, dtype=np.float32),
    hidden_bias=np.zeros(3, np.float32),
    weights=np.array([[9, 0, 0], [0, 9, 0], [0, 0, 9]], np.float32),
    bias=np.zeros(3, np.float32),
)


def vector(*values: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.array([values], np.float32)


def test_the_likeliest_danger_of_the_most_suspicious_sentence_is_meant() -> None:
    names, chance = HEAD.suspects(vector(0, 1, 0), vector(0, 1, 0))
    assert names == ("seizure",)
    assert chance == pytest.approx(1, abs=0.01)
    names, _ = HEAD.suspects(np.concatenate([vector(0, 0, 1), vector(1, 0, 0)]), vector(1, 0, 0.5))
    assert names == ("choking",)


def test_the_chance_is_the_mean_of_the_worst_sentence_and_the_whole_message() -> None:
    _, alone = HEAD.suspects(vector(1, 0, 0), vector(1, 0, 0))
    _, among_others = HEAD.suspects(vector(1, 0, 0), vector(0, 0, 1))
    assert among_others == pytest.approx(alone / 2, abs=0.01)


def test_harmless_messages_suspect_nothing() -> None:
    assert HEAD.suspects(vector(0, 0, 1), vector(0, 0, 1))[0] == ()
    assert HEAD.suspects(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.float32)) == ((), 0.0)


def test_chances_sum_to_one() -> None:
    assert HEAD.chances(vector(0.3, 0.1, 0.9)).sum() == pytest.approx(1)


def test_a_saved_head_is_loaded_unchanged(tmp_path: Path) -> None:
    HEAD.save(tmp_path / "head.npz")
    kept = load_head(tmp_path / "head.npz")
    assert (kept.encoder, kept.names) == (HEAD.encoder, HEAD.names)
    assert np.array_equal(kept.weights, HEAD.weights)


def test_the_shipped_head_speaks_of_findings_that_exist() -> None:
    assert set(load_head().names) <= default_ruleset().findings.keys()


def test_another_encoder_is_refused() -> None:
    with pytest.raises(ValueError, match="not for 'hashed-words'"):
        Paraphrases(HashingEncoder(), load_head())


@pytest.mark.needs_model
async def test_likeness_finds_what_no_phrase_says_and_lets_small_talk_be(assets: Assets) -> None:
    likeness = Paraphrases(OnnxEncoder(assets.encoder, assets.tokenizer), load_head())
    names, chance = await likeness.suspects(["my father suddenly went limp and wont come round"])
    assert names
    assert chance > ASKED_ELSE
    assert (await likeness.suspects(["can i book my flu jab for next tuesday please"]))[0] == ()
    assert await likeness.suspects([]) == ((), 0.0)
