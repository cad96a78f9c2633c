"""`previsit chat`: the interview in a terminal, on the real engine."""

import os
import pty
import select
import subprocess
from pathlib import Path

from tests.app.running import LONGEST, PREVISIT, environment, run


def test_a_chat_in_a_terminal(tmp_path: Path) -> None:
    """A real terminal: questions with numbered answers, danger told at once, and a plain end by Ctrl-D."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [PREVISIT, "chat"], stdin=theirs, stdout=theirs, stderr=theirs, env=environment(tmp_path, {})
    ) as process:
        os.close(theirs)
        said = read_until(ours, b"> ")
        assert "1. Yes" in said and "nothing is kept and nobody is paged" in said
        os.write(ours, b"1\n")
        assert "Who is this about?" in read_until(ours, b"> ")
        os.write(ours, b"I have a crushing pain in my chest and my left arm feels heavy\n")
        assert "911" in read_until(ours, b"nurse")
        assert process.wait(LONGEST) == 0
    os.close(ours)


def test_a_chat_ends_with_its_input(tmp_path: Path) -> None:
    done = run("chat", folder=tmp_path, text="yes\nme\n")
    assert done.returncode == 0
    assert "Who is this about?" in done.stdout and "Traceback" not in done.stderr


def test_empty_lines_are_ignored(tmp_path: Path) -> None:
    done = run("chat", folder=tmp_path, text="\n\n\nyes\n")
    assert "Who is this about?" in done.stdout and "I start when you say yes" not in done.stdout


def read_until(descriptor: int, words: bytes) -> str:
    data = b""
    while words not in data:
        readable, _, _ = select.select([descriptor], [], [], LONGEST)
        assert readable, data
        data += os.read(descriptor, 4096)
    return data.decode()


def test_messages_are_wrapped_into_short_lines(tmp_path: Path) -> None:
    done = run("chat", folder=tmp_path, text="yes\n")
    assert "Is it OK to start?" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
