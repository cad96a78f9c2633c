"""Makes the head that suspects danger in words no phrase knows, and prints what each threshold would cost.

Run as: python -m training.paraphrases --encoder MODEL --tokenizer JSON [--ordinary FILE …] [--unseen FILE …]

It is learned from the clinical content: what must fire an emergency rule, and the question, label and item of a finding
that is an emergency by itself, stand for that finding; what is an emergency only together stands for "sounds like an
emergency"; what must fire a rule of the same day is passed over, since asking it back does no harm; everything else
stands for no danger. It is learned from the phrasings beside it, too. The curves are of what the head has not seen;
from them the chances in `dialogue/likeness.py` were chosen. `--ordinary` and `--unseen` are further messages
without danger (lines {"text"}): the first are learned from, the others only measured.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
import yaml
from numpy.typing import NDArray
from torch import nn
from torch.nn.functional import cross_entropy

from dialogue.understanding import Lexicon, legible, understand
from knowledge.embedding import Encoder, OnnxEncoder, Vectors
from knowledge.paraphrases import FILE, Head, Paraphrases
from policies.facts import Evidence, Fact, Status, counting
from policies.levels import Level
from policies.loading import load_ruleset
from policies.ruleset import RuleSet
from policies.triage import opened, triage

Rows = NDArray[np.int64]
"""For each example the row of its danger; the last row is no danger."""

PHRASINGS = Path(__file__).with_name("phrasings")

NOTHING = Evidence(turn=0, quote="")
HELD = 5
HIDDEN = 1024
DROPOUT = 0.5
SOFTENED = 0.05
EPOCHS = 40
BATCH = 128
RATE = 3e-3
DECAY = 1e-4
THRESHOLDS = (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95)


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
            if level < Level.HIGH:
                yield text, ""
            elif level == Level.EMERGENCY:
                meant.extend(ruleset.interview.likeness)
                yield text, next((name for name in meant if name in rule.findings), meant[0])
        for text in rule.must_not_fire:
            facts = counting(understand(text, lexicon).facts)
            if (triage(ruleset, facts, opened(ruleset, facts)).level or 0) < Level.EMERGENCY:
                yield text, ""


def written(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The phrasings written for training; without those of findings that are no danger any more."""
    for path in sorted(PHRASINGS.glob("*.yaml")):
        for name, texts in yaml.safe_load(path.read_text("utf-8")).items():
            if name == "nothing" or name in names:
                yield from ((text, "" if name == "nothing" else name) for text in texts)


def fit(vectors: Vectors, rows: Rows, encoder: str, names: tuple[str, ...]) -> Head:
    """A head with one hidden layer, trained with dropout and softened labels. All dangers together weigh as much as
    none. A wide layer of which half is dropped finds more of what it has not seen than a narrow one or several."""
    torch.manual_seed(0)
    harmless = rows == len(names)
    weight = torch.tensor(np.where(harmless, (~harmless).sum() / max(1, harmless.sum()), 1.0), dtype=torch.float32)
    inputs, wanted = torch.tensor(vectors), torch.tensor(rows)
    layers = nn.Sequential(
        nn.Linear(vectors.shape[1], HIDDEN), nn.ReLU(), nn.Dropout(DROPOUT), nn.Linear(HIDDEN, len(names) + 1)
    )
    steps = EPOCHS * -(-len(rows) // BATCH)
    optimizer = torch.optim.AdamW(layers.parameters(), lr=RATE, weight_decay=DECAY)
    slower = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(rows)).split(BATCH):
            wrong = cross_entropy(layers(inputs[batch]), wanted[batch], reduction="none", label_smoothing=SOFTENED)
            loss = (wrong * weight[batch]).sum() / weight[batch].sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            slower.step()
    hidden, hidden_bias, weights, bias = (part.detach().numpy() for part in layers.parameters())
    return Head(encoder, names, hidden, hidden_bias, weights, bias)


def held_out(vectors: Vectors, rows: Rows, head: Head) -> tuple[Vectors, NDArray[np.bool_]]:
    """For every fifth example, the chance of danger by a head that has not seen it, and whether it is one."""
    held = np.random.default_rng(0).permutation(len(rows)) % HELD == 0
    other = fit(vectors[~held], rows[~held], head.encoder, head.names)
    return np.asarray(1 - other.chances(vectors[held])[:, -1], np.float32), rows[held] < len(head.names)


def parts(text: str, lexicon: Lexicon) -> list[str]:
    """The sentences of a message, and the whole if there are several: both are encoded when a patient writes."""
    sentences = legible(text, lexicon)
    return [*sentences, " ".join(sentences)] if len(sentences) > 1 else sentences


def ordinary(files: Iterable[Path]) -> list[str]:
    return [json.loads(line)["text"] for path in files for line in path.read_text("utf-8").splitlines() if line.strip()]


def chance_of(text: str, head: Head, encoder: Encoder, lexicon: Lexicon) -> float:
    """The chance of danger of a whole message, computed as when a patient writes it."""
    return Paraphrases(encoder, head).suspected(legible(text, lexicon))[1]


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
    plain_talk = (part for text in ordinary(given.ordinary) for part in parts(text, lexicon))
    ours = (*examples(ruleset, names, lexicon), *written(names))
    read = ((part, name) for text, name in ours for part in parts(text, lexicon))
    told = list(dict.fromkeys([*read, *((part, "") for part in plain_talk)]))
    row_of = {name: row for row, name in enumerate(names)} | {"": len(names)}
    rows = np.array([row_of[name] for _, name in told], np.int64)
    print(f"{len(told)} examples, {int((rows < len(names)).sum())} of {len(names)} dangers; encoding ...")
    vectors = encoder.encode([text for text, _ in told])

    head = fit(vectors, rows, encoder.name, names)
    chances, danger = held_out(vectors, rows, head)
    worst = np.array([chance_of(text, head, encoder, lexicon) for text in ordinary(given.unseen)])

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
