"""Encryption of stored values, and the master key's file. Knows nothing about conversations or Redis.

Each value is compressed, then encrypted with a data key of its own (AES-256-GCM); the data key is encrypted with the
master key. Both are bound to a context, so that a value that was moved to another place cannot be decrypted there.

SealingError
├── SealBroken        a value was changed, moved, or sealed with another master key
└── MasterKeyRefused  the master key's file cannot be used
"""

import os
import stat
import tempfile
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from isal import isal_zlib as zlib

KEY_BYTES = 32
NONCE_BYTES = 12
DIGEST_BYTES = 16
WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + 16  # a wrapped data key, with its tag
FASTEST = 0  # a third of the time of zlib's fastest level, a seventh more bytes; zlib itself can read it


class SealingError(Exception):
    """A value cannot be sealed or opened."""


class SealBroken(SealingError):
    """A value was changed, moved, or sealed with another master key."""


class MasterKeyRefused(SealingError):
    """The master key's file cannot be used."""


class Sealed(NamedTuple):
    """A value as it is stored. `digest` is the same for the same text, and reveals nothing without the master key."""

    key: bytes
    value: bytes
    digest: bytes


class Sealer:
    """Encrypts and decrypts. Each value gets a new data key, so that no nonce is used twice with a key."""

    def __init__(self, master_key: bytes) -> None:
        self._wrapping = AESGCM(derive_key(master_key, "wrapping"))
        self._digesting = derive_key(master_key, "digest")

    def seal(self, text: bytes, context: str) -> Sealed:
        packed = zlib.compress(text, FASTEST)
        drawn = os.urandom(KEY_BYTES + 2 * NONCE_BYTES)
        key, nonce, wrap_nonce = drawn[:KEY_BYTES], drawn[KEY_BYTES:-NONCE_BYTES], drawn[-NONCE_BYTES:]
        return Sealed(
            wrap_nonce + self._wrapping.encrypt(wrap_nonce, key, _bound("key", context)),
            nonce + AESGCM(key).encrypt(nonce, packed, _bound("value", context)),
            blake2b(packed, key=self._digesting, digest_size=DIGEST_BYTES).digest(),
        )

    def open(self, key: bytes, value: bytes, context: str) -> bytes:
        """The text. Raises SealBroken."""
        try:
            data_key = self._wrapping.decrypt(key[:NONCE_BYTES], key[NONCE_BYTES:], _bound("key", context))
            opened = AESGCM(data_key).decrypt(value[:NONCE_BYTES], value[NONCE_BYTES:], _bound("value", context))
        except (InvalidTag, ValueError):
            raise SealBroken(f"The sealed value of {context} does not open.") from None
        return zlib.decompress(opened)


def derive_key(master_key: bytes, purpose: str) -> bytes:
    """A key for one purpose, from which neither the master key nor any other purpose's key can be derived."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"previsit {purpose}".encode()).derive(master_key)


def load_or_create_master_key(path: Path) -> bytes:
    """The 32 bytes in `path`, created on first use. Without this file nothing that is stored can be read."""
    if not path.exists():
        _create(path)
    status = path.stat()
    shared = 0o077 if status.st_uid == os.getuid() else 0o007  # a mounted secret belongs to another user
    if not stat.S_ISREG(status.st_mode) or status.st_mode & shared:
        raise MasterKeyRefused(f"Others can read the master key {path}. Run: chmod 600 {path}")
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise MasterKeyRefused(
            f"The master key {path} has {len(key)} bytes instead of {KEY_BYTES}. Put the right one back."
        )
    return key


def _create(path: Path) -> None:
    """Writes a new key in one step, and to disk before it is used; never replaces one that another process has just
    written."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent) as scratch:  # made with mode 0600
            scratch.write(os.urandom(KEY_BYTES))
            scratch.flush()
            os.fsync(scratch.fileno())
            try:
                os.link(scratch.name, path)
            except FileExistsError:
                return
        sync_folder(path.parent)
    except OSError as error:
        raise MasterKeyRefused(f"The master key {path} cannot be made: {error.strerror}.") from error


def sync_folder(folder: Path) -> None:
    """Syncs a folder, so that a file created or renamed in it survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _bound(field: str, context: str) -> bytes:
    return f"{field} {context}".encode()
