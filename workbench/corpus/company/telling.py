"""Items of an import with the sides that the rules decide, whether the call is internal, and who started it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.corpus import side_tags as tags
from workbench.corpus.company.rules import Decided, SideRule
from workbench.corpus.content_hashes import ContentHash
from workbench.corpus.tables import Item
from workbench.domain.conversations import Conversation, Direction, Kind, Party, Scope, Side

_MAX_CONFLICTS_OF_CALL = 20  # in one call


@dataclass(frozen=True, slots=True)
class Follows:
    """What follows from the sides of a call: its scope and its direction; None if unknown."""

    scope: Scope | None
    direction: Direction | None


def everyone(conversation: Conversation) -> tuple[Party, ...]:
    """Return the parties, and speakers who are not listed."""
    listed = {party.id for party in conversation.parties}
    speakers = dict.fromkeys(turn.party for turn in conversation.turns if turn.party and turn.party not in listed)
    return (*conversation.parties, *(Party(id=one) for one in speakers))


def follows(kind: str, parties: Sequence[Party], sender: str | None) -> Follows:
    """Return what follows from sides: a call of colleagues only is internal, one with a customer external.

    An e-mail is outbound if the company wrote it to a customer, inbound if a customer wrote it. Who called whom does
    not follow from sides.
    """
    sides = [party.side for party in parties]
    scope = Scope.EXTERNAL if Side.CUSTOMER in sides else None
    if len(sides) > 1 and all(side == Side.COMPANY for side in sides):
        scope = Scope.INTERNAL
    direction = None
    if kind == Kind.EMAIL and sender is not None:
        wrote = next((party.side for party in parties if party.id == sender), None)
        if wrote == Side.CUSTOMER:
            direction = Direction.INBOUND
        elif wrote == Side.COMPANY and Side.CUSTOMER in sides:
            direction = Direction.OUTBOUND
    return Follows(scope, direction)


def carried(decided: Decided, before: Conversation, after: Conversation) -> Decided:
    """Return the decisions for a conversation whose parties have new ids, in the same order."""
    if before is after:
        return decided
    new = {old.id: party.id for old, party in zip(before.parties, after.parties, strict=False)}
    for old, turn in zip(before.turns, after.turns, strict=False):
        if old.party and turn.party:
            new[old.party] = turn.party
    return Decided(
        {new[one]: told for one, told in decided.sides.items() if one in new},
        {new[one]: team for one, team in decided.teams.items() if one in new},
        tuple(replace(one, speaker=new[one.speaker]) for one in decided.conflicts if one.speaker in new),
    )


def with_sides(item: Item, decided: Decided) -> Item:
    """Return the item with the decided sides and teams; its content's hash stays that of its file."""
    conversation = item.conversation
    named = set(tags.set_by_people(item.set))
    parties: list[Party] = []
    for party in _kept(conversation, decided.sides):
        told = decided.sides.get(party.id)
        team = decided.teams.get(party.id)
        if told is not None and told[1] != SideRule.FORMAT:
            named.add(tags.side_tag(told[1], party.id))
        if team is not None:
            named.add(tags.team_tag(party.id))
        parties.append(replace(party, side=told[0] if told else party.side, team=team or party.team))
    conflicts = tuple(map(str, decided.conflicts[:_MAX_CONFLICTS_OF_CALL]))
    told_sides = replace(conversation, parties=tuple(parties))
    return followed(replace(item, conversation=told_sides, set=tuple(sorted(named)), conflicts=conflicts))


def followed(item: Item) -> Item:
    """Return the item with the scope and direction that follow from its sides, if nobody has set them."""
    conversation, named = item.conversation, set(item.set)
    for tag, name in ((tags.SCOPE, "scope"), (tags.DIRECTION, "direction")):
        if tag in named:
            conversation = replace(conversation, **{name: None})  # type: ignore[arg-type]  # one of the two names
            named.discard(tag)
    parties = everyone(conversation)
    sender = conversation.turns[0].party if conversation.turns else None
    found = follows(conversation.kind, parties, sender)
    if conversation.scope is None and found.scope is not None:
        conversation = replace(conversation, scope=found.scope)
        named.add(tags.SCOPE)
    if conversation.direction is None and found.direction is not None:
        conversation = replace(conversation, direction=found.direction)
        named.add(tags.DIRECTION)
    return replace(item, conversation=conversation, set=tuple(sorted(named)))


def kept_sides(item: Item, row: Mapping[str, Any]) -> Item:
    """Return an item that is imported again, with the sides that people set since it was last imported."""
    told = ContentHash.of(row["content_hash"]).set
    by_hand = _by_hand(told) - _by_hand(item.set)
    by_rule = ((tags.SCOPE, "scope"), (tags.DIRECTION, "direction"))
    named = set(item.set) - {tag for tag, name in by_rule if name in told}
    if not by_hand:
        return replace(item, set=tuple(sorted(named)))
    before = {party["id"]: party["side"] for party in row["parties"] or () if party["id"] in by_hand}
    parties = tuple(
        replace(party, side=Side(side) if (side := before[party.id]) else None) if party.id in before else party
        for party in _kept(item.conversation, before)
    )
    named -= {tags.side_tag(rule, party) for party, rule in tags.rules_in(item.set).items() if party in before}
    kept = replace(item, conversation=replace(item.conversation, parties=parties), set=tuple(sorted(named)))
    return followed(kept)


def _by_hand(names: Iterable[str]) -> set[str]:
    return {party for party, rule in tags.rules_in(names).items() if rule == SideRule.HAND}


def _kept(conversation: Conversation, told: Mapping[str, Any]) -> list[Party]:
    """Return the parties, and speakers about whom something was set."""
    listed = {party.id for party in conversation.parties}
    return [party for party in everyone(conversation) if party.id in listed or party.id in told]
