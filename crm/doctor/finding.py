"""A finding: which check, how bad, one sentence, one remedy; and a report of several."""

from dataclasses import dataclass, field
from typing import Any, Literal

from crm.words import translate


def _(sentence: str) -> str:
    """Marks a sentence of a finding for translation; it is translated where it is shown."""
    return sentence


@dataclass(frozen=True)
class Finding:
    """`sentence` and `remedy` are English templates of `values`. `wrong`: something does not work or is open; `warn`: it soon may."""

    code: str
    level: Literal["wrong", "warn"]
    sentence: str
    remedy: str
    values: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, str]:
        """As the terminal shows it."""
        words = {name: translate("en", getattr(self, name), **self.values) for name in ("sentence", "remedy")}
        return {"code": self.code, "level": self.level, **words}


@dataclass(frozen=True)
class Report:
    """Which checks were made, and what they found."""

    checked: list[str]
    findings: list[Finding]

    @property
    def is_well(self) -> bool:
        """Nothing is wrong; there may be warnings."""
        return not any(one.level == "wrong" for one in self.findings)

    def joined(self, other: "Report") -> "Report":
        """Both."""
        return Report([*self.checked, *other.checked], [*self.findings, *other.findings])
