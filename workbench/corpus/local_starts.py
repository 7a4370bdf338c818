"""Starts without an offset: local times in the import's zone, recognised later in whichever zone they are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from workbench.corpus.formats import FormatProblem, bounds
from workbench.corpus.formats.neutral_model import NeutralFormError
from workbench.corpus.tables import Item, hash_of
from workbench.domain.conversations import Conversation
from workbench.domain.time_zones import in_utc


def with_moment(item: Item, zone: ZoneInfo) -> Item | FormatProblem:
    """Return the item with the moment at which it started, or why that is invalid; its content stays as given.

    So it is recognised even if the zone has changed meanwhile.
    """
    local = item.conversation.started
    if local is None or local.tzinfo:
        return item
    try:
        started = moment_of(local, zone)
    except NeutralFormError as error:
        return FormatProblem(None, str(error))
    kept = replace(item.conversation, started=started)
    written = replace(item.written or kept, started=local)
    own, *others = hashes_of(replace(written, fields=kept.fields), started)
    former = dict.fromkeys((*others, *hashes_of(written, started), *item.former))
    former.pop(own, None)
    return replace(item, conversation=kept, content_hash=own, written=written, former=tuple(former))


def hashes_of(written: Conversation, started: datetime | None) -> tuple[str, ...]:
    """Return the hash of a conversation that began at ``started``, and others by which it is recognised.

    A start without an offset is hashed as it is; if it is the same in UTC, as a moment. It is also recognised as a
    moment in UTC, as earlier versions read it, and by the moment itself.
    """
    local = written.started
    if local is None or local.tzinfo or started is None:
        return (hash_of(written),)
    taken = local.replace(tzinfo=UTC)
    starts = (taken, local) if taken == started else (local, taken, started)
    return tuple(hash_of(replace(written, started=one)) for one in starts)


def moment_of(started: datetime, zone: ZoneInfo) -> datetime:
    """Return when a conversation began, in UTC; raises ``NeutralFormError`` if that is outside the bounds."""
    found = in_utc(started, zone)
    if not bounds.FIRST_YEAR <= found.year <= bounds.LAST_YEAR:
        raise NeutralFormError(f"started: must be between {bounds.FIRST_YEAR} and {bounds.LAST_YEAR}, in UTC")
    return found
