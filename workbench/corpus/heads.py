"""Properties of a conversation other than its sentences, set later: its deal, account, team, fields and so on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from workbench.corpus.clean_names import with_clean_names
from workbench.corpus.content_hashes import ContentHash
from workbench.corpus.fields import canonical_fields, fields_of
from workbench.corpus.formats.given import read_given
from workbench.corpus.formats.neutral_model import dumps
from workbench.corpus.local_starts import moment_of
from workbench.corpus.schema import CONVERSATIONS
from workbench.corpus.side_tags import set_by_people
from workbench.domain.conversations import Conversation, Deal
from workbench.domain.time_zones import UTC_ZONE

PLAIN = ("title", "started", "direction", "channel", "scope", "account", "team", "thread")
DEAL = ("id", "stage", "amount", "outcome")
FIELD = "fields."
HeadRow = dict[str, Any]
"""A conversation's row in the corpus."""


def head_of(row: Mapping[str, Any], given: Mapping[str, Any], zone: ZoneInfo = UTC_ZONE) -> HeadRow:
    """Return a conversation's row with the ``given`` values in the neutral form; the others stay.

    A value that is not given, or None, changes nothing. A start without an offset is a local time of ``zone``.

    Raises:
        NeutralFormError: a value cannot be used; says which.
    """
    read = read_given({"id": row["id"], "turns": [], **given, "deal": _deal(row, given.get("deal"))}).conversation
    started = read.started and moment_of(read.started, zone)
    new, set_before = with_clean_names(replace(read, started=started)), ContentHash.of(row["content_hash"])
    values = {name: value for name in PLAIN if (value := getattr(new, name)) is not None}
    if given.get("deal") and new.deal is not None:
        values |= {f"deal_{name}": value for name in DEAL if (value := getattr(new.deal, name)) is not None}
    fields = canonical_fields(new.fields)
    kept = fields_of(row["fields"])
    names = {name for name, value in values.items() if row[name] != value}
    names |= {f"{FIELD}{name}" for name, value in fields.items() if kept.get(name) != value}
    if not names:
        return dict(row)
    out = dict(row) | values | {"fields": dumps({**kept, **fields})}
    return out | {"content_hash": set_before.with_set({*set_before.set, *names}, told_in(out))}


def kept_in(conversation: Conversation, row: Mapping[str, Any]) -> Conversation:
    """Return a conversation that is imported again, with what was set in its row since it was last imported."""
    names = ContentHash.of(row["content_hash"]).set
    if not names:
        return conversation
    plain = {name: row[name] for name in names if name in PLAIN}
    fields, own = dict(conversation.fields), fields_of(row["fields"])
    fields |= {name: own[name] for one in names if (name := one.removeprefix(FIELD)) != one and name in own}
    deal = {name: row[f"deal_{name}"] for name in DEAL if f"deal_{name}" in names}
    if deal:
        first = conversation.deal or Deal(id=row["deal_id"])
        plain["deal"] = replace(first, **deal)
    return replace(conversation, fields=fields, **plain)


def with_set(new: pa.Table, row: Mapping[str, Any]) -> pa.Table:
    """Return a conversation's new row with the note of what was set in its row before."""
    names = set_by_people(ContentHash.of(row["content_hash"]).set)
    if not names:
        return new
    own = new.to_pylist()[0]
    known = ContentHash.of(own["content_hash"])
    return table_of(own | {"content_hash": known.with_set({*names, *known.set}, told_in(own))})


def changed_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the properties, other than sentences, that differ between two rows of a conversation."""
    looked_at = [name for name in CONVERSATIONS.names if name not in _OF_SENTENCES]
    return tuple(name for name in looked_at if before[name] != after[name])


def table_of(row: Mapping[str, Any]) -> pa.Table:
    """Return a row as a table with one row."""
    return pa.Table.from_pylist([{name: row[name] for name in CONVERSATIONS.names}], CONVERSATIONS)


_OF_SENTENCES = frozenset(("number", "id", "turns", "sentences", "first_row", "content_hash", "source", "media"))


def _deal(row: Mapping[str, Any], given: Any) -> Any:
    """Return the deal that is given, with the known id if it has none."""
    if not isinstance(given, Mapping) or given.get("id") is not None or row["deal_id"] is None:
        return given
    return {**given, "id": row["deal_id"]}


def told_in(row: Mapping[str, Any]) -> HeadRow:
    """Return everything that may be set in a conversation's row."""
    named = (*PLAIN, *(f"deal_{name}" for name in DEAL), "fields", "parties")
    return {name: row[name] for name in named}
