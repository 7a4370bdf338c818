"""What a check finds, and what a repair has done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

Repair = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem that was found.

    Attributes:
        where: the file, or the table of the state.
        what: what is wrong with it.
        remedy: what a repair does, or a person can do.
        repair: a function that repairs it; None if only a person can.
        is_note: whether it does no harm.
    """

    where: str
    what: str
    remedy: str
    repair: Repair | None = field(default=None, compare=False, repr=False)
    is_note: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.remedy}"

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "where": self.where,
            "what": self.what,
            "remedy": self.remedy,
            "repairable": self.repair is not None,
            "note": self.is_note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCounts:
    """What was checked; None if it could not be."""

    conversations: int | None = None
    sentences: int | None = None
    vectors: int | None = None
    trackers: int | None = None
    state: str | None = None
    redaction: str | None = None  # what imports redact

    def __str__(self) -> str:
        known = asdict(self)
        known |= {"state version": known.pop("state"), "imports redact": known.pop("redaction")}
        numbers = [f"{value:,} {name}" for name, value in known.items() if isinstance(value, int)]
        told = numbers + [f"{name} {value}" for name, value in known.items() if isinstance(value, str)]
        return ", ".join(told) or "nothing could be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is wrong with a workspace, and what was repaired."""

    path: str
    counts: CheckedCounts
    problems: tuple[Problem, ...] = ()
    repaired: tuple[Problem, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong; notes do not count."""
        return all(one.is_note for one in self.problems)

    def __str__(self) -> str:
        lines = [f"{self.path}: {self.counts}"]
        lines += [f"repaired: {one}" for one in self.repaired]
        lines += [f"{'note' if one.is_note else 'wrong'}: {one}" for one in self.problems]
        if self.is_whole:
            lines.append("no problems found")
        elif any(one.repair for one in self.problems):
            lines.append("`workbench check --repair` repairs what can be repaired")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "path": self.path,
            "whole": self.is_whole,
            "counts": asdict(self.counts),
            "problems": [one.to_dict() for one in self.problems],
            "repaired": [one.to_dict() for one in self.repaired],
        }
