"""Removes what identifies participants: "Speaker 1" in place of an id, no name, no address."""

from __future__ import annotations

import re
from dataclasses import replace

from workbench.domain.conversations import Conversation, Party

_HIDDEN = re.compile(r"Speaker \d+")


def without_participants(conversation: Conversation) -> tuple[Conversation, int]:
    """Return the conversation with numbers for its people, and how many had names; sides and teams stay."""
    ids = dict.fromkeys(party.id for party in conversation.parties)
    ids |= dict.fromkeys(turn.party for turn in conversation.turns if turn.party is not None)
    new = {id_: f"Speaker {number}" for number, id_ in enumerate(ids, start=1)}
    named = {id_ for id_ in ids if not _HIDDEN.fullmatch(id_)}
    named |= {party.id for party in conversation.parties if party.name is not None or party.email is not None}
    parties = tuple(_hidden(party, new[party.id]) for party in conversation.parties)
    turns = tuple(turn if turn.party is None else replace(turn, party=new[turn.party]) for turn in conversation.turns)
    return replace(conversation, parties=parties, turns=turns), len(named)


def _hidden(party: Party, id_: str) -> Party:
    return replace(party, id=id_, name=None, email=None)
