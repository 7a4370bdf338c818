"""How the sides of the speakers of some calls were decided, counted by rule; and which are unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from workbench.corpus import side_tags as tags
from workbench.corpus.company.rules import TOLD, SideRule
from workbench.domain.conversations import Party
from workbench.domain.plurals import plural

MAX_CONFLICTS = 100
"""Conflicts that a report lists; further ones are only counted."""

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class SideCounts:
    """How the sides of speakers were decided; a speaker counts in each call in which they take part.

    Attributes:
        by_rule: how many each rule decided: "hand", "format", "email", "name", "channel", "label", "elsewhere".
        unknown: how many speakers are on an unknown side.
        calls_with_unknown: in how many calls.
        conflicts: the first ``MAX_CONFLICTS`` speakers whom two rules put on different sides, with the call's id.
        conflicts_found: how many there are.
    """

    by_rule: Mapping[str, int] = field(default_factory=dict)
    unknown: int = 0
    calls_with_unknown: int = 0
    conflicts: tuple[str, ...] = ()
    conflicts_found: int = 0

    @property
    def is_worth_telling(self) -> bool:
        """Whether something is unknown, or was decided by more than files."""
        return bool(self.unknown or self.conflicts_found or set(self.by_rule) - {SideRule.FORMAT})

    def __str__(self) -> str:
        told = [f"{self.by_rule[rule]:,} {TOLD[rule]}" for rule in SideRule if self.by_rule.get(rule)]
        if self.unknown:
            told.append(
                f"{self.unknown:,} unknown in {plural(self.calls_with_unknown, 'call')} (workbench sides lists them)"
            )
        lines = [f"sides: {', '.join(told) or 'none'}", *(f"  {one}" for one in self.conflicts[:_SHOWN])]
        if self.conflicts_found > _SHOWN:
            lines.append(f"  and {plural(self.conflicts_found - min(_SHOWN, len(self.conflicts)), 'more conflict')}")
        return "\n".join(lines)


class SideTally:
    """Counts sides, call by call."""

    def __init__(self) -> None:
        self._by_rule: Counter[str] = Counter()
        self._unknown = self._calls = self._found = 0
        self._conflicts: list[str] = []

    def add(
        self,
        call: str,
        parties: Iterable[Party],
        speakers: Collection[str],
        names: Iterable[str],
        conflicts: Collection[str],
    ) -> None:
        """Count a call.

        Args:
            call: its id.
            parties: all who take part.
            speakers: the ids of those who speak.
            names: of what was set in it, which say which rule decided a side.
            conflicts: rules that give other sides than those that count.
        """
        rules = tags.rules_in(names)
        unknown = 0
        for party in parties:
            if party.side is not None:
                self._by_rule[rules.get(party.id, SideRule.FORMAT)] += 1
            else:
                unknown += party.id in speakers
        self._unknown += unknown
        self._calls += unknown > 0
        self._found += len(conflicts)
        self._conflicts += [f"{call}: {one}" for one in conflicts][: max(0, MAX_CONFLICTS - len(self._conflicts))]

    def counts(self) -> SideCounts:
        """Return the counts."""
        by_rule = {str(rule): self._by_rule[rule] for rule in SideRule if self._by_rule[rule]}
        return SideCounts(by_rule, self._unknown, self._calls, tuple(self._conflicts), self._found)
