import json
import queue
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app import guidelines_cli
from app.assets import Assets
from app.assistance import BESIDE
from app.guidelines_cli import NOTHING, STARTER_FIRST, WORDS_ONLY, guidelines_app
from knowledge.embedding import HashingEncoder
from knowledge.generations import Generations
from knowledge.starter import starter_guidelines

CLINIC = """---
title: Sore throat at our clinic
source: Our clinic, house rules
review_date: 2026-05-01
protocols: [sore_throat]
---

## Swabs

We take a swab on weekdays before noon.
"""

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "clinic"
    folder.mkdir()
    (folder / "our-throats.md").write_text(CLINIC, "utf-8")
    return folder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The commands on a data folder of their own, with hashed words for an encoder: nothing is fetched."""
    monkeypatch.setattr(guidelines_cli, "encoder_of", lambda settings, say: HashingEncoder())
    monkeypatch.setenv("PREVISIT_DATA_DIR", str(tmp_path / "data"))
    return lambda *arguments: CliRunner().invoke(guidelines_app, [str(each) for each in arguments])


def approved(run: Run) -> None:
    assert run("approve", "our-throats", "--by", "Dr Ruiz").exit_code == 0


def test_the_starter_guidelines_go_in_before_a_clinics_own(run: Run, folder: Path) -> None:
    first = run("ingest", folder)
    assert first.exit_code == 0
    assert STARTER_FIRST in first.stderr and WORDS_ONLY in first.stderr
    assert "added    our-throats\n1 added, 0 updated, 0 unchanged, 0 removed, 0 skipped.\n" in first.stdout
    assert "Waiting for approval: 1." in first.stdout and "guidelines approve" in first.stderr
    starter = sum(len(entry.chunks) for entry in starter_guidelines().entries)
    assert f"Passages held: {starter + 1}." in first.stdout
    again = run("ingest", folder)
    assert "0 added, 0 updated, 1 unchanged, 0 removed, 0 skipped." in again.stdout
    assert STARTER_FIRST not in again.stderr


def test_option_only_leaves_out_the_starter_guidelines(run: Run, folder: Path) -> None:
    assert "Passages held: 1." in run("ingest", "--only", folder).stdout


def test_a_search_shows_passages_with_scores_and_sources(run: Run, folder: Path) -> None:
    run("ingest", "--only", folder)
    approved(run)
    found = run("search", "when is a swab taken", "--protocol", "sore_throat")
    assert found.exit_code == 0
    assert "our-throats#swabs" in found.stdout and "We take a swab on weekdays" in found.stdout
    assert "Our clinic, house rules (reviewed 2026-05-01)" in found.stdout, "and by Dr Ruiz"
    assert float(found.stdout.split()[0]) > 0.12


def test_a_search_that_finds_nothing_good_enough_says_so(run: Run, folder: Path) -> None:
    run("ingest", "--only", folder)
    found = run("search", "renewing a passport")
    assert (found.exit_code, found.stdout) == (0, NOTHING + "\n")


def test_a_protocol_that_is_not_known_is_refused(run: Run) -> None:
    refused = run("search", "swab", "--protocol", "throats")
    assert refused.exit_code == 2 and "throats is not one of" in refused.stderr


def test_a_broken_guideline_is_named_and_the_others_go_in(run: Run, folder: Path) -> None:
    (folder / "broken.md").write_text("# no front matter", "utf-8")
    (folder / "misspelt.md").write_text(CLINIC.replace("[sore_throat]", "[sore_throats]"), "utf-8")
    (folder / "leaflet.pdf").write_bytes(b"%PDF")
    (folder / "leaflet.odt").write_bytes(b"text")
    done = run("ingest", "--only", folder)
    assert done.exit_code == 1
    assert f"skipped  {folder / 'broken.md'}:1: must begin with front matter" in done.stdout
    assert "protocols: sore_throats is not one of" in done.stdout
    assert f"skipped  {folder / 'leaflet.pdf'}: is not a PDF that can be read" in done.stdout
    assert f"skipped  {folder / 'leaflet.odt'}: .odt is not read; save it as Markdown (.md)" in done.stdout
    assert "1 added, 0 updated, 0 unchanged, 0 removed, 4 skipped." in done.stdout


def test_a_folder_with_only_other_files_is_not_a_failure(run: Run, folder: Path) -> None:
    (folder / "leaflet.odt").write_bytes(b"text")
    assert run("ingest", "--only", folder).exit_code == 0


def test_an_empty_or_missing_folder_is_said(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for path, message in [(empty, "No guideline in"), (tmp_path / "none", "does not exist")]:
        done = run("ingest", "--only", path)
        assert done.exit_code == 1 and message in done.stderr and done.stdout == ""


def test_a_search_before_any_ingest_says_what_to_do(run: Run) -> None:
    done = run("search", "swab")
    assert done.exit_code == 1 and "previsit guidelines ingest" in done.stderr


def test_a_second_ingest_says_that_it_waits_and_then_runs(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("ingest", "--only", folder)
    shutil.copy(folder / "our-throats.md", folder / "second.md")
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    monkeypatch.setattr(guidelines_cli, "_say", said.put)
    with ThreadPoolExecutor() as beside:
        with suppress(KeyboardInterrupt), Generations(tmp_path / "data" / "guidelines").writing():
            done = beside.submit(run, "ingest", folder)
            while said.get(timeout=60) != BESIDE:
                pass
            raise KeyboardInterrupt
        assert done.result().exit_code == 0
    assert "second" in run("list").stdout


def test_the_real_encoder_finds_by_meaning(
    assets: Assets, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREVISIT_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "assets").symlink_to(assets.encoder.parents[1])
    assert CliRunner().invoke(guidelines_app, ["ingest", "--only", str(folder)]).exit_code == 0
    assert CliRunner().invoke(guidelines_app, ["approve", "our-throats", "--by", "Dr Ruiz"]).exit_code == 0
    found = CliRunner().invoke(guidelines_app, ["search", "when can my tonsils be tested for strep?"])
    assert "our-throats#swabs" in found.stdout and WORDS_ONLY not in found.stderr


def test_a_document_is_used_from_approval_to_retirement(run: Run, folder: Path, tmp_path: Path) -> None:
    run("ingest", "--only", folder)
    assert run("search", "when is a swab taken").stdout == NOTHING + "\n"
    assert run("list").stdout.startswith("pending   our-throats ")
    approved(run)
    assert "our-throats#swabs" in run("search", "when is a swab taken").stdout
    assert run("list", "--state", "pending").stdout == ""
    assert run("retire", "our-throats", "--by", "Dr Ruiz").exit_code == 0
    assert run("search", "when is a swab taken").stdout == NOTHING + "\n"
    trail = [json.loads(line) for line in (tmp_path / "data" / "audit.jsonl").read_text().splitlines()]
    assert [(each["actor"], each["action"], each["detail"][0]) for each in trail] == [
        ("Dr Ruiz", "guideline_approved", "our-throats"),
        ("Dr Ruiz", "guideline_retired", "our-throats"),
    ]


def test_a_decision_needs_a_name_and_a_document_that_is_held(run: Run, folder: Path) -> None:
    run("ingest", "--only", folder)
    assert run("approve", "our-throats", "--by", " ").exit_code == 2
    unknown = run("approve", "our-throats", "their-throats", "--by", "Dr Ruiz")
    assert unknown.exit_code == 1 and "No document is named their-throats" in unknown.stderr
    assert "pending" in run("list").stdout, "all of them or none"


def test_a_search_explains_every_candidate(run: Run, folder: Path) -> None:
    run("ingest", "--only", folder)
    approved(run)
    head, line = run("search", "when is a swab taken", "--explain").stdout.splitlines()
    assert "cosine" in head and "0.12" in head and line.endswith("our-throats#swabs")


def test_options_must_have_known_values(run: Run, folder: Path) -> None:
    refused = run("ingest", folder, "--set", "colour=red")
    assert refused.exit_code == 2 and "NAME=VALUE" in refused.stderr
    assert run("ingest", folder, "--only", "--set", "protocols=[ear]").exit_code == 0


def test_all_vectors_can_be_made_anew(run: Run, folder: Path) -> None:
    run("ingest", "--only", folder)
    assert run("reindex").stdout == "Passages indexed anew: 1.\n"
