"""The audit trail: who did what to which conversation, one JSON line each, chained so that no line can be changed,
removed or moved unnoticed. Holds codes only, never a patient's words, and knows nothing about what they mean.

Each line carries an HMAC over itself and the line before. A second file, the head, holds the last line's HMAC, signed
itself: it shows whether lines were cut off at the end. Earlier copies of both files together would still verify; if
that matters, keep the number of lines elsewhere, too.
"""

import asyncio
import fcntl
import hmac
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from dialogue.staff_ports import TrailEntry
from storage.sealing import sync_folder

CODE = re.compile(r"[A-Za-z0-9_.:@+-]{1,80}")
ACTOR = re.compile(r"[\w .,'@-]{1,80}")
START = "0" * 64
BLOCK = 64 * 1024
ADVICE = "Keep a copy, and see: previsit audit verify"


class AuditBroken(Exception):
    """The trail on disk is not what was written; nothing is added to it until somebody has looked."""


@dataclass(frozen=True)
class Problem:
    """`line` counts from 1; 0 is the head."""

    line: int
    what: str


class Head(NamedTuple):
    """The end of the trail: how many lines, how many bytes, and the last line's HMAC."""

    lines: int = 0
    size: int = 0
    mac: str = START


class Line(NamedTuple):
    """Who did what, when, and to which case; everything but the time is a code."""

    at: float
    actor: str
    action: str
    code: str = ""
    detail: tuple[str, ...] = ()


class Audit:
    """One trail. Several processes may write to it: each record takes a lock and continues from the head."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self.failing = False
        """Whether the latest record could not be written."""

    async def record(self, at: float, actor: str, action: str, conversation_code: str = "", *detail: str) -> None:
        """Writes a line, which is on disk when this returns. Raises ValueError for anything that is not a code, so that
        no free text gets in."""
        await self.record_all([Line(at, actor, action, conversation_code, detail)])

    async def record_all(self, lines: Sequence[Line]) -> None:
        """Writes the lines in this order, at the cost of one. Raises ValueError, and writes none, if one is not
        codes."""
        for line in lines:
            _check(line)
        try:
            await asyncio.to_thread(self._append, lines)
        except (AuditBroken, OSError):
            self.failing = True
            raise
        self.failing = False

    async def latest(self, limit: int, *, code: str = "", actor: str = "") -> list[TrailEntry]:
        """The latest entries first. Lines that cannot be read are skipped here; `problems` reports them."""
        return await asyncio.to_thread(self._latest, limit, code, actor)

    def _latest(self, limit: int, code: str, actor: str) -> list[TrailEntry]:
        found: list[TrailEntry] = []
        for line in _backwards(self._path):
            entry = _entry(line)
            if entry and (not code or entry.is_about(code)) and actor.casefold() in ("", entry.actor.casefold()):
                found.append(entry)
            if len(found) == limit:
                break
        return found

    async def problems(self) -> list[str]:
        found = await asyncio.to_thread(verify, self._path, self._key)
        return [f"line {problem.line}: {problem.what}" for problem in found]

    def _append(self, lines: Sequence[Line]) -> None:
        with _locked(self._path) as trail:
            before = head = self._catch_up(trail, self._head(trail))
            text = b""
            for line in lines:
                entry = {"n": head.lines + 1, **line._asdict(), "detail": list(line.detail)}
                mac = _mac(self._key, head.mac, entry)
                text += json.dumps({**entry, "mac": mac}, ensure_ascii=False).encode() + b"\n"
                head = Head(head.lines + 1, before.size + len(text), mac)
            os.pwrite(trail, text, before.size)
            os.fsync(trail)
            self._keep_head(head)

    def _head(self, trail: int) -> Head:
        """The head, created before the first line: if there are lines but no head, it was removed."""
        path = head_path(self._path)
        if not path.exists():
            if os.fstat(trail).st_size:
                raise AuditBroken(f"The audit trail's head {path} is missing. {ADVICE}")
            self._keep_head(Head())
            return Head()
        head = read_head(path, self._key)
        if head is None:
            raise AuditBroken(f"The audit trail's head {path} was changed. {ADVICE}")
        return head

    def _catch_up(self, trail: int, head: Head) -> Head:
        """The head including lines that were written after it, which a crash can leave; half a line is removed."""
        size = os.fstat(trail).st_size
        if size < head.size:
            raise AuditBroken(f"The audit trail {self._path} is shorter than it was. {ADVICE}")
        whole, newline, torn = os.pread(trail, size - head.size, head.size).rpartition(b"\n")
        for line in (whole + newline).splitlines(keepends=True):
            mac = _verified(self._key, head, line)
            if mac is None:
                raise AuditBroken(f"The audit trail {self._path} does not fit its head. {ADVICE}")
            head = Head(head.lines + 1, head.size + len(line), mac)
        if torn:
            os.ftruncate(trail, head.size)
        return head

    def _keep_head(self, head: Head) -> None:
        """Replaces the head's file in one step. After a power cut it may be the old or the new one; both will do."""
        path = head_path(self._path)
        is_first = not path.exists()
        scratch = path.with_name(path.name + ".new")
        with os.fdopen(_private(scratch, os.O_WRONLY | os.O_TRUNC), "w", encoding="utf-8") as file:
            file.write(_sealed(head, self._key))
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
        if is_first:
            sync_folder(path.parent)


