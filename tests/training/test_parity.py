"""The gate after an export opens only if the served model answers as the trained one, with the adapter in use."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from llm.port import Message
from training.parity import Parity, ParityBroken, Prompt, alike, check, kept_or_asked

GOOD = Parity(prompt=0, merged=1.0, served=0.95, base=0.2)


def test_equal_answers_pass() -> None:
    check([GOOD, GOOD._replace(base=1.0), GOOD._replace(served=0.6)])


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (GOOD._replace(merged=0.99), "merged model answers otherwise"),
        (GOOD._replace(served=0.7), "shares 70%"),
        (GOOD._replace(served=0.4), "shares 40%"),
        (GOOD._replace(base=1.0), "adapter changes nothing"),
    ],
)
def test_a_different_answer_is_named(broken: Parity, why: str) -> None:
    with pytest.raises(ParityBroken, match=why):
        check([broken])


def test_likeness_is_a_share_of_characters() -> None:
    assert alike("abc", "abc") == 1.0
    assert alike("abc", "xyz") == 0.0


class Machine:
    """Answers with the prompt in capitals, and loses its power after so many answers."""

    def __init__(self, answers: int) -> None:
        self.left = answers
        self.asked: list[str] = []

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[str]:
        for prompt in prompts:
            if self.left == 0:
                raise KeyboardInterrupt
            self.left -= 1
            self.asked.append(prompt[0].content)
            yield prompt[0].content.upper()


def test_a_gate_that_was_cut_off_goes_on_after_the_answers_of_the_same_model(tmp_path: Path) -> None:
    kept = tmp_path / "model.parity.jsonl"
    prompts = [[Message(role="user", content=text)] for text in ("one", "two", "three")]
    with pytest.raises(KeyboardInterrupt):
        kept_or_asked(kept, "tuned", prompts, Machine(2).ask)

    again, another = Machine(9), Machine(9)
    assert kept_or_asked(kept, "tuned", prompts, again.ask) == ["ONE", "TWO", "THREE"]
    assert again.asked == ["three"]
    kept_or_asked(kept, "tuned once more", prompts, another.ask)
    assert another.asked == ["one", "two", "three"]
