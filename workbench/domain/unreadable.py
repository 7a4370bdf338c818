"""What is stored and cannot be read, because it is damaged or a newer version wrote it: left out and told, no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.names import printable

_SHOWN = 5  # by name; of more their number is told


class UnreadableItem(WorkspaceDamaged):
    """A stored item that was asked for cannot be read."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item by its ``kind`` (tracker, board, live call, …) and name; ``reason`` is for whoever looks after it.

    ``key`` is its id, where it has one.
    """

    kind: str
    name: str
    reason: str
    key: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.kind} “{printable(self.name[:80], lines=False)}”"

    @property
    def error(self) -> UnreadableItem:
        """What to raise where just this is asked for."""
        return UnreadableItem(
            f"{self} cannot be read ({self.reason}): it is damaged, or a newer version wrote it; "
            "update the workbench, or restore a backup with `workbench restore`"
        )


def left_out(items: Sequence[Unreadable]) -> str:
    """Return a sentence about them for people who see the others; empty without any."""
    if not items:
        return ""
    named = ", ".join(map(str, items[:_SHOWN]))
    more = f" and {len(items) - _SHOWN:,} more" if len(items) > _SHOWN else ""
    return f"Left out, as {'it' if len(items) == 1 else 'they'} cannot be read: {named}{more}."
