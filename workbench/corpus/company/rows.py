"""Sides of stored calls: what the rules, or a person, decide for a conversation's row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbench.corpus import side_tags as tags
from workbench.corpus.company.rules import Decided, SideConflict, SideRule, SideRules
from workbench.corpus.company.sources import SourcePlace
from workbench.corpus.company.telling import follows
from workbench.corpus.content_hashes import ContentHash
from workbench.corpus.heads import HeadRow, told_in
from workbench.domain.conversations import Party, Side
from workbench.domain.names import name_key

_TOLD = ("parties", "scope", "direction")

GivenSides = Mapping[str, Side | None]
"""By speaker, by id or by name; None if the side is unknown."""


def parties_in(row: Mapping[str, Any], speakers: Sequence[str]) -> list[Party]:
    """Return the parties of a row, and speakers who are not listed.

    Args:
        row: the conversation's row.
        speakers: the names, or else ids, of the speakers.
    """
    listed = [
        Party(**{**party, "side": Side(party["side"]) if party["side"] else None}) for party in row["parties"] or ()
    ]
    known = {name for party in listed for name in (party.id, party.name)}
    return [*listed, *(Party(id=one) for one in speakers if one not in known)]


def place_of(row: Mapping[str, Any]) -> SourcePlace:
    """Return where a conversation came from, as far as it is stored."""
    folder = tags.folder_in(ContentHash.of(row["content_hash"]).set)
    return SourcePlace(row["id"], row["source"] or "", folder)


def named_in(parties: Sequence[Party], given: str) -> list[str]:
    """Return the ids of the parties meant: the one with this id, else all with this name."""
    if any(party.id == given for party in parties):
        return [given]
    key = name_key(given)
    return [party.id for party in parties if key in (name_key(party.name or party.id), name_key(party.id))]


def resided(
    row: HeadRow, speakers: Sequence[str], rules: SideRules | None, given: GivenSides | None = None
) -> tuple[HeadRow, tuple[SideConflict, ...]]:
    """Return a conversation's row with its sides by the current rules, and any conflicts.

    Args:
        row: the conversation's row; returned as it is if nothing changes.
        speakers: the names, or else ids, of the speakers, in the order in which they first speak.
        rules: with what is known about the company; None leaves the sides that they decided before.
        given: by id, what a person says about this call.
    """
    kept = ContentHash.of(row["content_hash"])
    parties = parties_in(row, speakers)
    by_rule = tags.rules_in(kept.set)
    hand = {one.id: one.side for one in parties if by_rule.get(one.id) == SideRule.HAND} | dict(given or {})
    if rules is None or tags.REDACTED in kept.set:
        teams = tags.teams_in(kept.set)
        decided = _as_before(parties, by_rule, hand)
    else:
        parties = [_as_told(one, by_rule, tags.teams_in(kept.set)) for one in parties]
        decided = rules.decide(parties, place_of(row), hand)
        teams = set(decided.teams)
    listed = {party["id"] for party in row["parties"] or ()}
    sided = [_sided(one, decided) for one in parties]
    names = {name for name in kept.set if not name.startswith(("side.", "team.rule."))}
    names |= {tags.side_tag(rule, id_) for id_, (_, rule) in decided.sides.items() if rule != SideRule.FORMAT}
    names |= {tags.team_tag(id_) for id_ in teams}
    out = dict(row)
    out["parties"] = [_plain(one) for one in sided if one.id in listed or one.id in decided.sides]
    if hand or (rules is not None and not rules.company.is_empty) or out["parties"] != (row["parties"] or []):
        out, names = _with_what_follows(out, names, sided, speakers)
    if names == set(kept.set) and all(out[name] == row[name] for name in _TOLD):
        return row, decided.conflicts
    return out | {"content_hash": kept.with_set(names, told_in(out))}, decided.conflicts


def _as_told(party: Party, by_rule: Mapping[str, str], teams: Collection[str]) -> Party:
    """Return a party as its file describes it, without changes by rules and people."""
    side = None if party.id in by_rule else party.side
    return replace(party, side=side, team=None if party.id in teams else party.team)


def _sided(party: Party, decided: Decided) -> Party:
    side, _ = decided.sides.get(party.id, (None, None))
    return replace(party, side=side, team=party.team or decided.teams.get(party.id))


def _as_before(parties: Sequence[Party], by_rule: Mapping[str, str], hand: GivenSides) -> Decided:
    sides = {
        one.id: (one.side, SideRule(by_rule.get(one.id, SideRule.FORMAT)))
        for one in parties
        if one.side is not None or one.id in by_rule
    }
    return Decided(sides | {one: (side, SideRule.HAND) for one, side in hand.items()})


def _with_what_follows(
    row: HeadRow, names: set[str], parties: Sequence[Party], speakers: Sequence[str]
) -> tuple[HeadRow, set[str]]:
    """Set scope and direction if neither the file nor a person has set them."""
    first = next((party.id for party in parties if speakers and speakers[0] in (party.id, party.name)), None)
    found = follows(row["kind"], parties, first)
    out, left = dict(row), set(names)
    for tag, name, value in ((tags.SCOPE, "scope", found.scope), (tags.DIRECTION, "direction", found.direction)):
        if name in names or (row[name] is not None and tag not in names):
            continue
        out[name] = None if value is None else str(value)
        left = left | {tag} if value is not None else left - {tag}
    return out, left


def _plain(party: Party) -> dict[str, str | None]:
    side = None if party.side is None else str(party.side)
    return {"id": party.id, "name": party.name, "side": side, "team": party.team, "email": party.email}
