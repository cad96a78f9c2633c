"""Sealed values open only where, and with what, they were sealed."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing import (
    MasterKeyRefused,
    SealBroken,
    Sealer,
    derive_key,
    load_or_create_master_key,
)

MASTER = bytes(range(32))
sealer = Sealer(MASTER)


@given(st.binary(max_size=5000), st.text(max_size=40))
def test_what_was_sealed_opens_in_its_context(text: bytes, context: str) -> None:
    key, value, _ = sealer.seal(text, context)
    assert sealer.open(key, value, context) == text


@given(st.data())
def test_one_changed_bit_is_noticed(data: st.DataObject) -> None:
    key, value, _ = sealer.seal(b"chest pain since noon", "a version 1")
    both = bytearray(key + value)
    bit = data.draw(st.integers(0, len(both) * 8 - 1))
    both[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        sealer.open(bytes(both[: len(key)]), bytes(both[len(key) :]), "a version 1")


@given(st.integers(0, 59), st.integers(0, 40))
def test_cut_off_values_are_noticed(key_bytes: int, value_bytes: int) -> None:
    key, value, _ = sealer.seal(b"chest pain", "a")
    with pytest.raises(SealBroken):
        sealer.open(key[:key_bytes], value, "a")
    with pytest.raises(SealBroken):
        sealer.open(key, value[: min(value_bytes, len(value) - 1)], "a")


def test_a_value_moved_elsewhere_does_not_open() -> None:
    key, value, _ = sealer.seal(b"chest pain", "a version 3")
    other_key, _, _ = sealer.seal(b"sore throat", "a version 3")
    for moved in ((key, value, "b version 3"), (key, value, "a version 2"), (other_key, value, "a version 3")):
        with pytest.raises(SealBroken):
            sealer.open(*moved)


def test_another_master_key_opens_nothing() -> None:
    key, value, _ = sealer.seal(b"chest pain", "a")
    with pytest.raises(SealBroken, match="sealed value of a"):
        Sealer(os.urandom(32)).open(key, value, "a")


def test_the_text_is_not_in_what_is_kept() -> None:
    sealed = sealer.seal(b"canary", "a")
    assert all(b"canary" not in part for part in sealed)


def test_the_digest_is_of_the_text_alone_and_needs_the_master_key() -> None:
    first, second = sealer.seal(b"yes", "a"), sealer.seal(b"yes", "b")
    assert first.digest == second.digest != sealer.seal(b"no", "a").digest
    assert first.digest != Sealer(os.urandom(32)).seal(b"yes", "a").digest
    assert first.value != sealer.seal(b"yes", "a").value


def test_derived_keys_differ_by_purpose_and_stay_the_same() -> None:
    assert derive_key(MASTER, "audit") == derive_key(MASTER, "audit")
    assert len({derive_key(MASTER, "audit"), derive_key(MASTER, "tokens"), MASTER}) == 3


def test_the_master_key_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "master.key"
    key = load_or_create_master_key(path)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_or_create_master_key(path) == key
    assert os.listdir(path.parent) == ["master.key"]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_master_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.key"
    load_or_create_master_key(path)
    path.chmod(mode)
    with pytest.raises(MasterKeyRefused, match=f"chmod 600 {path}"):
        load_or_create_master_key(path)


@pytest.mark.parametrize("size", [0, 31, 64])
def test_a_master_key_of_another_length_is_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "master.key"
    path.touch(0o600)
    path.write_bytes(bytes(size))
    with pytest.raises(MasterKeyRefused, match=f"{size} bytes instead of 32"):
        load_or_create_master_key(path)


def test_a_place_where_no_key_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MasterKeyRefused, match="cannot be made: "):
        load_or_create_master_key(tmp_path / "file" / "master.key")
