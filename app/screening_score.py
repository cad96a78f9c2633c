"""The scorecard of first messages: which are paged, which are asked back, and every miss with its reason."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from app.offline import Suspects
from app.scoring import Share
from app.screening import Decision, FiredRule, Message, screen
from dialogue.clinic import Clinic
from policies.levels import Level


class LabelledMessage(Message):
    """One line: a first message and how its authors label it. The table is grouped by `family`."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    label: Literal["emergency", "ordinary"]
    family: str = ""


class Screened(BaseModel):
    """One message and what was done about it."""

    model_config = ConfigDict(frozen=True)

    message: LabelledMessage
    decision: Decision
    rules: tuple[str, ...]
    findings: tuple[str, ...]


class ScreeningScore(BaseModel):
    """All of them."""

    model_config = ConfigDict(frozen=True)

    screened: tuple[Screened, ...]

    def share(self, label: str, *decisions: str, family: str | None = None) -> Share:
        of = [
            one.decision for one in self.screened if one.message.label == label and family in (None, one.message.family)
        ]
        return Share(sum(decision in decisions for decision in of), len(of))

    @property
    def figures(self) -> dict[str, Share]:
        """The published figures, the good ones beside the bad ones."""
        return {
            "emergencies paged or asked back": self.share("emergency", "page", "ask"),
            "emergencies paged at once": self.share("emergency", "page"),
            "ordinary messages paged": self.share("ordinary", "page"),
            "ordinary messages asked back": self.share("ordinary", "ask"),
        }

    @property
    def families(self) -> list[str]:
        return sorted({one.message.family for one in self.screened})

    def misses(self) -> list[tuple[Screened, str]]:
        """Emergencies that nothing was done about, each with the reason."""
        missed = (one for one in self.screened if one.message.label == "emergency" and one.decision == "none")
        return [(one, "no rule" if one.findings else "not understood") for one in missed]

    def false_pages(self) -> list[tuple[Screened, str]]:
        """Ordinary messages that paged, each with the rules that did it."""
        paged = (one for one in self.screened if one.message.label == "ordinary" and one.decision == "page")
        return [(one, ", ".join(one.rules)) for one in paged]

    def reasons(self) -> Counter[str]:
        return Counter(reason for _, reason in self.misses())


def score_screening(
    messages: Iterable[LabelledMessage], clinic: Clinic, language: str, suspects: Suspects
) -> ScreeningScore:
    return ScreeningScore(screened=tuple(screened(message, clinic, language, suspects) for message in messages))


def screened(message: LabelledMessage, clinic: Clinic, language: str, suspects: Suspects) -> Screened:
    done = screen(message, clinic, language, suspects)
    return Screened(
        message=message,
        decision=done["decision"],
        rules=emergencies(done["rules"]),
        findings=tuple(finding["id"] for finding in done["findings"]),
    )


def emergencies(rules: Sequence[FiredRule]) -> tuple[str, ...]:
    return tuple(rule["id"] for rule in rules if rule["level"] == Level.EMERGENCY.name)
