"""Tags in a conversation's row for how its sides were decided, among the names of what was set later.

"side.hand.Ann" was set by a person, and stays when the call is imported again; "side.email.Ann" follows from the rule
of that name and what the workspace knows about the company, and is updated with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

HAND = "side.hand."
SCOPE, DIRECTION = "scope.rule", "direction.rule"
REDACTED = "parties.redacted"
"""Names, addresses and labels are redacted: what the rules decided before counts."""

_SIDE, _TEAM, _FROM = "side.", "team.rule.", "from."


def side_tag(rule: str, party: str) -> str:
    """Return the tag for the rule that decided a party's side."""
    return f"{_SIDE}{rule}.{party}"


def team_tag(party: str) -> str:
    """Return the tag for a party whose team is that of the colleague."""
    return f"{_TEAM}{party}"


def folder_tag(folder: str) -> str:
    """Return the tag for the folder of a call's file."""
    return f"{_FROM}{folder}"


def rules_in(names: Iterable[str]) -> dict[str, str]:
    """Return by party the rule that decided its side."""
    parts = (name.removeprefix(_SIDE).partition(".") for name in names if name.startswith(_SIDE))
    return {party: rule for rule, _, party in parts}


def teams_in(names: Iterable[str]) -> set[str]:
    """Return the parties whose team is that of the colleague."""
    return {name.removeprefix(_TEAM) for name in names if name.startswith(_TEAM)}


def folder_in(names: Iterable[str]) -> str:
    """Return the folder of a call's file; empty if unknown."""
    return next((name.removeprefix(_FROM) for name in names if name.startswith(_FROM)), "")


def set_by_people(names: Collection[str]) -> tuple[str, ...]:
    """Return the names of what people have set."""
    made = (_SIDE, _TEAM, _FROM, SCOPE, DIRECTION, REDACTED)
    return tuple(name for name in names if name.startswith(HAND) or not name.startswith(made))
