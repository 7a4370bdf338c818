"""Opening a workspace into which earlier versions imported conversations twice at the same time."""

from __future__ import annotations

import warnings

from sqlalchemy import Engine

from workbench.corpus.lake import Lake
from workbench.domain.errors import WorkspaceDamaged
from workbench.domain.plurals import plural
from workbench.store.numbers import renumber


def put_right(lake: Lake, database: Engine, read_only: bool) -> None:
    """Have what was found in hidden copies count for the first ones, once, and warn of how many there are."""
    if lake.is_checked:
        return
    try:
        repeats = lake.repeats()
    except WorkspaceDamaged:  # whoever asks for what is damaged is told
        return
    if not read_only:
        renumber(
            database,
            {one.number: one.first for one in repeats if one.same},
            [one.number for one in repeats if not one.same],
        )
        lake.mark_checked()
    if repeats:
        warnings.warn(_message(len(repeats), sum(not one.same for one in repeats)), stacklevel=4)


def _message(count: int, different: int) -> str:
    held = plural(count, "conversation was", "conversations were")
    text = (
        f"{held} imported twice at the same time by an earlier version. The first copy of each stays, with what was "
        "found in it; the others are hidden. A backfill that failed because of them can be resumed."
    )
    if different:
        text += f" Of {different:,} the copies differ; import the other content under its own id if it is needed."
    return text
