"""The audit trail: what was written stays, and whatever was done to the file is noticed."""

import asyncio
import json
import os
import stat
import sys
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.audit import Audit, AuditBroken, Line, Problem, head_path, verify

pytestmark = pytest.mark.anyio

KEY = bytes(range(32))

WRITER = """
import asyncio, sys
from pathlib import Path
from storage.audit import Audit

async def main():
    audit = Audit(Path(sys.argv[1]), bytes(range(32)))
    for number in range(25):
        await audit.record(float(number), sys.argv[2], "acknowledge", "C-48213")

asyncio.run(main())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.jsonl"


@pytest.fixture
async def trail(path: Path) -> Path:
    await write_lines(path, 5)
    return path


async def write_lines(path: Path, lines: int) -> None:
    audit = Audit(path, KEY)
    for number in range(lines):
        await audit.record(100.0 + number, "Kim Park", "acknowledge", f"C-{number}", "round.1")


@pytest.fixture(scope="module")
def written_trail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for tests that are no coroutines; they leave it as it was."""
    path = tmp_path_factory.mktemp("audit") / "audit.jsonl"
    asyncio.run(write_lines(path, 3))
    return path


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


async def test_who_did_what_to_which_case_and_when(trail: Path) -> None:
    entry = json.loads(lines_of(trail)[2])
    assert entry.pop("mac")
    assert entry == {
        "n": 3,
        "at": 102.0,
        "actor": "Kim Park",
        "action": "acknowledge",
        "code": "C-2",
        "detail": ["round.1"],
    }
    assert verify(trail, KEY) == []


async def test_the_files_are_private(trail: Path) -> None:
    for file in (trail, head_path(trail)):
        assert not stat.S_IMODE(file.stat().st_mode) & 0o077


async def test_no_trail_yet_is_no_problem(path: Path) -> None:
    assert verify(path, KEY) == []


@pytest.mark.parametrize(
    "words",
    [
        ("Kim", "she said her chest hurts", ""),
        ("Kim", "released", "chest pain"),
        ("Kim", "released", "C-1", "my chest hurts"),
        ("Kim", "released", "C-1", "line\nbreak"),
        ("Kim", "", "C-1"),
        ("", "released", "C-1"),
        ("K" * 81, "released", "C-1"),
        ("Kim\n", "released", "C-1"),
    ],
)
async def test_free_text_does_not_get_in(path: Path, words: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match="An audit record"):
        await Audit(path, KEY).record(1.0, *words)
    assert not path.exists()


async def test_of_lines_together_all_get_in_or_none(trail: Path) -> None:
    lines = [Line(1.0, "Kim", "released"), Line(1.0, "Kim", "she said her chest hurts")]
    with pytest.raises(ValueError, match="An audit record"):
        await Audit(trail, KEY).record_all(lines)
    assert len(lines_of(trail)) == 5 and verify(trail, KEY) == []


async def test_names_of_every_language_get_in(path: Path) -> None:
    await Audit(path, KEY).record(1.0, "Zoë O'Brien-Łuczak", "signed_in")
    assert verify(path, KEY) == []


def test_every_changed_bit_is_noticed(written_trail: Path) -> None:
    """All of them: about six thousand, in the trail and in its head."""
    for file in (written_trail, head_path(written_trail)):
        written = file.read_bytes()
        unnoticed = [bit for bit in range(len(written) * 8) if not with_(file, flipped(written, bit), written_trail)]
        file.write_bytes(written)
        assert not unnoticed
    assert verify(written_trail, KEY) == []


def test_every_cut_and_every_byte_more_or_less_is_noticed(written_trail: Path) -> None:
    for file in (written_trail, head_path(written_trail)):
        written = file.read_bytes()
        for at in range(len(written)):
            assert with_(file, written[:at], written_trail), f"cut off at {at}"
            assert with_(file, written[:at] + written[at + 1 :], written_trail), f"without byte {at}"
            assert with_(file, written[:at] + b" " + written[at:], written_trail), f"one more at {at}"
        file.write_bytes(written)
    assert verify(written_trail, KEY) == []


def test_any_other_order_or_choice_of_lines_is_noticed(written_trail: Path) -> None:
    written = lines_of(written_trail)
    choices = [choice for size in range(len(written) + 1) for choice in permutations(range(len(written)), size)]
    unnoticed = [
        choice for choice in choices if not with_(written_trail, b"".join(written[n] for n in choice), written_trail)
    ]
    written_trail.write_bytes(b"".join(written))
    assert unnoticed == [tuple(range(len(written)))]


def flipped(written: bytes, bit: int) -> bytes:
    changed = bytearray(written)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def with_(file: Path, content: bytes, trail: Path) -> list[Problem]:
    """What is found wrong when this file holds that instead."""
    file.write_bytes(content)
    return verify(trail, KEY)


@settings(max_examples=50)
@given(kept=st.lists(st.integers(0, 2), min_size=1, max_size=7).filter(lambda kept: kept != [0, 1, 2]))
def test_lines_doubled_are_noticed(kept: list[int], written_trail: Path) -> None:
    written = lines_of(written_trail)
    problems = with_(written_trail, b"".join(written[number] for number in kept), written_trail)
    written_trail.write_bytes(b"".join(written))
    assert problems


async def test_a_problem_names_its_line_and_that_one_only(trail: Path) -> None:
    written = lines_of(trail)
    trail.write_bytes(b"".join([written[0], written[1].replace(b"Kim", b"Tim"), *written[2:]]))
    assert [problem.line for problem in verify(trail, KEY)] == [2]


