"""How long conversations are kept: rules that delete those that began too long ago."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from workbench.domain.errors import InvalidArgument
from workbench.domain.filters import Filters
from workbench.domain.periods import KeepingPeriod, before, period_of
from workbench.domain.time_zones import in_zone
from workbench.resources import Resources
from workbench.store.moments import now
from workbench.store.settings import SettingRepository
from workbench.workspace.deletion import DeletionReceipt, delete

_NAME = "retention"
ANY = Filters(scope="any", kinds=("call", "email"))  # type: ignore[arg-type]  # names of kinds will do


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """Conversations that match ``filters`` are deleted once they began longer than ``period`` ago."""

    period: str
    filters: Filters

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON types."""
        return {"period": self.period, "filters": self.filters.to_dict()}


class Retention:
    """The rules of a workspace. Conversations without a start time are kept."""

    def __init__(self, resources: Resources):
        self._resources = resources
        self._settings = SettingRepository(resources.state)

    def __call__(self, period: str, filters: Filters | None = None) -> RetentionRule:
        """Add a rule: conversations are deleted once they began longer than ``period`` ago, such as "24 months".

        ``filters`` narrow it to those with a sentence that matches; a rule with the same filters is replaced.

        Raises:
            InvalidArgument: the period is not a number of days, weeks, months or years, or the filters set dates.
        """
        self._resources.check_writable()
        own = ANY if filters is None else filters
        if own.started_from is not None or own.started_before is not None:
            raise InvalidArgument("filters: leave out started_from and started_before; the period says when")
        rule = RetentionRule(period=str(period_of(period)), filters=own)
        self._keep([*(one for one in self.rules() if one.filters != own), rule])
        return rule

    def rules(self) -> list[RetentionRule]:
        """Return the rules in the order in which they were added."""
        found = self._settings.get(_NAME) or []
        return [RetentionRule(period=one["period"], filters=Filters.stored(one["filters"])) for one in found]

    def remove(self, rule: RetentionRule | None = None) -> None:
        """Remove one rule or all; what was deleted stays deleted."""
        self._resources.check_writable()
        self._keep([one for one in self.rules() if rule is not None and one != rule])

    def due(self, moment: datetime | None = None) -> list[str]:
        """Return the ids of the conversations to delete by these rules, now or at another moment.

        Days and months are those of the workspace's time zone.
        """
        moment = in_zone(now() if moment is None else moment, self._resources.lake.zone)
        found: dict[str, None] = {}
        for rule in self.rules():
            until = before(moment, _period(rule))
            if rule.filters == ANY:
                found |= dict.fromkeys(self._resources.lake.begun_before(until))
            else:
                matching = self._resources.lake.conversations(replace(rule.filters, started_before=until))
                found |= dict.fromkeys(matching["id"])
        return list(found)

    def run(self, moment: datetime | None = None) -> DeletionReceipt | None:
        """Delete what is due, now or at another moment; return None if nothing is."""
        moment = now() if moment is None else moment
        ids = self.due(moment)
        return delete(self._resources, ids, moment) if ids else None

    def _keep(self, rules: Iterable[RetentionRule]) -> None:
        self._settings.set(_NAME, [one.to_dict() for one in rules] or None)


def _period(rule: RetentionRule) -> KeepingPeriod:
    return period_of(rule.period)
