"""How many emergencies are still noticed in texts with mistakes, and how many decisions change if danger is played
down.

Run as: python -m benchmarks.robustness [--seed N]
"""

import argparse
from collections.abc import Sequence

from app.clinic import build_clinic
from app.offline import Suspects
from app.scoring import Share
from app.screening import screen
from app.screening_score import LabelledMessage
from app.settings import read_settings
from benchmarks.noise import PERTURBATIONS, noisy
from benchmarks.scorecard import LANGUAGE, fallen, messages, pairs, ways
from dialogue.clinic import Clinic

WIDTH = 24


def noticed(emergencies: Sequence[LabelledMessage], clinic: Clinic, suspects: Suspects) -> tuple[Share, Share]:
    """Paged or asked back, and paged at once."""
    decisions = [screen(message, clinic, LANGUAGE, suspects)["decision"] for message in emergencies]
    either = sum(decision != "none" for decision in decisions)
    return Share(either, len(decisions)), Share(decisions.count("page"), len(decisions))


def spoilt(emergencies: Sequence[LabelledMessage], name: str, seed: int) -> list[LabelledMessage]:
    return [one.model_copy(update={"text": noisy(one.text, name, seed)}) for one in emergencies]


def points(share: Share, plain: Share) -> str:
    """How far a share lies from the plain one, in percentage points."""
    return f"{100 * ((share.value or 0) - (plain.value or 0)):+6.1f}"


def print_table(emergencies: Sequence[LabelledMessage], clinic: Clinic, suspects: Suspects, seed: int) -> None:
    plain, plain_paged = noticed(emergencies, clinic, suspects)
    print(f"  {'':{WIDTH}}{'paged or asked back':38}points   paged at once")
    print(f"  {'as written':{WIDTH}}{plain!s:45}{plain_paged}")
    for name in PERTURBATIONS:
        either, paged = noticed(spoilt(emergencies, name, seed), clinic, suspects)
        print(f"  {name.replace('_', ' '):{WIDTH}}{either!s:38}{points(either, plain)} {paged}", flush=True)


def main(emergencies: Sequence[LabelledMessage], seed: int = 0) -> None:
    clinic = build_clinic(read_settings({}))
    for way, suspects in ways():
        print(f"{len(emergencies)} emergencies, {way}")
        print_table(emergencies, clinic, suspects, seed)
        fell = fallen(clinic, suspects)
        print(f"  {'fell when played down':{WIDTH}}{Share(len(fell), len(list(pairs())))}")
        print("".join(f"    {pair.id}: {pair.minimised}\n" for pair in fell))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="other slips")
    main([message for message in messages() if message.label == "emergency"], parser.parse_args().seed)
