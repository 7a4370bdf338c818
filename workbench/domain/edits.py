"""Edits of one definition by several people: changes to different fields are kept, and overwritten ones are told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workbench.domain import plain_json
from workbench.domain.errors import WorkbenchError
from workbench.domain.texts import listed


class EditedMeanwhile(WorkbenchError):
    """A change was made to a definition that is no longer what the caller saw; look at it again."""


class EditedElsewhere(UserWarning):
    """Someone else edited the same definition: says what they changed, and what became of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One edit: the ``revision`` it made, who made it and when, and the old and new value of each changed field."""

    revision: int
    at: datetime
    by: str
    changes: Mapping[str, tuple[Any, Any]]

    def __str__(self) -> str:
        return f"{self.by or 'Someone'} changed {in_words(self.changes)} at {self.at:%Y-%m-%d %H:%M} UTC"


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the old and the new value of each field that differs; of filters and settings, of each part."""
    out: dict[str, tuple[Any, Any]] = {}
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            out |= {f"{name}.{part}": pair for part, pair in differing(old, new).items()}
        elif old != new:
            out[name] = old, new
    return out


def merged(base: Mapping[str, Any], wanted: Mapping[str, Any], current: Mapping[str, Any]) -> dict[str, Any]:
    """Apply what ``wanted`` changes of ``base`` to ``current``; where both changed a field, what is wanted wins."""
    return {**current, **{name: value for name, value in wanted.items() if value != base.get(name)}}


def meanwhile(others: Iterable[Edit], mine: Iterable[str]) -> str:
    """Say what others changed while someone changed the fields ``mine``, and what became of it; empty for nothing."""
    own, said = set(mine), []
    for one in others:
        replaced = [name for name in one.changes if name in own]
        what = f"your change replaces {in_words(replaced)}" if replaced else "both changes are kept"
        said.append(f"{one}; {what}.")
    return " ".join(said)


def tag_of(definition: Mapping[str, Any]) -> str:
    """Return a short name for exactly this content, for an entity tag (RFC 9110, 8.8.3)."""
    return hashlib.sha256(plain_json.dumps(definition, sort_keys=True).encode()).hexdigest()[:32]


def in_words(fields: Iterable[str]) -> str:
    """Return the fields as they are read in a sentence, such as "description, team filter and examples"."""
    names = [f"{name.partition('.')[2]} filter" if name.startswith("filters.") else name for name in fields]
    names = list(dict.fromkeys(name.removeprefix("settings.") for name in names))
    return listed(names)
