"""Sides of speakers that a person gives if a file does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from workbench.corpus.side_tags import HAND
from workbench.corpus.tables import Item
from workbench.domain.conversations import Conversation, Party, Side
from workbench.domain.errors import InvalidArgument

SidesByName = Mapping[str, str]
"""By speaker, as named in the file: "company", "customer", or "" for an unknown side."""

Sides = SidesByName | Callable[[Path], SidesByName]
"""The same for all files, or a function that returns them for a file."""


def check_sides(sides: SidesByName) -> None:
    """Raise ``InvalidArgument`` for an invalid side."""
    for name, side in sides.items():
        if side not in ("", *Side):
            raise InvalidArgument(f"sides: {name!r} must be {' or '.join(Side)}, not {side!r}")


def sides_in(sides: Sides, file: Path) -> SidesByName:
    """Return the sides for a file; raises ``InvalidArgument`` for an invalid one."""
    told = sides(file) if callable(sides) else sides
    check_sides(told)
    return told


def with_given_sides(item: Item, sides: SidesByName) -> Item:
    """Return the item with these sides; its content stays that of its file, so that it is recognised without them.

    The item's ``set`` lists these speakers, as set by a person.
    """
    told = with_sides(item.conversation, sides)
    named = {f"{HAND}{party.id}" for party in told.parties if party.id in sides or (party.name or "") in sides}
    return replace(item, conversation=told, set=tuple(sorted({*item.set, *named})))


def with_sides(conversation: Conversation, sides: SidesByName) -> Conversation:
    """Return the conversation with sides for those of its speakers who are listed, by id or by name."""
    if not sides:
        return conversation
    listed = {party.id for party in conversation.parties}
    speakers = dict.fromkeys(turn.party for turn in conversation.turns if turn.party and turn.party not in listed)
    parties = (*conversation.parties, *(Party(id=one, name=one) for one in speakers if one in sides))
    return replace(conversation, parties=tuple(_sided(party, sides) for party in parties))


def _sided(party: Party, sides: SidesByName) -> Party:
    told = sides.get(party.id, sides.get(party.name or ""))
    return party if told is None else replace(party, side=Side(told) if told else None)