def verify(path: Path, key: bytes) -> list[Problem]:
    """What is wrong with the trail, by line; empty if every line is as it was written and none is missing."""
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    problems = []
    known = Head()
    for number, line in enumerate(lines, 1):
        if _verified(key, known, line) is None:
            problems.append(Problem(number, "changed, or not the line that followed the one before"))
        known = _claimed(line) or Head(number, 0, known.mac)
    last = Head(len(lines), sum(map(len, lines)), known.mac)
    return problems + _check_head(head_path(path), key, last)


def _check(line: Line) -> None:
    if not ACTOR.fullmatch(line.actor):
        raise ValueError("An audit record names its actor in at most 80 letters.")
    if not all(CODE.fullmatch(code) for code in (line.action, *filter(None, [line.code]), *line.detail)):
        raise ValueError("An audit record holds codes only.")


def _backwards(path: Path) -> Iterator[bytes]:
    """The file's lines, the last one first, without reading the whole file."""
    if not path.exists():
        return
    with path.open("rb") as trail:
        at, rest = trail.seek(0, os.SEEK_END), b""
        while at > 0:
            step = min(BLOCK, at)
            at -= step
            trail.seek(at)
            rest, *lines = (trail.read(step) + rest).split(b"\n")
            yield from (line for line in reversed(lines) if line)
        if rest:
            yield rest


def _entry(line: bytes) -> TrailEntry | None:
    try:
        return TrailEntry.model_validate_json(line)
    except ValueError:
        return None


def head_path(path: Path) -> Path:
    return path.with_name(path.name + ".head")


def read_head(path: Path, key: bytes) -> Head | None:
    """The head; None if it was changed in any way."""
    try:
        text = path.read_text("utf-8")
        kept = json.loads(text)
        head = Head(kept["lines"], kept["size"], kept["mac"])
    except (ValueError, KeyError, TypeError):
        return None
    return head if hmac.compare_digest(text.encode(), _sealed(head, key).encode()) else None


def _sealed(head: Head, key: bytes) -> str:
    return json.dumps({**head._asdict(), "seal": _mac(key, "head", head._asdict())})


def _check_head(path: Path, key: bytes, last: Head) -> list[Problem]:
    if not path.exists():
        return [Problem(0, "the head is missing")] if last.lines else []
    head = read_head(path, key)
    if head is None:
        return [Problem(0, "the head was changed")]
    if last.lines < head.lines or last.size < head.size:
        return [Problem(last.lines + 1, f"cut off: {head.lines} lines were written")]
    if last.lines == head.lines and last != head:
        return [Problem(last.lines, "not the last line that was written")]
    return []


def _verified(key: bytes, before: Head, line: bytes) -> str | None:
    """The line's HMAC if the line follows `before`, byte for byte as it was written."""
    try:
        entry = json.loads(line)
        claimed = entry.pop("mac")
        again = json.dumps({**entry, "mac": claimed}, ensure_ascii=False).encode() + b"\n"
        right = hmac.compare_digest(str(claimed), _mac(key, before.mac, entry))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return claimed if right and again == line and entry.get("n") == before.lines + 1 else None


def _claimed(line: bytes) -> Head | None:
    """The number and the HMAC that a line claims to have. Verifying goes on from them, so that one line that was
    changed or removed is one problem, and not one in every later line."""
    try:
        claimed = json.loads(line)
        number, mac = claimed["n"], claimed["mac"]
    except (ValueError, KeyError, TypeError):
        return None
    return Head(number, 0, mac) if isinstance(number, int) and isinstance(mac, str) else None


def _mac(key: bytes, before: str, entry: dict[str, Any]) -> str:
    text = json.dumps([before, entry], ensure_ascii=False, sort_keys=True)
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def _private(path: Path, mode: int) -> int:
    """Opens a file; creates it so that only this user can read it."""
    return os.open(path, mode | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    trail = _private(path, os.O_RDWR)
    try:
        fcntl.flock(trail, fcntl.LOCK_EX)
        yield trail
    finally:
        os.close(trail)
