"""No clinical figure falls: the project's own sets, run as they are shipped, against the floors that were reached."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.assets import Assets
from app.cli import app
from app.clinic import build_clinic
from app.offline import Suspects
from app.scoring import Share
from app.settings import read_settings
from app.triage_score import Vignette
from benchmarks.robustness import main as robustness
from benchmarks.scorecard import (
    ALONE,
    AT_LEAST,
    AT_MOST,
    ENCODED,
    FRESH,
    SETS,
    SUMMARIES,
    breaches,
    figures,
    floor_under,
    floors,
    messages,
    newest_figures,
    newest_messages,
    newest_triage,
    newest_vignettes,
    pairs,
    retrieval,
    vignettes,
    ways,
)
from dialogue.clinic import Clinic
from knowledge.embedding import OnnxEncoder
from knowledge.known_vectors import PrecomputedEncoder
from policies.levels import Level


@pytest.fixture(scope="module")
def clinic() -> Clinic:
    return build_clinic(read_settings({}))


@pytest.fixture(scope="module")
def at_hand() -> dict[str, Suspects]:
    return dict(ways())


@pytest.mark.parametrize("way", [ALONE, ENCODED])
def test_no_figure_falls_below_its_floor(way: str, clinic: Clinic, at_hand: dict[str, Suspects]) -> None:
    if way not in at_hand:
        pytest.skip("the sentence encoder is missing")
    found = figures(clinic, at_hand[way])
    assert breaches(found, floors()[way]) == []


@pytest.mark.parametrize("way", [ALONE, ENCODED])
def test_no_figure_of_the_newest_messages_falls(way: str, clinic: Clinic, at_hand: dict[str, Suspects]) -> None:
    if way not in at_hand:
        pytest.skip("the sentence encoder is missing")
    found = newest_figures(clinic, at_hand[way])
    reached = floors()[FRESH.format(way)]
    assert found.keys() == reached.keys()
    assert breaches(found, reached) == []


@pytest.mark.parametrize("way", [ALONE, ENCODED])
def test_no_figure_of_the_newest_scripted_patients_falls(
    way: str, clinic: Clinic, at_hand: dict[str, Suspects]
) -> None:
    if way not in at_hand:
        pytest.skip("the sentence encoder is missing")
    found = newest_triage(clinic, at_hand[way])
    reached = floors()[SUMMARIES.format(way)]
    assert found.keys() == reached.keys()
    assert breaches(found, reached) == []


@pytest.mark.anyio
async def test_the_starter_guidelines_are_found_as_well_as_they_were(assets: Assets, tmp_path: Path) -> None:
    found = await retrieval(PrecomputedEncoder(OnnxEncoder(assets.encoder, assets.tokenizer)), tmp_path / "index")
    reached = floors()["retrieval"]
    assert found.keys() == reached.keys()
    assert {name: value for name, value in found.items() if value < reached[name]} == {}


def test_a_fall_is_told_in_either_direction() -> None:
    reached = dict.fromkeys(AT_LEAST, 90.0) | dict.fromkeys(AT_MOST, 5.0)
    kept = {name: Share(90, 100) for name in AT_LEAST} | {name: Share(5, 100) for name in AT_MOST}
    assert breaches(kept, reached) == []
    assert all(floor_under(name, share) == reached[name] for name, share in kept.items())
    missed = kept | {"emergencies paged at once": Share(899, 1000), "pairs fallen": Share(51, 1000)}
    assert [line.split(":")[0] for line in breaches(missed, reached)] == ["emergencies paged at once", "pairs fallen"]
    assert floor_under("strictly safe", Share(899, 1000)) == 89.5
    assert floor_under("over-triage", Share(51, 1000)) == 5.5


@pytest.mark.parametrize("way", [ALONE, ENCODED])
def test_every_figure_has_a_floor(way: str) -> None:
    assert sorted(floors()[way]) == sorted((*AT_LEAST, *AT_MOST))
    assert floors()[way]["pairs fallen"] == 0


def test_the_messages_are_many_different_and_of_both_kinds() -> None:
    lines = list(messages())
    labels = Counter(line.label for line in lines)
    assert len(lines) >= 660
    assert 0.55 <= labels["emergency"] / len(lines) <= 0.60
    assert labels["ordinary"] >= len(lines) / 3
    assert len({line.id for line in lines}) == len({line.text for line in lines}) == len(lines)
    assert all(2 <= len(line.text.split()) <= 120 for line in lines)
    both = {line.family for line in lines if line.label == "ordinary"}
    assert both == {line.family for line in lines if line.label == "emergency"}


@pytest.mark.parametrize("of", [vignettes, newest_vignettes])
def test_the_scripted_patients_are_of_all_levels(of: Callable[[], Iterator[Vignette]]) -> None:
    scripts = list(of())
    worst = Counter(max(script.right) for script in scripts)
    least = Counter(min(script.right) for script in scripts)
    assert len({script.id for script in scripts}) == len(scripts) >= 90
    assert worst[Level.EMERGENCY] >= least[Level.EMERGENCY] >= 30
    assert worst[Level.HIGH] + worst[Level.MEDIUM] >= 30
    assert least[Level.LOW] >= 30


def test_each_pair_is_the_same_danger_with_more_words() -> None:
    both = list(pairs())
    assert len({pair.plain for pair in both}) == len(both) >= 60
    assert all(pair.minimised.startswith(pair.plain) and pair.minimised != pair.plain for pair in both)


def test_a_row_for_every_perturbation_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    robustness([message for message in messages() if message.label == "emergency"][:2])
    printed = capsys.readouterr().out
    for row in ("as written", "keyboard typos", "sms shorthand", "chit chat", "fell when played down"):
        assert row in printed


def test_the_sets_are_read_by_the_command_that_their_page_names() -> None:
    page = (SETS / "README.md").read_text("utf-8")
    for command, file in (("screening", "screening.jsonl"), ("triage", "vignettes.jsonl")):
        assert f"previsit evaluate {command} benchmarks/clinical/{file}" in page
        told = CliRunner().invoke(app, ["evaluate", command, "--help"])
        assert told.exit_code == 0
    for count, lines in ((843, messages()), (194, newest_messages()), (101, vignettes()), (60, pairs())):
        assert len(list(lines)) == count
        assert f"| {count} |" in page
