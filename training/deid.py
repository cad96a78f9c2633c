"""Takes identifiers out of a clinic's records, so that they can be trained on: HIPAA Safe Harbor, 45 CFR 164.514(b)(2).

Run as: python -m training.deid records.jsonl --out clean.jsonl
Each line is one patient: JSON in our case layout (case_template.schema.json), or plain text. Every identifier becomes
a placeholder, the same one for the same person or place within a line, and unlinked between lines. Of a date its year
stays (Safe Harbor allows no shifted date), and an age over 89 becomes 90. A second pass with patterns of its own looks
for what is left: the file is written only when it finds nothing; otherwise lines and types are named, never their text.
Cut off or stopped with Ctrl-C, the same command goes on where it was. No machine finds all: a person should read some.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from training.exits import INTERRUPTED, run_step
from training.finding_identifiers import find_all
from training.inputs import file_at, folder_for
from training.placeholders import Placeholders, generalised
from training.residual_identifiers import residual_identifiers

SHOWN_EVERY = 50
LAYOUT = Path(__file__).with_name("case_template.schema.json")


class BadLine(Exception):
    """A line that is neither a case in our layout nor text. The message names line and field, never their content."""


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="previsit train deid", description="Take identifiers out of records.")
    parser.add_argument("file", type=Path, help="JSON lines in the case layout, or plain text, a patient a line")
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    parser.add_argument("--age-bands", action="store_true", help="ages as bands of ten years")
    parser.add_argument("--leave-out", action="store_true", help="leave out lines that still hold an identifier")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv)
    folder_for(options.out.absolute().parent)
    lines = file_at(options.file).read_text(encoding="utf-8").splitlines()
    part = options.out.with_name(options.out.name + ".part")
    mark = _mark(lines, options.age_bands)
    done = _done(part, mark)
    try:
        _go_on(lines, done, part, mark, options.age_bands)
    except KeyboardInterrupt:
        print("Stopped. The same command goes on from here.", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BadLine as error:
        sys.exit(str(error))
    _finish(part, options)


def cleaned(line: str, bands: bool = False) -> tuple[str, Counter[str], list[str]]:
    """The line without identifiers, the number removed of each type, and the types that the second pass still finds."""
    held = _held(line)
    texts = list(_texts(held))
    found = find_all(texts)
    names = Placeholders()
    made = iter([names.put(text, founds, bands) for text, founds in zip(texts, found, strict=True)])
    counted = Counter(one.type for founds in found for one in founds)
    clean = generalised(_replaced(held, made), bands)
    originals = [
        text[one.start : one.end]
        for text, founds in zip(texts, found, strict=True)
        for one in founds
        if one.type == "NAME"
    ]
    left = sorted({kind for text in _texts(clean) for kind in residual_identifiers(text, originals)})
    return clean if isinstance(clean, str) else json.dumps(clean, ensure_ascii=False), counted, left


def _held(line: str) -> Any:
    if not line.lstrip().startswith("{"):
        return line
    try:
        held = json.loads(line)
    except ValueError:
        raise BadLine("begins like JSON and is none") from None
    _check(held, _layout(), "the line")
    return held


def _check(held: Any, schema: dict[str, Any], where: str) -> None:
    """Allows only the fields of the layout: in any other, an identifier might hide as a number or a key."""
    if isinstance(held, dict):
        known = schema.get("properties")
        if known is None:
            raise BadLine(f"{where} may be no object")
        if set(held) - set(known):
            raise BadLine(f"{where} has fields beyond {', '.join(known)}")
        for key, value in held.items():
            _check(value, known[key], key)
    elif isinstance(held, list):
        for one in held:
            _check(one, schema.get("items", {}), where)


@cache
def _layout() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(LAYOUT.read_text())
    return schema


_FIXED = ("role", "triage_level")


def _texts(held: Any) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif isinstance(held, dict):
        for key, value in held.items():
            if key not in _FIXED:
                yield from _texts(value)
    elif isinstance(held, list):
        for one in held:
            yield from _texts(one)


def _replaced(held: Any, made: Iterator[str]) -> Any:
    """The same structure with these texts in it, in order."""
    if isinstance(held, str):
        return next(made)
    if isinstance(held, dict):
        return {key: value if key in _FIXED else _replaced(value, made) for key, value in held.items()}
    if isinstance(held, list):
        return [_replaced(one, made) for one in held]
    return held


def _mark(lines: list[str], bands: bool) -> str:
    """Identifies records and options: another file or option starts over."""
    return hashlib.sha256(json.dumps([lines, bands]).encode()).hexdigest()


def _done(part: Path, mark: str) -> int:
    """How many lines an earlier run finished; the last one is dropped if it was cut off."""
    if not part.exists():
        return 0
    kept = [line for line in part.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]
    if not kept or json.loads(kept[0]).get("mark") != mark:
        part.unlink()
        return 0
    part.write_text("".join(kept), encoding="utf-8")
    return len(kept) - 1


def _go_on(lines: list[str], done: int, part: Path, mark: str, bands: bool) -> None:
    since = time.monotonic()
    if done:
        print(f"going on after line {done}", file=sys.stderr)
    with _private(part) as out:
        if not done:
            out.write(json.dumps({"mark": mark}) + "\n")
        for number, line in enumerate(lines[done:], start=done + 1):
            try:
                clean, counted, left = cleaned(line, bands) if line.strip() else (line, Counter[str](), [])
            except BadLine as error:
                raise BadLine(f"line {number}: {error}") from None
            out.write(json.dumps({"left": left, "counted": counted, "clean": "" if left else clean}) + "\n")
            out.flush()
            if number % SHOWN_EVERY == 0 or number == len(lines):
                each = (time.monotonic() - since) / (number - done)
                print(
                    f"{number} of {len(lines)}; {each * (len(lines) - number):.0f} s left", file=sys.stderr, flush=True
                )


def _private(part: Path) -> Any:
    return os.fdopen(os.open(part, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8")


def _finish(part: Path, options: argparse.Namespace) -> None:
    rows = [json.loads(line) for line in part.read_text(encoding="utf-8").splitlines()[1:]]
    refused = [(number, row["left"]) for number, row in enumerate(rows, start=1) if row["left"]]
    for number, types in refused:
        print(f"line {number}: something like {', '.join(types)} is left", file=sys.stderr)
    part.unlink()
    if refused and not options.leave_out:
        sys.exit(f"Nothing written, for {len(refused)} of {len(rows)} lines: correct them, or --leave-out.")
    scratch = options.out.with_name(options.out.name + ".tmp")
    with _private(scratch) as out:
        out.writelines(row["clean"] + "\n" for row in rows if not row["left"])
    os.replace(scratch, options.out)
    counted: Counter[str] = sum((Counter(row["counted"]) for row in rows), Counter())
    shown = ", ".join(f"{type_} {count}" for type_, count in sorted(counted.items())) or "nothing"
    print(f"{len(rows) - len(refused)} lines written, {len(refused)} left out. Taken out: {shown}.")


if __name__ == "__main__":
    run_step(main)
