"""The time zone and names that a lake uses: moments in its zone; people, teams and accounts by their main names."""

from __future__ import annotations

import os
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pandas as pd

from workbench.corpus.filters_sql import Condition, condition_of
from workbench.corpus.lake_editing import LakeEditing
from workbench.corpus.people import main_names, merged, one_spelling, people_of
from workbench.corpus.shown_names import ShownNames, by_address
from workbench.corpus.speakers import speakers_of
from workbench.corpus.units import about_conversations, teams_of
from workbench.domain.conventions import Conventions
from workbench.domain.filters import Filters

_AS_WRITTEN = ShownNames()


class LakeNames(LakeEditing):
    """Answers who took part, in which teams and accounts, by the conventions of a workspace.

    Attributes:
        conventions: returns the zone by which days are counted, and which names mean the same; called for each query,
            so that a change takes effect at once. Moments are returned in that zone's local time, and people, teams and
            accounts have their main names.
    """

    def __init__(
        self,
        root: str | os.PathLike[str],
        read_only: bool = False,
        conventions: Callable[[], Conventions] = Conventions,
    ):
        super().__init__(root, read_only)
        self.conventions = conventions
        self._shown: tuple[object, ShownNames] = None, _AS_WRITTEN

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone by which days are counted."""
        return self.conventions().zone

    @property
    def _names(self) -> ShownNames:
        """Return what replaces spellings by main names, computed again when the corpus or the aliases change."""
        aliases = self.conventions().aliases
        if not aliases.groups:
            return _AS_WRITTEN
        cursor, kept = self._cursor(), self._database.kept
        of, shown = self._shown
        if of is not kept or shown.aliases != aliases:
            shown = ShownNames(aliases, by_address(cursor, aliases))
            self._shown = kept, shown
        return shown

    def _local(self, moments: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
        return moments.dt.tz_convert(self.zone.key)

    def _where(self, filters: Filters | None) -> Condition:
        condition = condition_of(filters, self.conventions())
        if condition.is_named:
            self._named()
        return condition

    def about(self) -> pd.DataFrame:
        """Return the properties to group each conversation by, by number; ``team`` lists all its teams.

        Accounts and stages that differ only in spelling are treated as one.
        """
        cursor, kept = self._cursor(), self._database.kept
        if "about" not in kept:
            table: pd.DataFrame = about_conversations(cursor).to_pandas().set_index("number")
            written = {name: one_spelling(table[name]) for name in ("account", "stage")}
            kept["about"] = table.assign(**written)
        about = kept["about"]
        return self._names.table(about.assign(started=self._local(about["started"])))

    def people(self) -> pd.DataFrame:
        """Return the participants from the company, one person in one conversation per row.

        See :func:`workbench.corpus.people.people_of` and :func:`~workbench.corpus.people.merged`.
        """
        cursor, kept = self._cursor(), self._database.kept
        if "people" not in kept:
            found = people_of(cursor)
            kept["people"] = found.assign(team=one_spelling(found["team"], like=self._written_teams()["team"]))
        aliases = self.conventions().aliases
        people = merged(kept["people"], aliases)
        return people.assign(team=main_names(people["team"], "team", aliases))

    def speakers(self) -> pd.DataFrame:
        """Return who speaks, one person per row; see :func:`workbench.corpus.speakers.speakers_of`."""
        return speakers_of(self._cursor(), self.conventions().aliases)

    def teams(self) -> pd.DataFrame:
        """Return the teams of each conversation, one per row: number, team; equal teams have one spelling."""
        found = self._written_teams()
        teams = main_names(found["team"], "team", self.conventions().aliases)
        return found.assign(team=teams).drop_duplicates(ignore_index=True)

    def _written_teams(self) -> pd.DataFrame:
        cursor, kept = self._cursor(), self._database.kept
        if "teams" not in kept:
            found: pd.DataFrame = teams_of(cursor).to_pandas()
            kept["teams"] = found.assign(team=one_spelling(found["team"])).drop_duplicates(ignore_index=True)
        return kept["teams"]
