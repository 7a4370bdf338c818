"""Gong: transcripts and their calls, from one document or from several (§7 of its API: both by call id)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.speakers import with_fitting_unit
from workbench.corpus.formats.makers.values import at, first, joined, name, obj, objs, sample, text
from workbench.corpus.formats.opened import UnreadableFile
from workbench.corpus.formats.roles import known_speaker
from workbench.corpus.formats.times import millis, number, taken_as_utc
from workbench.domain.conversations import Channel, Direction, Scope, Side

_SIDES = {"internal": Side.COMPANY, "external": Side.CUSTOMER}
_MAX_LISTED = 200  # trackers of a call


def is_gong(document: Any) -> bool:
    """Return whether a document contains transcripts or calls from Gong."""
    return any(True for _ in _transcripts(document)) or any(True for _ in _calls(document))


def has_transcripts(document: Any) -> bool:
    """Return whether a document contains transcripts, and not only details of calls."""
    return any(True for _ in _transcripts(document))


def details_of(document: Any) -> dict[str, Any]:
    """Return the calls of a document without their large values."""
    keys = ("metaData", "parties", "context")
    return {
        "calls": [
            {key: call.get(key) for key in keys} | {"content": {"trackers": at(call, "content", "trackers")}}
            for call in _calls(document)
        ]
    }


def drafts_of(documents: Iterable[Any]) -> list[Draft]:
    """Return the conversations of all transcripts in these documents, with details of the calls among them.

    Raises:
        UnreadableFile: there are calls, but no transcripts.
    """
    calls: dict[str, dict[str, Any]] = {}
    transcripts: dict[str, list[dict[str, Any]]] = {}
    for document in documents:
        for call in _calls(document):
            if found := name(at(call, "metaData", "id")):
                calls.setdefault(found, call)
        for own, monologues in _transcripts(document):
            transcripts.setdefault(own, []).extend(monologues)
    if not transcripts:
        raise UnreadableFile(
            "contains details of calls but not what was said; save the answer of /v2/calls/transcript too, and import "
            "the folder with both files"
        )
    return [_draft(own, monologues, calls.get(own, {})) for own, monologues in transcripts.items()]


def _read(document: Any) -> list[Draft] | None:
    return drafts_of([document]) if is_gong(document) else None


def _transcripts(document: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    listed = objs(at(document, "callTranscripts"))
    event = obj(at(document, "event"))
    for one in listed or [event, obj(document), *objs(at(document, "calls"))]:
        own = (
            name(first(one, "callId")) or name(at(one, "metaData", "id")) or name(at(one, "payload", "metaData", "id"))
        )
        monologues = (
            objs(one.get("transcript")) or objs(one.get("transcripts")) or objs(at(one, "transcript", "transcript"))
        )
        if own and (listed or "sentences" in sample(monologues)):
            yield own, monologues


def _calls(document: Any) -> Iterator[dict[str, Any]]:
    for one in objs(at(document, "calls")) or [obj(document), obj(at(document, "payload"))]:
        if isinstance(one.get("metaData"), dict) and isinstance(one.get("parties", []), list):
            yield one


def _draft(own: str, monologues: list[dict[str, Any]], call: dict[str, Any]) -> Draft:
    data, parties = obj(call.get("metaData")), objs(call.get("parties"))
    names = {speaker: _called(one) for one in parties if (speaker := name(one.get("speakerId")))}
    draft = Draft([_turn(one, names) for one in monologues], id=own)
    for one in parties:
        called = names.get(name(one.get("speakerId")) or "")
        if not called:
            continue
        if side := _SIDES.get(text(one.get("affiliation")).lower()):
            draft.sides[called] = side
        if email := name(one.get("emailAddress")):
            draft.addresses[called] = email
    _tell(draft, data)
    draft.account = _account(call)
    if trackers := _trackers(call):
        draft.fields["trackers"] = trackers
    return with_fitting_unit(draft, 1_000, "seconds, not milliseconds")


def _turn(monologue: dict[str, Any], names: dict[str, str]) -> DraftTurn:
    sentences = objs(monologue.get("sentences"))
    speaker = known_speaker(monologue.get("speakerId"))
    ends = [end for one in sentences if (end := millis(first(one, "end", "endedAtMillis"))) is not None]
    starts = [start for one in sentences if (start := millis(first(one, "start", "startedAtMillis"))) is not None]
    return DraftTurn(
        joined(one.get("text") for one in sentences),
        names.get(speaker, speaker) if speaker else None,
        min(starts, default=None),
        max(ends, default=None),
    )


def _called(party: dict[str, Any]) -> str:
    return name(first(party, "name", "emailAddress", "phoneNumber", "speakerId")) or "unknown"


def _tell(draft: Draft, data: dict[str, Any]) -> None:
    draft.title = name(data.get("title"))
    draft.started = taken_as_utc(first(data, "started", "scheduled"))
    draft.duration_s = number(data.get("duration"))
    draft.language = name(data.get("language"))
    direction, scope = text(data.get("direction")).lower(), text(data.get("scope")).lower()
    draft.direction = Direction(direction) if direction in set(Direction) else None
    draft.scope = Scope(scope) if scope in set(Scope) else None
    if draft.direction == Direction.CONFERENCE:
        draft.channel = Channel.WEB_CONFERENCE
    if url := name(data.get("url")):
        draft.fields["url"] = url


def _account(call: dict[str, Any]) -> str | None:
    for context in objs(call.get("context")):
        for one in objs(context.get("objects")):
            if text(one.get("objectType")).lower() == "account":
                found = next(
                    (name(f.get("value")) for f in objs(one.get("fields")) if text(f.get("name")) == "Name"), None
                )
                return found or name(one.get("objectId"))
    return None


def _trackers(call: dict[str, Any]) -> str:
    """Return the trackers that a user already has there, such as "Pricing (3), Competitors (1)"."""
    found = objs(at(call, "content", "trackers"))[:_MAX_LISTED]
    counted = ((name(one.get("name")), number(one.get("count"))) for one in found)
    return ", ".join(f"{called} ({count:.0f})" for called, count in counted if called and count)


MAKERS = (Maker("Gong", _read),)
