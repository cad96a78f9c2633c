"""Scores de-identification on texts whose identifiers are marked: recall by type, and ordinary words lost.

Run as: python -m training.deid_score FILE [--misses]
Reads blocks "===QUERY===", the text, "===PHI_TAGS===" and lines {"identifier_type", "value"}. A value counts as
found when each of its letters and digits, wherever it stands in the text, is taken out.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import sqrt
from pathlib import Path
from typing import NamedTuple

from training.exits import run_step
from training.finding_identifiers import Found, find_all


class Marked(NamedTuple):
    text: str
    values: tuple[tuple[str, str], ...]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="previsit evaluate deid", description="Score de-identification.")
    parser.add_argument("file", type=Path, help="texts with their identifiers marked")
    parser.add_argument("--misses", action="store_true", help="print what was missed and lost: for made-up texts only")
    options = parser.parse_args(argv)
    marked = list(read(options.file.read_text()))
    if not marked:
        parser.error(f"{options.file} holds no block ===QUERY===")
    wanted: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    words = lost = 0
    for one in marked:
        founds = find_all([one.text])[0]
        for type_, value in one.values:
            wanted[type_] += 1
            got = taken_out(one.text, value, founds)
            caught[type_] += got
            if options.misses and not got:
                print(f"missed {type_}: {value}   in: {one.text}")
        ordinary = list(ordinary_words(one))
        gone = [
            word for start, end, word in ordinary if any(found.start < end and start < found.end for found in founds)
        ]
        words, lost = words + len(ordinary), lost + len(gone)
        if options.misses and gone:
            print("lost:", " ".join(gone), [one.text[f.start : f.end] + "/" + f.type for f in founds])
    print(f"{len(marked)} texts")
    for type_ in sorted(wanted, key=lambda kind: -wanted[kind]):
        print(f"{type_:32} {share(caught[type_], wanted[type_])}")
    print(f"{'all identifiers, recall':32} {share(caught.total(), wanted.total())}")
    print(f"{'ordinary words lost':32} {share(lost, words)}")


def read(text: str) -> Iterator[Marked]:
    for block in text.split("===QUERY===")[1:]:
        query, _, tags = block.partition("===PHI_TAGS===")
        values = [json.loads(line) for line in tags.splitlines() if line.strip()]
        yield Marked(query.strip(), tuple((value["identifier_type"], value["value"]) for value in values))


def taken_out(text: str, value: str, founds: Sequence[Found]) -> bool:
    gone = {place for found in founds for place in range(found.start, found.end)}
    return all(
        place in gone or not text[place].isalnum() for start, end in _places(text, value) for place in range(start, end)
    )


def ordinary_words(one: Marked) -> Iterator[tuple[int, int, str]]:
    """Words with a letter or digit that belong to no marked value."""
    marked = [place for _, value in one.values for place in _places(one.text, value)]
    for match in re.finditer(r"[^\W_]+(?:[’'-][^\W_]+)*", one.text):
        if not any(start < match.end() and match.start() < end for start, end in marked):
            yield match.start(), match.end(), match.group()


def share(count: int, of: int) -> str:
    """The share with its 95 % interval (Wilson)."""
    z, rate = 1.96, count / of if of else 0.0
    if not of:
        return "none to count"
    middle = (rate + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(rate * (1 - rate) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{rate:6.1%}  ({count}/{of}; {max(middle - half, 0):.1%} to {min(middle + half, 1):.1%})"


def _places(text: str, value: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", text)]


if __name__ == "__main__":
    run_step(main)
