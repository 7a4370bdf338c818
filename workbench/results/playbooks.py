"""Playbooks (R6): questions that a deal should answer, each filled by what trackers found in the deal's calls."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from workbench.corpus.lake import Lake
from workbench.domain.errors import TrackerNotFound
from workbench.domain.results import InvalidDefinition, PlaybookItem
from workbench.domain.unreadable import Unreadable, UnreadableItem
from workbench.domain.used_trackers import UsedTracker, notes_of
from workbench.results.asking import asked_of
from workbench.results.deals import deal, deals
from workbench.results.finds import Find, Finds, counted
from workbench.store.definitions import Definition, DefinitionRepository
from workbench.store.trackers import TrackerRepository
from workbench.store.used_trackers import used_trackers

FILLED, OPEN, NOT_LOOKED = "filled", "open", "not looked for"
_EVIDENCE = ["sentence_id", "text", "speaker", "conversation_id", "started", "version"]

TEMPLATES: Mapping[str, tuple[PlaybookItem, ...]] = {
    "BANT": (
        PlaybookItem(name="Budget", description="What they can spend, and whether it is set aside"),
        PlaybookItem(name="Authority", description="Who decides, and who else has a say"),
        PlaybookItem(name="Need", description="What goes wrong today, and what that costs them"),
        PlaybookItem(name="Timing", description="By when they want it, and why then"),
    ),
    "MEDDIC": (
        PlaybookItem(name="Metrics", description="The figures by which they would call it a success"),
        PlaybookItem(name="Economic buyer", description="Who can release the money"),
        PlaybookItem(name="Decision criteria", description="What they will compare offers by"),
        PlaybookItem(name="Decision process", description="The steps up to a signature"),
        PlaybookItem(name="Pain", description="What goes wrong today, and what that costs them"),
        PlaybookItem(name="Champion", description="Who argues for it when nobody from outside is there"),
    ),
}
"""Items to begin with; give them trackers."""

Items = Sequence[PlaybookItem] | Mapping[str, Sequence[str]]


@dataclass(frozen=True, eq=False)
class Playbook:
    """A template of items; ``items`` are their definitions."""

    id: str
    name: str
    items: tuple[PlaybookItem, ...]
    _lake: Lake
    _find: Find
    _trackers: TrackerRepository
    _engine: Engine

    def __repr__(self) -> str:
        return f"Playbook({self.name!r}, {', '.join(item.name for item in self.items)})"

    @property
    def advice(self) -> tuple[str, ...]:
        """Return what prevents it from being filled well: trackers of the wrong side, items without one."""
        known = self.trackers
        return tuple(words for item in self.items for words in self._advice(item, known))

    @property
    def notes(self) -> tuple[str, ...]:
        """Return notes on its trackers that are not in use."""
        return notes_of(self.trackers.values())

    @property
    def trackers(self) -> dict[str, UsedTracker]:
        """Return the trackers of all items by id, including deleted ones."""
        return used_trackers(self._engine, [one for item in self.items for one in item.trackers])

    def fill(self, deal_id: str) -> pd.DataFrame:
        """Fill the items for one deal, in order.

        Returns:
            One row per item: ``item``, ``description``, ``state`` (filled; open if trackers found nothing; not looked
            for if no tracker read any of its calls), ``finds`` sentences, ``trackers`` that found them, and for the
            most likely one sentence_id, text, speaker, conversation_id, started and the version that found it.
            ``attrs["notes"]`` list trackers that are not in use, or could not be asked.

        Raises:
            DealNotFound: no conversation belongs to it.
        """
        finds, notes = asked_of(self.trackers.values(), self._find)
        # By id: one that was deleted and one that is in use may have the same name.
        activity = deal(self._lake, deal_id, [replace(one, name=one.tracker_id) for one in finds.values()])
        rows = []
        for item in self.items:
            mine = [one for one in item.trackers if one in finds]
            found = activity.found[activity.found["tracker"].isin(mine)]
            looked = activity.calls[mine].notna().any(axis=None)
            row: dict[str, object] = {
                "item": item.name,
                "description": item.description,
                "state": _state(len(found), bool(looked)),
            }
            by = tuple(finds[one].name for one in dict.fromkeys(found["tracker"]))
            row |= {"finds": found["sentence_id"].nunique(), "trackers": by}
            best = found.sort_values("score", ascending=False, kind="stable").head(1)
            rows.append(row | {name: best[name].iloc[0] if len(best) else None for name in _EVIDENCE})
        out = pd.DataFrame(rows)
        out.attrs["notes"] = notes
        return out

    def overview(self) -> pd.DataFrame:
        """Return all deals, newest first, with the state of each item in its own column, and how many are filled."""
        finds, notes = asked_of(self.trackers.values(), self._find)
        number_to_deal = self._lake.about()["deal"]
        table = deals(self._lake).set_index("deal")
        counts = {one: _by_deal(self._lake, found, number_to_deal, table.index) for one, found in finds.items()}
        states = {}
        for item in self.items:
            known = pd.DataFrame({one: counts[one] for one in item.trackers if one in counts}, index=table.index)
            looked, found = known.notna().any(axis=1), known.fillna(0).sum(axis=1)
            states[item.name] = [_state(int(f), bool(lo)) for f, lo in zip(found, looked, strict=True)]
        items = pd.DataFrame(states, index=table.index)
        clash = {name: f"{name} (item)" for name in items.columns if name in table.columns or name == "filled"}
        out = table.join((items == FILLED).sum(axis=1).rename("filled")).join(items.rename(columns=clash))
        out.attrs["notes"] = notes
        return out.reset_index()

    def _advice(self, item: PlaybookItem, known: Mapping[str, UsedTracker]) -> list[str]:
        if not item.trackers:
            return [f"{item.name}: without a tracker, nothing fills it."]
        out = []
        for one in item.trackers:
            if known[one].note and known[one].status != "never published":  # of which ``notes`` tell
                out.append(f"{item.name}: {known[one].note}")
            if known[one].status in ("deleted", "deleted forever"):
                continue
            try:
                spec = self._trackers.get(one)
            except UnreadableItem:
                out.append(f"{item.name}: {known[one].name!r} cannot be read.")
                continue
            except TrackerNotFound:  # deleted forever meanwhile
                continue
            if spec.filters.side != "customer":
                who = "the company says" if spec.filters.side == "company" else "anyone says"
                out.append(
                    f"{item.name}: {spec.name!r} looks at what {who}. A playbook is filled by what the customer says: "
                    "train it on the customer's side, with examples in the customer's words."
                )
        return out


class Playbooks:
    """The playbooks of a workspace."""

    def __init__(self, engine: Engine, lake: Lake, find: Find):
        self._rows = DefinitionRepository(engine, "playbook")
        self._engine = engine
        self._trackers = TrackerRepository(engine)
        self._lake = lake
        self._find = find

    def create(self, name: str, items: Items) -> Playbook:
        """Create a playbook; ``items`` map names to trackers (ids or names), or are ready-made, like ``TEMPLATES``.

        Raises:
            InvalidDefinition: says which of name or items cannot be used, and why.
            TrackerNotFound: no tracker has this id or name.
        """
        return self._playbook(self._rows.add(name, self._body(items)))

    def get(self, id_or_name: str) -> Playbook:
        """Return a playbook by id or name; raises ``DefinitionNotFound``, or ``UnreadableItem``."""
        return self._rows.get_as(id_or_name, self._playbook)

    def list(self) -> list[Playbook]:
        """Return all playbooks that can be read, oldest first."""
        return self.read_all()[0]

    def read_all(self) -> tuple[builtins.list[Playbook], builtins.list[Unreadable]]:
        """Return all playbooks that can be read, and those that cannot."""
        return self._rows.read_all(self._playbook)

    def update(self, id_or_name: str, name: str | None = None, items: Items | None = None) -> Playbook:
        """Change the name, or all items; the rules of a new playbook apply."""

        def change(found: Definition) -> tuple[str, dict[str, Any]]:
            kept = {one for item in self._playbook(found).items for one in item.trackers}
            body = found.body if items is None else self._body(items, kept)
            return found.name if name is None else name, body

        return self._playbook(self._rows.change(id_or_name, change))

    def delete(self, id_or_name: str) -> None:
        """Delete the playbook, not its trackers; raises ``DefinitionNotFound``."""
        self._rows.delete(id_or_name)

    def _body(self, items: Items, kept: AbstractSet[str] = frozenset()) -> dict[str, Any]:
        """Return the definition; trackers in ``kept``, which it already has, stay even if they were deleted."""
        if isinstance(items, Mapping):
            items = [PlaybookItem(name=name, trackers=_listed(name, trackers)) for name, trackers in items.items()]
        if not items:
            raise InvalidDefinition("items: give at least one")
        names = [item.name for item in items]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise InvalidDefinition(f"items: {twice!r} appears twice")
        resolved = [[one if one in kept else self._trackers.get(one).id for one in item.trackers] for item in items]
        return {"items": [asdict(item) | {"trackers": ids} for item, ids in zip(items, resolved, strict=True)]}

    def _playbook(self, found: Definition) -> Playbook:
        items = tuple(PlaybookItem(**{**one, "trackers": tuple(one["trackers"])}) for one in found.body["items"])
        return Playbook(found.id, found.name, items, self._lake, self._find, self._trackers, self._engine)


def _listed(name: str, trackers: Sequence[str]) -> tuple[str, ...]:
    if isinstance(trackers, str):
        raise InvalidDefinition(f"{name}: give a list of trackers, not the single text {trackers!r}")
    return tuple(trackers)


def _state(found: int, looked: bool) -> str:
    return FILLED if found else OPEN if looked else NOT_LOOKED


def _by_deal(lake: Lake, finds: Finds, deal_of: pd.Series[str], all_deals: pd.Index[str]) -> pd.Series[int]:
    """Return how many sentences were found in each deal; missing if none of its conversations was looked at."""
    table = counted(lake, finds)
    table = table.assign(deal=table["number"].map(deal_of))
    found: pd.Series[int] = table.groupby("deal")["found"].sum().reindex(all_deals).astype("Int64")
    return found
