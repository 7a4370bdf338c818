"""What a conversation's row says of how its sides became known, among the names of what was set later.

"side.hand.Ann" was set by a person, and stays when the call is imported again; "side.email.Ann" follows from the rule
of that name and what the workspace knows of the company, and is made again with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

HAND = "side.hand."
SCOPE, DIRECTION = "scope.rule", "direction.rule"
REDACTED = "parties.redacted"
"""Nobody can be told any more by name, address or label: what the rules told before counts."""

_SIDE, _TEAM, _FROM = "side.", "team.rule.", "from."


def side_tag(rule: str, party: str) -> str:
    """Return the name that says which rule told a party's side."""
    return f"{_SIDE}{rule}.{party}"


def team_tag(party: str) -> str:
    """Return the name that says that a party's team is that of the colleague."""
    return f"{_TEAM}{party}"


def folder_tag(folder: str) -> str:
    """Return the name that says where a call's file lay."""
    return f"{_FROM}{folder}"


def rules_in(names: Iterable[str]) -> dict[str, str]:
    """Return by party the rule that told its side."""
    parts = (name.removeprefix(_SIDE).partition(".") for name in names if name.startswith(_SIDE))
    return {party: rule for rule, _, party in parts}


def teams_in(names: Iterable[str]) -> set[str]:
    """Return the parties whose team is that of the colleague."""
    return {name.removeprefix(_TEAM) for name in names if name.startswith(_TEAM)}


def folder_in(names: Iterable[str]) -> str:
    """Return where a call's file lay; empty if that is not known."""
    return next((name.removeprefix(_FROM) for name in names if name.startswith(_FROM)), "")


def set_by_people(names: Collection[str]) -> tuple[str, ...]:
    """Return the names of what people set."""
    made = (_SIDE, _TEAM, _FROM, SCOPE, DIRECTION, REDACTED)
    return tuple(name for name in names if name.startswith(HAND) or not name.startswith(made))
