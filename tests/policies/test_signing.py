"""A signature holds for exactly what was signed, and nothing else in the file is touched."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from policies.levels import Level
from policies.loading import CONTENT, default_ruleset, load_ruleset
from policies.signing import fingerprint, is_signed, signed

PROTOCOL = default_ruleset().protocols["sore_throat"]
PATH = CONTENT / "protocols" / "sore_throat.yaml"
DUE = date(2027, 11, 30)


def test_a_signature_is_valid_for_what_was_signed() -> None:
    mine = PROTOCOL.model_copy(update={"reviewer": "Dr Osei", "signature": fingerprint(PROTOCOL)})
    assert is_signed(mine)
    assert is_signed(mine.model_copy(update={"review_date": DUE}))


def test_any_change_makes_it_void() -> None:
    mine = PROTOCOL.model_copy(update={"reviewer": "Dr Osei", "signature": fingerprint(PROTOCOL)})
    rule = replace(mine.rules[0], level=Level.LOW)
    assert not is_signed(mine.model_copy(update={"rules": (rule, *mine.rules[1:])}))
    assert not is_signed(mine.model_copy(update={"default_level": Level.MEDIUM}))
    assert not is_signed(mine.model_copy(update={"history": mine.history[1:]}))


def test_nobody_signs_by_leaving_the_name_out() -> None:
    assert not is_signed(PROTOCOL.model_copy(update={"reviewer": "", "signature": fingerprint(PROTOCOL)}))


def test_the_file_keeps_everything_but_its_signature() -> None:
    before = PATH.read_text("utf-8")
    after = signed(before, PROTOCOL, "Dr Osei", DUE)
    mine = ("reviewer:", "review_date:", "signature:")
    kept = [line for line in after.splitlines() if not line.startswith(mine)]
    assert kept == [line for line in before.splitlines() if not line.startswith(mine)]
    assert signed(after, PROTOCOL, "Dr Osei", DUE) == after


def test_a_signed_file_loads_as_signed(tmp_path: Path) -> None:
    for path in CONTENT.rglob("*.yaml"):
        target = tmp_path / path.relative_to(CONTENT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text("utf-8"), "utf-8")
    target = tmp_path / "protocols" / "sore_throat.yaml"
    target.write_text(signed(target.read_text("utf-8"), PROTOCOL, "Dr Osei, GP", DUE), "utf-8")
    loaded = load_ruleset(tmp_path).protocols["sore_throat"]
    assert is_signed(loaded)
    assert (loaded.reviewer, loaded.review_date) == ("Dr Osei, GP", DUE)


def test_a_file_without_a_head_is_refused() -> None:
    with pytest.raises(ValueError, match="review_date"):
        signed("id: x\n", PROTOCOL, "Dr Osei", DUE)
