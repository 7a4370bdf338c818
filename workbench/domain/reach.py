"""Which conversations a version has read, and for which of them its results stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The conversations that were read: numbers from ``first`` up to ``last``.

    Below ``upcoming`` only those begun ``since`` then, or no one knows when; none of those that are ``unjudged``.
    Those within one of ``without`` were read, too, but the results of another version stand there.
    """

    first: int
    last: int
    upcoming: int = 0
    since: datetime | None = None
    unjudged: frozenset[int] = frozenset()
    without: tuple[Reach, ...] = ()

    def has_read(self, number: int, started: datetime | None) -> bool:
        """Return whether the conversation of this number, begun then, was read."""
        if not self.first <= number < self.last or number in self.unjudged:
            return False
        return number >= self.upcoming or self.since is None or started is None or started >= self.since

    def holds(self, number: int, started: datetime | None) -> bool:
        """Return whether it was read, and no other version's results stand there."""
        return self.has_read(number, started) and not self.is_ceded(number, started)

    def is_ceded(self, number: int, started: datetime | None) -> bool:
        """Return whether another version's results stand in the conversation."""
        return any(other.has_read(number, started) for other in self.without)

    def asks_when(self, number: int) -> bool:
        """Return whether it takes the moment a conversation began to say whether it is ceded."""
        return any(o.since is not None and o.first <= number < min(o.last, o.upcoming) for o in self.without)

    def below(self, others: tuple[Reach, ...]) -> Reach:
        """Return the same, where the results of those ``others`` come first."""
        return replace(self, without=tuple(replace(one, without=()) for one in others if not one.is_empty))

    @property
    def is_empty(self) -> bool:
        """Whether it is certainly empty; it may be empty even if this is False."""
        return self.first >= self.last or any(self._is_within(other) for other in self.without)

    def _is_within(self, other: Reach) -> bool:
        if not other.first <= self.first or not self.last <= other.last or other.unjudged - self.unjudged:
            return False
        everything = other.since is None or self.first >= other.upcoming
        return everything or (
            self.since is not None and other.since <= self.since and other.upcoming <= self.upcoming  # type: ignore[operator]  # None: everything is within
        )
