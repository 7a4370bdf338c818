"""Which conversation each row of a table is about: by id, deal, e-mail and time, account and time or day.

Each method is tried for the rows that remain after the methods before it. A row and a conversation are matched only if
neither has another match that is as good; otherwise the row is ambiguous, and nothing is guessed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

from workbench.corpus.crm.call_keys import CallKeys
from workbench.domain.plurals import plural

BY_ID = "id"
BY_DEAL = "deal"
BY_EMAIL_TIME, BY_EMAIL_DAY = "e-mail and time", "e-mail and day"
BY_ACCOUNT_TIME, BY_ACCOUNT_DAY = "account and time", "account and day"
TOLERANCE = timedelta(minutes=15)
"""How far the time in a row may be from the start of the conversation."""

MARGIN = timedelta(minutes=1)
"""How much closer the nearest must be than the next, unless its time is exact to the second."""

_EXACT = timedelta(seconds=1)
_MAX_NEAR = 20  # conversations that are considered for one row and time
_MAX_RIVALS = 5  # conversations listed for an ambiguous row


@dataclass(slots=True)
class RowKeys:
    """What a row says about its conversation.

    Attributes:
        ids: of the conversation, in all forms.
        deals: of the deal, likewise; only if the row is about all its conversations.
        addresses: of people, folded for comparison.
        accounts: likewise.
        moment: in UTC; None if the row has none.
        is_day: whether the row gives only the day, whose beginning is ``moment``.
    """

    ids: tuple[str, ...] = ()
    deals: tuple[str, ...] = ()
    addresses: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    moment: datetime | None = None
    is_day: bool = False


@dataclass(slots=True)
class RowMatch:
    """The match of a row.

    Attributes:
        ids: of the conversations; empty if none was found.
        by: how they were found.
        rivals: the conversations that fit an ambiguous row.
        reasons: why each method that was tried found nothing.
    """

    ids: tuple[str, ...] = ()
    by: str = ""
    rivals: tuple[str, ...] = ()
    reasons: list[str] = field(default_factory=list)


class RowMatching:
    """Finds the conversations of rows, one method after the other."""

    def __init__(self, rows: Sequence[RowKeys], tolerance: timedelta = TOLERANCE, zone: tzinfo = UTC):
        """Take the rows; days are those of ``zone``."""
        self.rows = rows
        self.found = [RowMatch() for _ in rows]
        self._tolerance, self._zone = tolerance, zone
        self._taken: set[str] = set()

    def by_id(self, known: Callable[[list[str]], set[str]]) -> None:
        """Match by ids; ``known`` returns which of some ids belong to conversations."""
        have = known(list({one for row in self.rows for one in row.ids}))
        for row, match in zip(self.rows, self.found, strict=True):
            if id_ := next((one for one in row.ids if one in have), None):
                self._settle(match, BY_ID, id_)
            elif row.ids:
                match.reasons.append("no conversation has this id")

    def by_keys(self, calls: Sequence[CallKeys]) -> None:
        """Match by deal, by e-mail and time or day, and by account and time or day."""
        self._by_deal(calls)
        by_address = _grouped(calls, lambda call: call.addresses)
        by_account = _grouped(calls, lambda call: (call.account,) if call.account else ())
        minutes = f"within {told_tolerance(self._tolerance)}"
        self._near(by_address, lambda row: row.addresses, BY_EMAIL_TIME)
        self._same_day(by_address, lambda row: row.addresses if row.is_day else (), BY_EMAIL_DAY)
        self._explain(lambda row: row.addresses, f"no other call with this e-mail address {minutes}", "of that day")
        self._near(by_account, lambda row: row.accounts, BY_ACCOUNT_TIME)
        self._same_day(by_account, lambda row: row.accounts, BY_ACCOUNT_DAY)
        self._explain(lambda row: row.accounts, "no other call with this account on that day", "")

    def _by_deal(self, calls: Sequence[CallKeys]) -> None:
        """Match rows to all calls of their deal; several rows may be about one deal."""
        by_deal: dict[str, list[str]] = defaultdict(list)
        for call in calls:
            for one in call.deals[:1]:
                by_deal[one].append(call.id)
        for row, match in self._pending():
            if ids := next((by_deal[one] for one in row.deals if one in by_deal), None):
                match.ids, match.by = tuple(ids), BY_DEAL
            elif row.deals:
                match.reasons.append("no call belongs to this deal")

    def _near(self, calls: _Grouped, keys: Callable[[RowKeys], Iterable[str]], by: str) -> None:
        pairs: list[tuple[timedelta, int, str]] = []
        for place, row in enumerate(self.rows):
            if not self._is_pending(place) or row.moment is None or row.is_day:
                continue
            near = self._free(calls.near(keys(row), row.moment, self._tolerance))
            pairs += sorted((abs(moment - row.moment), place, id_) for id_, moment in near)[:_MAX_NEAR]
        self._pair(sorted(pairs), by)

    def _pair(self, pairs: list[tuple[timedelta, int, str]], by: str) -> None:
        """Match the nearest pairs first; ties are ambiguous."""
        of_row: dict[int, list[tuple[timedelta, str]]] = defaultdict(list)
        of_call: dict[str, list[tuple[timedelta, int]]] = defaultdict(list)
        for distance, place, id_ in pairs:
            of_row[place].append((distance, id_))
            of_call[id_].append((distance, place))
        for distance, place, id_ in pairs:
            if not self._is_pending(place) or id_ in self._taken:
                continue
            least = _EXACT if distance < _EXACT else distance + MARGIN
            calls = [one for far, one in of_row[place] if far < least and one not in self._taken]
            rows = [one for far, one in of_call[id_] if far < least and self._is_pending(one)]
            if len(calls) == len(rows) == 1:
                self._settle(self.found[place], by, id_)
            else:
                for one in rows:
                    self._doubt(one, calls if one == place else [id_])
                self._taken.update(calls)

    def _same_day(self, calls: _Grouped, keys: Callable[[RowKeys], Iterable[str]], by: str) -> None:
        found: dict[int, list[str]] = {}
        for place, row in enumerate(self.rows):
            if self._is_pending(place) and row.moment is not None:
                near = self._free(calls.on_day(keys(row), self._day(row), self._zone))
                if near:
                    found[place] = [id_ for id_, _ in near]
        wanted = Counter(id_ for ids in found.values() for id_ in ids)
        for place, ids in found.items():
            if len(ids) == 1 and wanted[ids[0]] == 1:
                self._settle(self.found[place], by, ids[0])
            else:
                self._doubt(place, ids)
        self._taken.update(wanted)

    def _day(self, row: RowKeys) -> date:
        assert row.moment is not None
        return row.moment.astimezone(self._zone).date()

    def _explain(self, keys: Callable[[RowKeys], Iterable[str]], reason: str, of_day: str) -> None:
        for row, match in self._pending():
            if not keys(row):
                continue
            if row.moment is None:
                match.reasons.append("has no time")
            elif row.is_day and of_day:
                match.reasons.append(f"no other call with this e-mail address {of_day}")
            else:
                match.reasons.append(reason)

    def _pending(self) -> list[tuple[RowKeys, RowMatch]]:
        return [(row, self.found[place]) for place, row in enumerate(self.rows) if self._is_pending(place)]

    def _is_pending(self, place: int) -> bool:
        return not self.found[place].ids and not self.found[place].rivals

    def _free(self, near: Iterable[tuple[str, datetime]]) -> list[tuple[str, datetime]]:
        return [one for one in near if one[0] not in self._taken]

    def _settle(self, match: RowMatch, by: str, id_: str) -> None:
        match.ids, match.by = (id_,), by
        self._taken.add(id_)

    def _doubt(self, place: int, rivals: Sequence[str]) -> None:
        self.found[place].rivals = tuple(rivals)
        told = ", ".join(rivals[:_MAX_RIVALS]) + (", …" if len(rivals) > _MAX_RIVALS else "")
        other = "several rows match this call" if len(rivals) == 1 else "several calls match"
        self.found[place].reasons.append(f"{other}: {told}")


class _Grouped:
    """Conversations by a key, ordered by start; those without a start are left out."""

    def __init__(self, groups: Mapping[str, list[tuple[datetime, str]]]):
        self._groups = {key: sorted(held) for key, held in groups.items()}

    def near(self, keys: Iterable[str], moment: datetime, tolerance: timedelta) -> list[tuple[str, datetime]]:
        """Return those with most of the keys that began within the tolerance."""
        return self._between(keys, moment - tolerance, moment + tolerance)

    def on_day(self, keys: Iterable[str], day: date, zone: tzinfo) -> list[tuple[str, datetime]]:
        """Return those with most of the keys that began on a day."""
        start = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        found = self._between(keys, start, start + timedelta(hours=26))
        return [one for one in found if one[1].astimezone(zone).date() == day]

    def _between(self, keys: Iterable[str], first: datetime, last: datetime) -> list[tuple[str, datetime]]:
        counts: Counter[tuple[str, datetime]] = Counter()
        for key in keys:
            held = self._groups.get(key, [])
            start = bisect_left(held, first, key=lambda one: one[0])
            end = bisect_right(held, last, key=lambda one: one[0])
            counts.update((id_, moment) for moment, id_ in held[start:end])
        most = max(counts.values(), default=0)
        return [one for one, count in counts.items() if count == most]


def _grouped(calls: Sequence[CallKeys], keys: Callable[[CallKeys], Iterable[str]]) -> _Grouped:
    groups: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for call in calls:
        if call.started is not None:
            for key in keys(call):
                groups[key].append((call.started, call.id))
    return _Grouped(groups)


def told_tolerance(tolerance: timedelta) -> str:
    seconds = tolerance.total_seconds()
    return plural(seconds / 60, "minute") if seconds >= 60 else plural(seconds, "second")
