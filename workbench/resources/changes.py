"""The state follows the corpus: changes of conversations are applied to everything that refers to them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sqlalchemy import Engine

from workbench.corpus.lake import Lake
from workbench.resources.purging import purge
from workbench.store.following import follow, settled


def follow_changes(path: Path, lake: Lake, state: Engine) -> Counter[str]:
    """Apply changes of the corpus that the state has not followed yet, and deletions to the vectors.

    After a crash, whoever opens the workspace continues: each change is applied once.

    Args:
        path: the workspace's folder.
        lake: its corpus.
        state: its database.

    Returns:
        What was taken out of deleted conversations: rows by table, and "vectors".

    Raises:
        WorkspaceDamaged: a note of a change is damaged.
    """
    found: Counter[str] = Counter()
    for change in lake.pending_changes():
        found += follow(state, change, lake.started, lake.is_pending)
        keys = {key for one in change.conversations if one.deleted for key in one.gone.values()}
        if keys:
            found["vectors"] += purge(path, lake, keys)
        lake.settle(change.name)
        settled(state, change)
    if gone := lake.gone_keys():  # of what was deleted elsewhere
        purge(path, lake, gone)
        lake.forget_gone()
    return found
