"""Intercom, Zendesk and Salesforce: tickets and chats. Internal notes are never read as speech."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workbench.corpus.formats.draft import WRITTEN, Draft, DraftTurn
from workbench.corpus.formats.html_text import text_of_message
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.values import among, at, first, name, obj, objs, sample, text
from workbench.corpus.formats.opened import UnreadableFile
from workbench.corpus.formats.roles import known_speaker, side_of
from workbench.corpus.formats.times import between, moment, seconds, taken_as_utc
from workbench.domain.conversations import Side

_NOTE, _EVENT = "internal note", "event"
_INTERCOM_SIDES = {
    "user": Side.CUSTOMER,
    "lead": Side.CUSTOMER,
    "contact": Side.CUSTOMER,
    "admin": Side.COMPANY,
    "bot": Side.COMPANY,
    "team": Side.COMPANY,
}
_NOTES = ("note", "note_and_reopen", "note_and_close", "note_and_snooze")


def _intercom(document: Any) -> list[Draft] | None:
    document = obj(document)
    if document.get("type") != "conversation" or not {"source", "conversation_parts"} & document.keys():
        return None
    source, parts = obj(document.get("source")), at(document, "conversation_parts", "conversation_parts")
    parts = objs(parts if isinstance(parts, list) else document.get("conversation_parts"))
    draft = Draft([], id=name(document.get("id")), notes=[WRITTEN])
    draft.title = name(document.get("title")) or name(text_of_message(text(source.get("subject"))))
    draft.started = taken_as_utc(document.get("created_at"))
    opening = [{**source, "created_at": document.get("created_at"), "part_type": "source"}] if source else []
    timed: list[tuple[datetime | None, DraftTurn]] = []
    for one in opening + parts:
        kind, body = text(one.get("part_type")), text_of_message(text(one.get("body")))
        if kind in _NOTES:
            draft.left_out[_NOTE] += 1
        elif not body:
            draft.left_out[_EVENT] += 1
        else:
            who = obj(one.get("author"))
            speaker = known_speaker(first(who, "name", "email", "id") or who.get("type"))
            timed.append((taken_as_utc(one.get("created_at")), DraftTurn(body, speaker)))
            _tell(draft, speaker, _INTERCOM_SIDES.get(text(who.get("type"))), who.get("email"))
    _set_times(draft, timed)
    return [draft]


def _zendesk(document: Any) -> list[Draft] | None:
    held = objs(at(document, "comments")) or objs(at(document, "ticket", "comments"))
    keys = sample(held)
    if not (among(keys, "author_id") and {"public", "body", "plain_body", "html_body"} & keys.keys()):
        return None
    ticket = obj(at(document, "ticket")) or obj(document)
    users = {name(one.get("id")): one for one in objs(document.get("users"))}
    for key in ("requester", "submitter", "assignee"):
        who = obj(ticket.get(key))
        users.setdefault(name(who.get("id")), who)
    own_id = name(first(ticket, "id")) or name(keys.get("ticket_id"))
    spoken = any(at(one, "data", "transcription_text") for one in held)
    draft = Draft([], id=own_id, notes=[] if spoken else [WRITTEN])
    draft.title = name(first(ticket, "subject", "title", "raw_subject"))
    timed: list[tuple[datetime | None, DraftTurn]] = []
    for one in held:
        if one.get("public") is False:
            draft.left_out[_NOTE] += 1
            continue
        own = name(one.get("author_id"))
        who = users.get(own, {})
        speaker = known_speaker(first(who, "name", "email")) or known_speaker(own)
        timed.append((taken_as_utc(one.get("created_at")), DraftTurn(_zendesk_text(one), speaker)))
        role = name(who.get("role"))
        side = side_of(role) or (_requester_side(ticket, own) if own and not role else None)
        _tell(draft, speaker, side, who.get("email"))
    draft.started = min((time for time, _ in timed if time), default=taken_as_utc(ticket.get("created_at")))
    _set_times(draft, timed)
    return [draft]


def _zendesk_text(comment: dict[str, Any]) -> str:
    spoken = text(at(comment, "data", "transcription_text"))
    if spoken.strip():
        return spoken
    for key in ("plain_body", "body", "html_body"):
        if found := text(comment.get(key)).strip():
            return text_of_message(found)
    return ""


def _requester_side(ticket: dict[str, Any], own: str) -> Side | None:
    requester = name(ticket.get("requester_id"))
    return None if requester is None else Side.CUSTOMER if requester == own else Side.COMPANY


def _zendesk_ticket(document: Any) -> list[Draft] | None:
    """Read a ticket of an export without comments: its description counts as the first comment."""
    ticket = obj(at(document, "ticket")) or obj(document)
    if not among(ticket, "subject", "description", "requester_id"):
        return None
    own = name(ticket.get("requester_id"))
    draft = Draft([DraftTurn(text_of_message(text(ticket["description"])), own, 0.0)], id=name(ticket.get("id")))
    draft.title, draft.started = name(ticket.get("subject")), taken_as_utc(ticket.get("created_at"))
    if own:
        draft.sides[own] = Side.CUSTOMER
    draft.notes.append("the export has no comments: only the ticket's description was read")
    return [draft]


def _salesforce(document: Any) -> list[Draft] | None:
    held = objs(at(document, "conversationEntries"))
    if not isinstance(at(document, "conversationEntries"), list):
        return None
    draft = Draft([], id=name(first(document, "conversationIdentifier", "conversationId")))
    timed: list[tuple[datetime | None, DraftTurn]] = []
    for one in held:
        said = text_of_message(text(first(one, "messageText")) or text(at(one, "payload", "text")))
        who = obj(one.get("sender"))
        role = known_speaker(first(who, "role", "appType"))
        if not said or role == "System":
            draft.left_out[_EVENT] += 1
            continue
        speaker = " ".join(filter(None, (role, name(first(who, "subject"))))) or None
        stamp = moment(first(one, "clientTimestamp", "serverReceivedTimestamp", "transcriptedTimestamp"))
        timed.append((stamp, DraftTurn(said, speaker)))
        _tell(draft, speaker, side_of(role), None)
    draft.started = min((time for time, _ in timed if time), default=None)
    _set_times(draft, timed)
    return [draft]


def _teams_call_transcript(document: Any) -> list[Draft] | None:
    """Refuse Microsoft Graph's description of a transcript: the text is in another file."""
    if not among(obj(document), "transcriptContentUrl"):
        return None
    raise UnreadableFile(
        "describes a Teams transcript but does not contain it; download it from transcriptContentUrl, as text/vtt, and "
        "import that file"
    )


def _tell(draft: Draft, speaker: str | None, side: Side | None, email: Any) -> None:
    if speaker and side:
        draft.sides[speaker] = side
    if speaker and (address := name(email)):
        draft.addresses[speaker] = address


def _set_times(draft: Draft, timed: list[tuple[datetime | None, DraftTurn]]) -> None:
    for stamp, turn in timed:
        start = between(draft.started, stamp)
        turn.start_s = start if start is None or start >= 0 else seconds(0)
        draft.turns.append(turn)


INTERCOM = Maker("Intercom", _intercom)
ZENDESK = Maker("Zendesk comments", _zendesk)
ZENDESK_TICKET = Maker("Zendesk ticket", _zendesk_ticket)
SALESFORCE = Maker("Salesforce conversation", _salesforce)
TEAMS_RESOURCE = Maker("Microsoft Graph transcript", _teams_call_transcript)
