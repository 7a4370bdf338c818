"""Makes the state follow changes of conversations: each one in a transaction of its own, once.

Answers, matches and wrong hits stay with the sentences that remain. An answered sentence that is gone gets an id that
no sentence has, behind which stands the change: so the answer goes on as one about a text. What was found in sentences
that are gone is gone, too. The versions whose results stand in the conversation, and might be others now, are noted to
read it once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, true, update
from sqlalchemy.exc import IntegrityError

from workbench.domain.changes import Change, Changed
from workbench.domain.filters import Filters
from workbench.domain.trackers import TrackerState
from workbench.store.database import add_all_where_new, writing
from workbench.store.forgetting import forget, forget_in_logs, forget_in_messages
from workbench.store.moments import now
from workbench.store.renaming import AT_ONCE, among, rename_everywhere, rename_in_json
from workbench.store.standing import Started, reaches
from workbench.store.tables import (
    answers,
    asked,
    detections,
    messages,
    past_texts,
    publications,
    rereads,
    settings,
    trackers,
    wrong_hits,
)

GONE = "@"
"""Stands behind the id of a sentence that is gone, before the name of the change."""

_FOLLOWED = "followed "


def follow(engine: Engine, change: Change, started: Started, is_pending: Callable[[str], bool]) -> Counter[str]:
    """Have the state follow a change, unless it has; return what it forgot of deleted conversations, by table.

    Whoever follows a change notes that in the state, settles the change, and only then takes the note back. So once the
    note is made here, a change that is still pending has been followed by nobody else.

    Args:
        engine: the state.
        change: what took place in the corpus.
        started: gives when conversations began, by number.
        is_pending: says whether the change of a name is still to be settled.
    """
    try:
        with writing(engine) as connection:
            if connection.execute(select(settings.c.name).where(settings.c.name == _name(change))).first():
                return Counter()
            connection.execute(insert(settings).values(name=_name(change), value=True))
            if is_pending(change.name):
                return _follow(connection, change, started)
            _forget(connection, change)
            return Counter()  # another process has followed and settled it since it was read
    except IntegrityError:
        if not _has_followed(engine, change) and is_pending(change.name):
            raise
        return Counter()  # another process was quicker


def settled(engine: Engine, change: Change) -> None:
    """Forget that a change was followed: nobody asks about it any more."""
    with writing(engine) as connection:
        _forget(connection, change)


def _forget(connection: Connection, change: Change) -> None:
    connection.execute(delete(settings).where(settings.c.name == _name(change)))


def _has_followed(engine: Engine, change: Change) -> bool:
    with engine.connect() as connection:
        return connection.execute(select(settings.c.name).where(settings.c.name == _name(change))).first() is not None


def _follow(connection: Connection, change: Change, started: Started) -> Counter[str]:
    names: dict[str, str] = {}
    forgotten: Counter[str] = Counter()
    for one in change.conversations:
        if one.deleted:
            forgotten += forget(connection, one)
        elif one.is_said:
            aside = f"{GONE}{change.name}"
            new = {**one.renamed, **{name: f"{name}{aside}" for name in one.gone}}
            _keep_keys(connection, one)
            _drop_finds(connection, one)
            rename_everywhere(connection, one.number, new, aside)
            _close(connection, [new[name] for name in one.gone])
            _keep_texts(connection, one, new)
            names |= new
    if deleted := {one.id for one in change.conversations if one.deleted}:
        forget_in_logs(connection, deleted)
        forgotten[messages.name] += forget_in_messages(connection, deleted)
    kept = [one for one in change.conversations if not one.deleted]
    if names:
        rename_in_json(connection, [one.id for one in kept if one.is_said], names)
    _note_rereads(connection, kept, started)
    return forgotten


def _keep_keys(connection: Connection, one: Changed) -> None:
    """Keep of sentences that are gone what they said, where an older version did not."""
    if one.gone:
        mine = (asked.c.sentence_id == bindparam("which")) & asked.c.text_key.is_(None)
        rows = [{"which": name, "key": key} for name, key in one.gone.items()]
        connection.execute(update(asked).where(mine).values(text_key=bindparam("key")), rows)


def _keep_texts(connection: Connection, one: Changed, new: Mapping[str, str]) -> None:
    """Keep of answered sentences that are gone what they said, for the answers to go on teaching."""
    answered = among(connection, answers.c.sentence_id, [new[name] for name in one.texts], true())
    rows = [
        {"sentence_id": new[name], "before": before, "text": text}
        for name, (before, text) in one.texts.items()
        if new[name] in answered
    ]
    if rows:
        add_all_where_new(connection, past_texts, rows)


def _drop_finds(connection: Connection, one: Changed) -> None:
    gone = list(one.gone)
    for start in range(0, len(gone), AT_ONCE):
        names = detections.c.sentence_id.in_(gone[start : start + AT_ONCE])
        connection.execute(delete(detections).where(detections.c.number == one.number, names))


def _close(connection: Connection, gone: Sequence[str]) -> None:
    for start in range(0, len(gone), AT_ONCE):
        mine = wrong_hits.c.sentence_id.in_(list(gone[start : start + AT_ONCE])) & wrong_hits.c.closed.is_(None)
        connection.execute(update(wrong_hits).where(mine).values(closed=now()))


def _note_rereads(connection: Connection, changed: Sequence[Changed], started: Started) -> None:
    """Note the versions with current results there, unless their filters concern nothing that has changed."""
    concerned = _concerned(connection)
    when: Mapping[int, datetime | None] = started([one.number for one in changed]) if concerned and changed else {}
    rows: list[dict[str, Any]] = []
    for publication_id, holds, asks in concerned:
        mine = [one.number for one in changed if one.is_said or asks(one.heads)]
        rows += [{"publication_id": publication_id, "number": one} for one in mine if holds(one, when.get(one))]
    for start in range(0, len(rows), AT_ONCE):
        add_all_where_new(connection, rereads, rows[start : start + AT_ONCE])


class _Concerned(NamedTuple):
    """A version with current results; whether it has some in a conversation, and whether its filters matter."""

    publication_id: str
    holds: Callable[[int, datetime | None], bool]
    asks: Callable[[Collection[str]], bool]


def _concerned(connection: Connection) -> list[_Concerned]:
    known = select(publications.c.tracker_id).join(trackers, trackers.c.id == publications.c.tracker_id).distinct()
    ids = connection.execute(known.where(trackers.c.state != str(TrackerState.DELETED))).scalars().all()
    found = [one for one in reaches(connection, sorted(ids)) if not one.reach.is_empty]
    definitions: dict[str, Any] = {}
    for start in range(0, len(found), AT_ONCE):
        mine = publications.c.id.in_([one.publication_id for one in found[start : start + AT_ONCE]])
        definitions |= dict(connection.execute(select(publications.c.id, publications.c.definition).where(mine)).all())
    return [
        _Concerned(
            one.publication_id, one.reach.holds, Filters.stored(definitions[one.publication_id]["filters"]).ask_about
        )
        for one in found
    ]


def _name(change: Change) -> str:
    return f"{_FOLLOWED}{change.name}"
