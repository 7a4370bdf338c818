"""Names for display: people, teams and accounts by their main names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import duckdb
import pandas as pd

from workbench.corpus.people import main_names
from workbench.corpus.views import Card, Facets, Heading, Line, Outline, SentenceInContext
from workbench.domain.aliases import NO_ALIASES, AliasKind, AliasTable, key_of
from workbench.domain.conversations import Party
from workbench.domain.tags import ContextSentence

_ADDRESSES = "SELECT DISTINCT p.email FROM (SELECT unnest(parties) AS p FROM conversations) WHERE p.email IS NOT NULL"
_ADDRESSED = """
SELECT id, coalesce(p.name, p.id), p.email FROM (SELECT id, unnest(parties) AS p FROM conversations)
WHERE p.email IN (SELECT unnest(?::VARCHAR[]))
"""

_NAMED: tuple[tuple[str, AliasKind], ...] = (("teams", "team"), ("accounts", "account"), ("participants", "person"))

ByAddress = Mapping[tuple[str, str], str]
"""The main names of speakers with a known address, by the conversation's id and the name there."""


def by_address(db: duckdb.DuckDBPyConnection, aliases: AliasTable) -> ByAddress:
    """Return the speakers in each conversation whose address is an alias."""
    mains = aliases.mains("person")
    if not any("@" in key for key in mains):
        return {}
    found = {one: mains[key_of(one)] for (one,) in db.execute(_ADDRESSES).fetchall() if key_of(one) in mains}
    return {(id_, name): found[one] for id_, name, one in db.execute(_ADDRESSED, [list(found)]).fetchall()}


@dataclass(frozen=True, slots=True)
class ShownNames:
    """Replaces names in the lake's results by main names; without aliases everything stays as it is."""

    aliases: AliasTable = NO_ALIASES
    by_address: ByAddress = field(default_factory=dict)

    def speaker(self, conversation_id: str, name: str | None) -> str | None:
        """Return a speaker's display name in a conversation."""
        if name is None:
            return None
        return self.by_address.get((conversation_id, name)) or self.aliases.main("person", name)

    def sentences(self, found: dict[str, SentenceInContext]) -> dict[str, SentenceInContext]:
        """Return the sentences with the speakers' main names."""
        return {name: self._sentence(one) for name, one in found.items()} if self._of_people else found

    def lines(self, conversation_id: str, found: list[Line]) -> list[Line]:
        """Return the lines of a conversation with the speakers' main names."""
        if not self._of_people:
            return found
        return [replace(one, speaker=self.speaker(conversation_id, one.speaker)) for one in found]

    def outline(self, one: Outline) -> Outline:
        """Return the outline with main names for its account and parties."""
        if not self.aliases.groups:
            return one
        return replace(one, account=self._account(one.account), parties=self._parties(one.parties))

    def card(self, one: Card) -> Card:
        """Return the card with main names for its account, teams and parties."""
        if not self.aliases.groups:
            return one
        team = one.team and self.aliases.main("team", one.team)
        teams = tuple(sorted({self.aliases.main("team", team) for team in one.teams}))
        account = self._account(one.account)
        return replace(one, account=account, team=team, teams=teams, parties=self._parties(one.parties))

    def headings(self, found: dict[int, Heading]) -> dict[int, Heading]:
        """Return the headings with main names for their accounts and teams."""
        if not self.aliases.groups:
            return found
        return {
            number: replace(one, account=self._account(one.account), team=self.joined(one.team))
            for number, one in found.items()
        }

    def table(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table with main names for account, team (all teams in one text) and, by conversation_id, speaker."""
        if not self.aliases.groups:
            return frame
        found = {"account": main_names(frame["account"], "account", self.aliases)}
        found["team"] = frame["team"].map({one: self.joined(one) for one in frame["team"].dropna().unique()})
        if "speaker" in frame:
            pairs = zip(frame["conversation_id"], frame["speaker"], strict=True)
            names = [self.speaker(id_, None if pd.isna(name) else name) for id_, name in pairs]
            found["speaker"] = pd.Series(names, frame.index, dtype=frame["speaker"].dtype)
        return frame.assign(**found)

    def facets(self, one: Facets) -> Facets:
        """Return the facets with each main name once."""
        if not self.aliases.groups:
            return one
        return replace(
            one,
            teams=_once(self.aliases.main("team", name) for name in one.teams),
            accounts=_once(self.aliases.main("account", name) for name in one.accounts),
            participants=_once(self.aliases.main("person", name) for name in one.participants),
            counts={**one.counts, **{name: self._added(kind, one.counts.get(name, {})) for name, kind in _NAMED}},
        )

    def _added(self, kind: AliasKind, counts: Mapping[str, int]) -> dict[str, int]:
        """Return the counts by main name; a conversation that has two spellings of a name counts twice."""
        out: Counter[str] = Counter()
        for name, count in counts.items():
            out[self.aliases.main(kind, name)] += count
        return dict(out)

    def joined(self, teams: str | None) -> str | None:
        """Return all teams in one text, for lists, each once."""
        if teams is None or not self.aliases.mains("team"):
            return teams
        whole = self.aliases.main("team", teams)  # whose name may contain a comma
        return (
            whole if whole != teams else ", ".join(_once(self.aliases.main("team", one) for one in teams.split(", ")))
        )

    @property
    def _of_people(self) -> bool:
        return bool(self.aliases.mains("person"))

    def _sentence(self, one: SentenceInContext) -> SentenceInContext:
        def near(others: Iterable[ContextSentence]) -> tuple[ContextSentence, ...]:
            return tuple(replace(other, speaker=self.speaker(one.conversation_id, other.speaker)) for other in others)

        speaker = self.speaker(one.conversation_id, one.speaker)
        return replace(one, speaker=speaker, before=near(one.before), after=near(one.after))

    def _account(self, name: str | None) -> str | None:
        return name and self.aliases.main("account", name)

    def _parties(self, parties: Iterable[Party]) -> tuple[Party, ...]:
        return tuple(self._party(one) for one in parties)

    def _party(self, one: Party) -> Party:
        mains = self.aliases.mains("person")
        name = (one.email and mains.get(key_of(one.email))) or (one.name and mains.get(key_of(one.name))) or one.name
        return replace(one, name=name, team=one.team and self.aliases.main("team", one.team))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
