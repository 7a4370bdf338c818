"""Filters over a conversation in progress: what they decide before its end is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from workbench.corpus.clean_names import with_clean_names
from workbench.corpus.fields import field_rows
from workbench.corpus.filters_sql import condition_of
from workbench.corpus.formats.neutral_model import dumps
from workbench.corpus.kept_names import TEAMS
from workbench.corpus.spelling import COLUMNS, spelling_rows
from workbench.corpus.tables import Item, tables_of
from workbench.domain.conventions import DEFAULT, Conventions
from workbench.domain.conversations import Conversation, Kind
from workbench.domain.filters import Filters, PartOfCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What filters decide about a conversation in progress.

    Attributes:
        admitted: whether it passes, apart from side and part of the call.
        side: who must have said a sentence: company, customer or anyone.
        until_s: seconds from the start of the call up to which a sentence passes; None for all of it.
        later: why the passing sentences are only known once the call has ended; empty if they are known at once.
    """

    admitted: bool
    side: str = "anyone"
    until_s: float | None = None
    later: str = ""

    def passes(self, side: str | None, start_s: float | None) -> bool:
        """Return whether a sentence by this side at this time, in seconds, passes now."""
        if not self.admitted or self.later or (self.side != "anyone" and side != self.side):
            return False
        return self.until_s is None or (start_s is not None and start_s <= self.until_s)


def admissions(
    conversation: Conversation, filters: Sequence[Filters], conventions: Conventions = DEFAULT
) -> list[Admission]:
    """Return what each filter decides about a conversation, as far as it is known; its turns are not read.

    Evaluates the same SQL conditions as the lake, over a table of this one conversation.
    """
    anywhere = [replace(one, side="anyone", part=PartOfCall()) for one in filters]
    admitted = _admitted(conversation, anywhere, conventions)
    return [_of(conversation, one, passes) for one, passes in zip(filters, admitted, strict=True)]


def _of(conversation: Conversation, filters: Filters, admitted: bool) -> Admission:
    if filters.contradiction:
        return Admission(admitted=False)
    part = filters.part
    if part.where == "anywhere" or conversation.kind != Kind.CALL:
        return Admission(admitted=admitted, side=filters.side)
    if part.where == "first" and part.unit == "minutes":
        return Admission(admitted=admitted, side=filters.side, until_s=part.amount * 60)
    reason = f"It looks at the {part.where} {part.amount:g} {part.unit} of a call, which is only known at its end."
    return Admission(admitted=admitted, side=filters.side, later=reason)


def _admitted(conversation: Conversation, filters: Sequence[Filters], conventions: Conventions) -> list[bool]:
    if not filters:
        return []
    conditions = [condition_of(one, conventions) for one in filters]
    columns = ", ".join(f"coalesce({one.sql}, false)" for one in conditions)
    values = [value for one in conditions for value in one.values]
    row = tables_of([Item(with_clean_names(replace(conversation, turns=())), "")], "sentence").conversations
    with duckdb.connect() as db:
        db.register("given", row)
        db.execute(f"CREATE VIEW conversations AS SELECT *, {TEAMS} AS teams FROM given")
        db.register("fields", field_rows([(0, dumps(dict(conversation.fields)))]))
        people = db.execute(f"SELECT {COLUMNS} FROM conversations").fetchall()
        db.register("spelling", spelling_rows(people))
        found = db.execute(f"SELECT {columns} FROM conversations c", values).fetchone()
    return [bool(one) for one in found or [False] * len(filters)]
