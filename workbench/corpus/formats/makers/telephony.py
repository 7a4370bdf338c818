"""HubSpot, Dialpad, Aircall and RingCentral: calls of sales and support teams."""

from __future__ import annotations

from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.values import among, at, first, name, obj, objs, sample, text
from workbench.corpus.formats.roles import known_speaker, side_of
from workbench.corpus.formats.times import between, millis, number, taken_as_utc
from workbench.domain.conversations import Channel, Direction, Side


def _hubspot(document: Any) -> list[Draft] | None:
    held = first(document, "transcriptUtterances", "transcriptCreateUtterances")
    if not isinstance(held, list):
        return None
    draft = Draft([], id=name(first(document, "id", "engagementId")))
    draft.language = name(sample(held).get("languageCode"))
    for one in objs(held):
        who = obj(one.get("speaker"))
        speaker = known_speaker(first(who, "name", "email", "id"))
        start, end = millis(one.get("startTimeMillis")), millis(one.get("endTimeMillis"))
        draft.turns.append(DraftTurn(text(one.get("text")), speaker, start, end))
        if speaker and (email := name(who.get("email"))):
            draft.addresses[speaker] = email
    return [draft]


def _dialpad(document: Any) -> list[Draft] | None:
    lines = objs(at(document, "lines"))
    if "call_id" not in obj(document) or not isinstance(document.get("lines"), list):
        return None
    draft = Draft([], id=name(document["call_id"]), channel=Channel.TELEPHONY)
    spoken = []
    for one in lines:
        if text(one.get("type") or "transcript") == "transcript":
            spoken.append((taken_as_utc(one.get("time")), one))
        else:
            draft.left_out[text(one.get("type"))[:40] or "event"] += 1
    origin = min((time for time, _ in spoken if time), default=None)
    draft.started = origin
    for time, one in spoken:
        speaker = known_speaker(first(one, "name", "user_id", "contact_id"))
        draft.turns.append(DraftTurn(text(one.get("content")), speaker, between(origin, time)))
        if speaker and first(one, "user_id"):
            draft.sides[speaker] = Side.COMPANY
        elif speaker and first(one, "contact_id"):
            draft.sides[speaker] = Side.CUSTOMER
    return [draft]


def _aircall(document: Any) -> list[Draft] | None:
    found = obj(at(document, "transcription")) or obj(document)
    held = objs(at(found, "content", "utterances"))
    if not isinstance(at(found, "content", "utterances"), list):
        return None
    draft = Draft([], id=name(first(found, "call_id", "id")), language=name(at(found, "content", "language")))
    draft.channel = Channel.TELEPHONY
    for one in held:
        speaker = known_speaker(first(one, "user_id", "phone_number", "participant_type"))
        start, end = number(one.get("start_time")), number(one.get("end_time"))
        draft.turns.append(DraftTurn(text(one.get("text")), speaker, start, end))
        if speaker and (side := side_of(one.get("participant_type"))):
            draft.sides[speaker] = side
    return [draft]


def _ringcentral(document: Any) -> list[Draft] | None:
    held = objs(at(document, "insights", "Transcript"))
    if not isinstance(at(document, "insights", "Transcript"), list):
        return None
    draft = Draft([], id=name(first(document, "sourceRecordId", "sourceSessionId")), title=name(document.get("title")))
    draft.started = taken_as_utc(document.get("recordingStartTime"))
    draft.duration_s = millis(document.get("recordingDurationMs"))
    direction = text(document.get("callDirection")).lower()
    draft.direction = Direction(direction) if direction in set(Direction) else None
    people = {name(one.get("speakerId")): one for one in objs(document.get("speakerInfo"))}
    _take(draft, held, people)
    return [draft]


def _ringcentral_speech(document: Any) -> list[Draft] | None:
    found = obj(at(document, "response")) or obj(document)
    held = objs(found.get("utterances"))
    if not among(sample(held), "speakerId", "text", "start"):
        return None
    draft = Draft([], id=name(first(document, "jobId", "id")))
    _take(draft, held, {})
    return [draft]


def _take(draft: Draft, held: list[dict[str, Any]], people: dict[str | None, dict[str, Any]]) -> None:
    for one in held:
        own = name(one.get("speakerId"))
        who = people.get(own, {})
        speaker = known_speaker(who.get("name")) or known_speaker(own)
        draft.turns.append(DraftTurn(text(one.get("text")), speaker, number(one.get("start")), number(one.get("end"))))
        if speaker and "accountId" in who:
            draft.sides[speaker] = Side.CUSTOMER if who["accountId"] in (None, "") else Side.COMPANY
        if speaker and (email := name(who.get("email"))):
            draft.addresses[speaker] = email


HUBSPOT = Maker("HubSpot", _hubspot)
DIALPAD = Maker("Dialpad", _dialpad)
AIRCALL = Maker("Aircall", _aircall)
RINGCENTRAL = Maker("RingCentral RingSense", _ringcentral)
RINGCENTRAL_SPEECH = Maker("RingCentral speech to text", _ringcentral_speech)
