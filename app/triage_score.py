"""The scorecard of whole interviews: right, too low, too high, how long, and every miss with its reason."""

from collections import Counter
from collections.abc import Iterable
from statistics import median
from typing import Literal

from pydantic import BaseModel, ConfigDict

from app.interviewing import Script, interview
from app.offline import Suspects
from app.scoring import Share
from dialogue.clinic import Clinic
from dialogue.understanding import understand
from policies.facts import counting
from policies.levels import Level
from policies.triage import opened, triage


class Vignette(Script):
    """One line: a scripted patient, and the levels that are right for them (one, or several that are equally right)."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    level: Level | tuple[Level, ...]

    @property
    def right(self) -> tuple[Level, ...]:
        return self.level if isinstance(self.level, tuple) else (self.level,)


class Triaged(BaseModel):
    """How a vignette was triaged: the level, in how many patient turns, by which rules. `reason` says why too low."""

    model_config = ConfigDict(frozen=True)

    vignette: Vignette
    level: Level | None
    turns: int
    rules: tuple[str, ...]
    reason: str = ""

    @property
    def verdict(self) -> Literal["right", "too low", "too high"]:
        got, right = self.level or 0, self.vignette.right
        if got in right:
            return "right"
        return "too low" if got < min(right) else "too high"


class TriageScore(BaseModel):
    model_config = ConfigDict(frozen=True)

    triaged: tuple[Triaged, ...]

    def share(self, *verdicts: str, of: Level | None = None) -> Share:
        chosen = [one.verdict for one in self.triaged if of is None or of in one.vignette.right]
        return Share(sum(verdict in verdicts for verdict in chosen), len(chosen))

    @property
    def figures(self) -> dict[str, Share]:
        """The published figures. "Strictly safe" means the right level or a higher one."""
        by_level = {f"{level.name} right": self.share("right", of=level) for level in reversed(Level)}
        return {
            "accuracy": self.share("right"),
            "strictly safe": self.share("right", "too high"),
            "over-triage": self.share("too high"),
            **by_level,
        }

    @property
    def turns(self) -> tuple[float, int]:
        """The median and the largest number of the patient's turns."""
        counted = [one.turns for one in self.triaged]
        return (median(counted), max(counted)) if counted else (0, 0)

    def misses(self) -> list[tuple[Triaged, str]]:
        """Those that were judged too low or too high; worst first."""
        wrong = [one for one in self.triaged if one.verdict != "right"]
        wrong.sort(key=lambda one: (one.verdict != "too low", -max(one.vignette.right)))
        return [(one, one.reason or ", ".join(one.rules)) for one in wrong]

    def reasons(self) -> Counter[str]:
        return Counter(reason for one, reason in self.misses() if one.verdict == "too low")


def score_triage(vignettes: Iterable[Vignette], clinic: Clinic, language: str, suspects: Suspects) -> TriageScore:
    return TriageScore(triaged=tuple(triaged(vignette, clinic, language, suspects) for vignette in vignettes))


def triaged(vignette: Vignette, clinic: Clinic, language: str, suspects: Suspects) -> Triaged:
    done = interview(vignette, clinic, language, suspects)
    level = Level[done["level"]] if done["level"] else None
    found = Triaged(
        vignette=vignette, level=level, turns=done["turns"], rules=tuple(rule["id"] for rule in done["rules"])
    )
    if found.verdict != "too low":
        return found
    return found.model_copy(update={"reason": why_too_low(vignette, clinic, language)})


def why_too_low(vignette: Vignette, clinic: Clinic, language: str) -> str:
    """`not asked` when all that the script says would have been enough; else `no rule` or `not understood`."""
    everything = counting(understand(vignette.everything, clinic.lexicons[language]).facts)
    best = triage(clinic.ruleset, everything, opened(clinic.ruleset, everything)).level or 0
    if best >= min(vignette.right):
        return "not asked"
    telling = [name for name in everything if name in clinic.ruleset.telling]
    return "no rule" if telling else "not understood"
