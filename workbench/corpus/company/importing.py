"""Sides at import: decided by the rules before anything is redacted, then applied to what is stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from workbench.corpus import side_tags as tags
from workbench.corpus.company.rules import SideRule, SideRules
from workbench.corpus.company.settings import Company
from workbench.corpus.company.sources import SourcePlace, folder_kept
from workbench.corpus.company.tally import SideTally
from workbench.corpus.company.telling import carried, everyone, with_sides
from workbench.corpus.reading import ReadItem, name_of
from workbench.corpus.tables import Item
from workbench.domain.conversations import Conversation, Side


class ImportSides:
    """Decides the sides in what an import reads, from what is known about the company."""

    def __init__(self, company: Company | None):
        self.rules = SideRules(company or Company())
        self.tally = SideTally()

    def told(self, one: ReadItem, redacted: ReadItem) -> ReadItem:
        """Return the item to be stored, with its sides.

        Args:
            one: what was read; the rules use its names and addresses.
            redacted: the same, as it will be stored.
        """
        if not isinstance(one.found, Item) or not isinstance(redacted.found, Item):
            return redacted
        return replace(redacted, found=self.sided(one, redacted.found))

    def sided(self, one: ReadItem, item: Item) -> Item:
        """Return the item to be stored with the sides of what was read."""
        if not isinstance(one.found, Item):
            return item
        before, after = one.found.conversation, item.conversation
        folder = folder_kept(one.path) if one.path else ""
        hand = by_hand(one.found)
        if hand or not self.rules.company.is_empty:
            place = SourcePlace(before.id, name_of(Path(one.path)) if one.path else "", folder)
            decided = self.rules.decide(everyone(before), place, hand)
            item = with_sides(replace(item, set=()), carried(decided, before, after))
        names = set(item.set)
        if folder and one.format and any(party.side is None for party in everyone(item.conversation)):
            names.add(tags.folder_tag(folder))
        if _ids(before) != _ids(after):
            names.add(tags.REDACTED)
        return replace(item, set=tuple(sorted(names)))

    def count(self, item: Item) -> None:
        """Count the sides of a conversation that is stored."""
        conversation = item.conversation
        speakers = {turn.party for turn in conversation.turns if turn.party}
        self.tally.add(conversation.id, everyone(conversation), speakers, item.set, item.conflicts)


def by_hand(item: Item) -> dict[str, Side | None]:
    """Return the sides that a person gave with an import, by party."""
    rules = tags.rules_in(item.set)
    return {one.id: one.side for one in item.conversation.parties if rules.get(one.id) == SideRule.HAND}


def _ids(conversation: Conversation) -> list[str]:
    return [party.id for party in everyone(conversation)]