async def test_a_line_that_was_removed_is_one_problem_where_it_is_missing(trail: Path) -> None:
    written = lines_of(trail)
    trail.write_bytes(b"".join([written[0], *written[2:]]))
    assert [(problem.line, problem.what.partition(":")[0]) for problem in verify(trail, KEY)] == [
        (2, "changed, or not the line that followed the one before"),
        (5, "cut off"),
    ]


async def test_a_missing_or_foreign_head_is_noticed(trail: Path, tmp_path: Path) -> None:
    other = Audit(tmp_path / "other.jsonl", bytes(32))
    await other.record(1.0, "Kim", "signed_in")
    head_path(trail).write_bytes(head_path(tmp_path / "other.jsonl").read_bytes())
    assert [problem.what for problem in verify(trail, KEY)] == ["the head was changed"]
    head_path(trail).unlink()
    assert [problem.what for problem in verify(trail, KEY)] == ["the head is missing"]


async def test_another_key_verifies_nothing(trail: Path) -> None:
    assert len(verify(trail, bytes(32))) >= 5


async def cut(trail: Path) -> None:
    trail.write_bytes(b"".join(lines_of(trail)[:-1]))


async def change_head(trail: Path) -> None:
    head_path(trail).write_text(head_path(trail).read_text().replace('"lines": 5', '"lines": 4'))


async def forget_head(trail: Path) -> None:
    head_path(trail).unlink()


async def add_line(trail: Path) -> None:
    trail.write_bytes(trail.read_bytes() + lines_of(trail)[-1])


@pytest.mark.parametrize("harm", [cut, change_head, forget_head, add_line])
async def test_nothing_is_added_to_a_broken_trail(trail: Path, harm: Any) -> None:
    await harm(trail)
    before = trail.read_bytes()
    with pytest.raises(AuditBroken):
        await Audit(trail, KEY).record(1.0, "Kim", "signed_in")
    assert trail.read_bytes() == before


@pytest.mark.parametrize("together", [True, False])
async def test_lines_whose_head_a_crash_prevented_are_kept(trail: Path, together: bool) -> None:
    head, audit = head_path(trail).read_bytes(), Audit(trail, KEY)
    lines = [Line(200.0, "Kim", "released", "C-9"), Line(200.5, "Kim", "joined", "C-9", ("round.1",))]
    for some in [lines] if together else [[line] for line in lines]:
        await audit.record_all(some)
    head_path(trail).write_bytes(head)
    assert verify(trail, KEY) == []
    await Audit(trail, KEY).record(201.0, "Kim", "closed", "C-9")
    assert [json.loads(line)["action"] for line in lines_of(trail)[5:]] == ["released", "joined", "closed"]
    assert verify(trail, KEY) == []


@pytest.mark.parametrize("torn", [b"{", b'{"n": 6, "at": 1'])
async def test_half_a_line_that_a_power_cut_left_is_taken_away(trail: Path, torn: bytes) -> None:
    trail.write_bytes(trail.read_bytes() + torn)
    await Audit(trail, KEY).record(201.0, "Kim", "closed", "C-9")
    assert [json.loads(line)["n"] for line in lines_of(trail)] == [1, 2, 3, 4, 5, 6]
    assert verify(trail, KEY) == []


async def test_tasks_and_processes_write_one_trail(path: Path) -> None:
    others = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, str(path), f"worker {number}")
        for number in range(2)
    ]
    audit = Audit(path, KEY)
    await asyncio.gather(*(audit.record(float(number), "server", "released", "C-1") for number in range(25)))
    assert [await other.wait() for other in others] == [0, 0]
    assert len(lines_of(path)) == 75
    assert verify(path, KEY) == []


async def test_a_folder_that_is_gone_is_an_error_and_not_silence(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        await Audit(tmp_path / "gone" / "audit.jsonl", KEY).record(1.0, "Kim", "signed_in")
    assert os.listdir(tmp_path) == []


async def test_a_list_of_cases_is_a_line_of_each_of_them(tmp_path: Path) -> None:
    trail = Audit(tmp_path / "audit.jsonl", KEY)
    await trail.record(1.0, "Kim Lee", "listed", "", "case:C1", "case:C2")
    await trail.record(2.0, "Kim Lee", "viewed", "C2")
    assert [entry.n for entry in await trail.latest(9, code="C2")] == [2, 1]
    assert [entry.n for entry in await trail.latest(9, code="C1")] == [1]
    assert await trail.latest(9, code="C") == []


async def test_the_latest_lines_come_first_also_from_a_long_trail(tmp_path: Path) -> None:
    trail = Audit(tmp_path / "audit.jsonl", KEY)
    assert await trail.latest(10) == []
    for number in range(700):
        await trail.record(float(number), "Kim Lee" if number % 2 else "Ana Ruiz", "viewed", f"C{number}", "x" * 80)
    found = await trail.latest(3)
    assert [(entry.n, entry.code, entry.detail) for entry in found] == [
        (700, "C699", ("x" * 80,)),
        (699, "C698", ("x" * 80,)),
        (698, "C697", ("x" * 80,)),
    ]
    assert [entry.n for entry in await trail.latest(5, code="C1")] == [2]
    assert [entry.n for entry in await trail.latest(2, actor="kim lee")] == [700, 698]
    assert len(await trail.latest(1000)) == 700
    assert await trail.problems() == []


async def test_a_spoilt_line_is_told_and_hides_no_others(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    trail = Audit(path, KEY)
    for number in range(3):
        await trail.record(float(number), "Kim Lee", "viewed", f"C{number}")
    path.write_bytes(path.read_bytes().replace(b'"code": "C1"', b'"code": C1xx'))
    assert [entry.code for entry in await trail.latest(10)] == ["C2", "C0"]
    assert any("line 2" in problem for problem in await trail.problems())
