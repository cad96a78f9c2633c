"""The complaints and life threats that the content must cover, and by which protocols and rules it does."""

from pathlib import Path

import yaml
from pydantic import Field

from policies.findings import Content
from policies.ruleset import RuleSet

FILE = Path(__file__).with_name("coverage.yaml")


class Coverage(Content):
    """`families` are complaints with the protocols that serve them; `life_threats` checks with their rules."""

    families: dict[str, tuple[str, ...]] = Field(min_length=1)
    life_threats: dict[str, tuple[str, ...]] = Field(min_length=1)

    def missing(self, ruleset: RuleSet) -> list[str]:
        """Families and life threats that nothing covers, or that name a protocol or rule that does not exist."""
        wrong: list[str] = []
        for kind, wanted, have in (
            ("family", self.families, ruleset.protocols.keys()),
            ("life threat", self.life_threats, ruleset.rules.keys()),
        ):
            for name, served in wanted.items():
                unknown = [one for one in served if one not in have]
                if not served or unknown:
                    wrong.append(f"{kind} '{name}': " + (f"there is no {', '.join(unknown)}" if unknown else "nothing"))
        return wrong


def load_coverage(path: Path = FILE) -> Coverage:
    return Coverage.model_validate(yaml.safe_load(path.read_text("utf-8")))
