"""Makes the head that suspects danger in words no phrase knows, and prints what each threshold would cost.

Run as: python -m training.paraphrases --encoder MODEL --tokenizer JSON [--ordinary FILE …] [--unseen FILE …]

It is learned from the clinical content: what must fire an emergency rule, and the question, label and item of a finding
that is an emergency by itself, stand for that finding; what is an emergency only together stands for "sounds like an
emergency", everything else for no danger; and from phrasings.yaml. The curves are of what the head has not seen; from
them the chances in `dialogue/likeness.py` were chosen. `--ordinary` and `--unseen` are further messages without danger
(lines {"text"}): the first are learned from sentence by sentence, the others only measured.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from dialogue.understanding import Lexicon, legible, understand
from knowledge.embedding import OnnxEncoder, Vectors
from knowledge.paraphrases import FILE, Head
from policies.facts import Evidence, Fact, Status, counting
from policies.levels import Level
from policies.loading import load_ruleset
from policies.ruleset import RuleSet
from policies.triage import opened, triage

Rows = NDArray[np.int64]
"""For each example the row of its danger; the last row is no danger."""

PHRASINGS = Path(__file__).with_name("phrasings.yaml")

NOTHING = Evidence(turn=0, quote="")
FOLDS = 5
STEPS = 800
RATE = 5.0
DECAY = 1e-5
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


def dangers(ruleset: RuleSet) -> tuple[str, ...]:
    """The findings that are an emergency by themselves."""

    def level(name: str) -> int:
        facts = {name: Fact(finding=name, status=Status.PRESENT, evidence=NOTHING)}
        return triage(ruleset, facts, opened(ruleset, facts)).level or 0

    return tuple(sorted(name for name in ruleset.telling if level(name) == Level.EMERGENCY))


def examples(ruleset: RuleSet, names: Sequence[str], lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """(text, the danger it means or "")."""
    known = frozenset(names)
    for name in names:
        finding = ruleset.findings[name]
        for text in (finding.label, finding.item.get("en", ""), finding.ask.get("en", "")):
            if text:
                yield text.replace("{", "").replace("}", ""), name
    for rule in ruleset.rules.values():
        for text in rule.must_fire:
            facts = counting(understand(text, lexicon).facts)
            level = triage(ruleset, facts, opened(ruleset, facts)).level or 0
            meant = [name for name, fact in facts.items() if name in known and fact.status is Status.PRESENT]
            if level < Level.EMERGENCY:
                yield text, ""
            else:
                meant.extend(ruleset.interview.likeness)
                yield text, next((name for name in meant if name in rule.findings), meant[0])
        for text in rule.must_not_fire:
            facts = counting(understand(text, lexicon).facts)
            if (triage(ruleset, facts, opened(ruleset, facts)).level or 0) < Level.EMERGENCY:
                yield text, ""


def written(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The phrasings that were written for learning; those of a finding that is no danger any more are left out."""
    for name, texts in yaml.safe_load(PHRASINGS.read_text("utf-8")).items():
        if name == "nothing" or name in names:
            yield from ((text, "" if name == "nothing" else name) for text in texts)


def fit(vectors: Vectors, rows: Rows, classes: int) -> tuple[Vectors, Vectors]:
    """Multinomial logistic regression by gradient descent with momentum; all dangers together weigh as much as none."""
    harmless = rows == classes - 1
    weight = np.where(harmless, (~harmless).sum() / max(1, harmless.sum()), 1.0).astype(np.float32)
    weight /= weight.sum()
    wanted = np.eye(classes, dtype=np.float32)[rows]
    weights, bias = np.zeros((classes, vectors.shape[1]), np.float32), np.zeros(classes, np.float32)
    speed_w, speed_b = np.zeros_like(weights), np.zeros_like(bias)
    for _ in range(STEPS):
        scores = vectors @ weights.T + bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        wrong = (powers / powers.sum(axis=1, keepdims=True) - wanted) * weight[:, None]
        speed_w = 0.9 * speed_w - RATE * (wrong.T @ vectors + DECAY * weights)
        speed_b = 0.9 * speed_b - RATE * wrong.sum(axis=0)
        weights, bias = weights + speed_w, bias + speed_b
    return weights, bias


def cross_validated(vectors: Vectors, rows: Rows, head: Head) -> Vectors:
    """The chance of danger of each example, by a head that has not seen it."""
    chances = np.zeros(len(rows), np.float32)
    fold = np.random.default_rng(0).permutation(len(rows)) % FOLDS
    for number in range(FOLDS):
        seen, held = fold != number, fold == number
        weights, bias = fit(vectors[seen], rows[seen], len(head.names) + 1)
        chances[held] = 1 - Head(head.encoder, head.names, weights, bias).chances(vectors[held])[:, -1]
    return chances


def ordinary(files: Iterable[Path]) -> list[str]:
    return [json.loads(line)["text"] for path in files for line in path.read_text("utf-8").splitlines() if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--ordinary", type=Path, nargs="*", default=[])
    parser.add_argument("--unseen", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=FILE)
    given = parser.parse_args()

    ruleset = load_ruleset()
    lexicon = Lexicon.build(ruleset.findings, "en", ruleset.places)
    encoder = OnnxEncoder(given.encoder, given.tokenizer)
    names = dangers(ruleset)
    plain_talk = (part for text in ordinary(given.ordinary) for part in legible(text, lexicon))
    ours = (*examples(ruleset, names, lexicon), *written(names))
    read = ((part, name) for text, name in ours for part in legible(text, lexicon))
    told = list(dict.fromkeys([*read, *((part, "") for part in plain_talk)]))
    row_of = {name: row for row, name in enumerate(names)} | {"": len(names)}
    rows = np.array([row_of[name] for _, name in told], np.int64)
    print(f"{len(told)} examples, {int((rows < len(names)).sum())} of {len(names)} dangers; encoding ...")
    vectors = encoder.encode([text for text, _ in told])

    weights, bias = fit(vectors, rows, len(names) + 1)
    head = Head(encoder.name, names, weights, bias)
    chances = cross_validated(vectors, rows, head)
    danger = rows < len(names)
    others = [encoder.encode(legible(text, lexicon)) for text in ordinary(given.unseen)]
    worst = np.array([(1 - head.chances(rows_of)[:, -1]).max() if len(rows_of) else 0.0 for rows_of in others])

    print("threshold   dangers suspected   others suspected   further messages suspected")
    for threshold in THRESHOLDS:
        further = f"{(worst >= threshold).mean():26.1%}" if len(worst) else ""
        print(
            f"{threshold:9.2f} {(chances[danger] >= threshold).mean():19.1%} "
            f"{(chances[~danger] >= threshold).mean():18.1%} {further}"
        )
    head.save(given.out)
    print(f"wrote {given.out} ({given.out.stat().st_size / 1024:.0f} KiB)")


if __name__ == "__main__":
    main()
