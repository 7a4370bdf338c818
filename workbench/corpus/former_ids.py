"""Conversations that had another id in earlier versions: recognised by what they say, they keep their id."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from workbench.corpus.local_starts import hashes_of
from workbench.corpus.tables import Item, said_key

SaidOf = Callable[[Collection[str]], Mapping[str, str]]
"""Returns the keys of what is said in the conversations with these ids, where known."""


def under_former_ids(items: Sequence[Item], said_of: SaidOf) -> list[Item]:
    """Return the items, with the id from an earlier version if the corpus has the same conversation under it."""
    wanted = {one.former_id for one in items if one.former_id}
    said = said_of(wanted) if wanted else {}
    return [renamed(one, one.former_id) if said.get(one.former_id) in _keys(one) else one for one in items]


def renamed(item: Item, id_: str) -> Item:
    """Return the item under another id."""
    kept = replace(item.conversation, id=id_)
    written = replace(item.written or item.conversation, id=id_)
    own, *former = hashes_of(replace(written, fields=kept.fields), kept.started)
    return replace(item, conversation=kept, written=written, content_hash=own, former=tuple(former))


def _keys(item: Item) -> tuple[str, ...]:
    """Return the keys of what is said; also without a start, which earlier versions did not read."""
    if not item.former_id:
        return ()
    known = (said_key(item.conversation), said_key(replace(item.conversation, started=None)))
    return tuple(filter(None, known))
