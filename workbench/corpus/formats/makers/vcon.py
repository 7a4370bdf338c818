"""vCon, the IETF's container of conversations: messages, and transcripts in their makers' forms."""

from __future__ import annotations

import base64
import binascii
import email.policy
from collections.abc import Callable
from email import message_from_string
from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.html_text import text_of_message
from workbench.corpus.formats.makers.values import first, name, obj, objs, text
from workbench.corpus.formats.opened import UnreadableFile, parsed
from workbench.corpus.formats.roles import known_speaker, side_of
from workbench.corpus.formats.times import between, number, taken_as_utc, tidy
from workbench.domain import plain_json
from workbench.domain.conversations import Direction

Inner = Callable[[Any], list[Draft] | None]
"""Reads the transcript of another tool."""

_DIRECTIONS = {"in": Direction.INBOUND, "inbound": Direction.INBOUND, "out": Direction.OUTBOUND,
               "outbound": Direction.OUTBOUND}  # fmt: skip
_TRANSCRIPTS = ("transcript", "transcription", "wtf_transcription")


def read_vcon(document: Any, inner: Inner) -> list[Draft] | None:
    """Return the conversation of a vCon, whose transcripts ``inner`` reads; None if it isn't a vCon.

    Raises:
        UnreadableFile: it is encrypted, or what is signed is not a vCon.
    """
    keys = obj(document)
    if "payload" in keys and {"signatures", "signature"} & keys.keys():
        return _signed(keys, inner)
    if "ciphertext" in keys and {"recipients", "encrypted_key", "iv"} & keys.keys():
        raise UnreadableFile("is an encrypted vCon; decrypt it first")
    if not isinstance(keys.get("parties"), list):
        return None
    if "vcon" not in keys and not ("uuid" in keys and isinstance(keys.get("dialog"), list)):
        return None
    return [_draft(keys, inner)]


def _signed(document: dict[str, Any], inner: Inner) -> list[Draft] | None:
    payload = document["payload"]
    held = parsed(_decoded(payload)) if isinstance(payload, str) else payload
    drafts = read_vcon(held, inner) if not {"payload", "ciphertext"} & obj(held).keys() else None
    if drafts is None:
        raise UnreadableFile("is signed, but what is signed is not a vCon; import the vCon itself")
    for draft in drafts:
        draft.notes.append("the vCon is signed; its signature was not checked")
    return drafts


def _draft(document: dict[str, Any], inner: Inner) -> Draft:
    draft = Draft([], id=name(document.get("uuid")), title=name(document.get("subject")))
    parties = objs(document.get("parties"))
    names = [_called(one, place) for place, one in enumerate(parties)]
    dialogs = objs(document.get("dialog"))
    starts = [taken_as_utc(one.get("start")) for one in dialogs]
    draft.started = min(
        (time for one, time in zip(dialogs, starts, strict=True) if time and one.get("type") in ("text", "recording")),
        default=None,
    )
    offsets = [between(draft.started, time) for time in starts]
    for one, offset in zip(dialogs, offsets, strict=True):
        _take_dialog(draft, one, offset, parties, names)
    transcribed = _take_transcripts(draft, document, offsets, inner)
    recordings = [place for place, one in enumerate(dialogs) if one.get("type") == "recording"]
    draft.left_out["recording without transcript"] += sum(place not in transcribed for place in recordings)
    if len(recordings) == 1:
        draft.duration_s = number(dialogs[recordings[0]].get("duration"))
    return draft


def _take_dialog(
    draft: Draft, dialog: dict[str, Any], offset: float | None, parties: list[dict[str, Any]], names: list[str]
) -> None:
    draft.direction = draft.direction or _DIRECTIONS.get(text(obj(dialog.get("meta")).get("direction")).lower())
    kind = text(dialog.get("type"))
    if kind != "text":
        draft.left_out[kind[:40] or "dialog"] += kind != "recording"
        return
    place = _originator(dialog)
    speaker = known_speaker(names[place]) if place is not None and 0 <= place < len(names) else None
    draft.turns.append(DraftTurn(_message(dialog), speaker, offset))
    if speaker and place is not None:
        party = parties[place]
        if side := side_of(first(party, "role") or obj(party.get("meta")).get("role")):
            draft.sides[speaker] = side
        if address := name(party.get("mailto")):
            draft.addresses[speaker] = address.removeprefix("mailto:")


def _take_transcripts(draft: Draft, document: dict[str, Any], offsets: list[float | None], inner: Inner) -> set[int]:
    """Add the turns of the transcripts, and return the dialogs that they belong to."""
    done: set[int] = set()
    for one in objs(document.get("analysis")):
        if text(one.get("type")).lower() not in _TRANSCRIPTS:
            draft.left_out[f"analysis: {text(one.get('type'))[:40] or 'other'}"] += 1
            continue
        of = one.get("dialog")
        listed = of if isinstance(of, list) else [of]
        places = [int(place) for place in listed if place is not None and _is_place(place)] or [0]
        if places[0] in done:
            draft.left_out["second transcript"] += 1
            continue
        found = _transcript(one, inner)
        offset = (offsets[places[0]] if places[0] < len(offsets) else None) or 0.0
        for turn in (turn for held in found for turn in held.turns):
            turn.start_s = None if turn.start_s is None else tidy(turn.start_s + offset)
            turn.end_s = None if turn.end_s is None else tidy(turn.end_s + offset)
            draft.turns.append(turn)
        draft.language = draft.language or next(filter(None, (held.language for held in found)), None)
        for held in found:
            draft.sides |= held.sides
            draft.notes += held.notes
        if found:
            done.update(places)
    return done


def _transcript(analysis: dict[str, Any], inner: Inner) -> list[Draft]:
    body = analysis.get("body")
    if isinstance(body, str):
        said = _decoded(body) if analysis.get("encoding") == "base64url" else body
        if said.lstrip()[:1] not in ("{", "["):
            return [Draft([DraftTurn(said)])]
        try:
            body = parsed(said)
        except UnreadableFile:
            return [Draft([DraftTurn(said)])]
    return inner(body) or []


def _message(dialog: dict[str, Any]) -> str:
    """Return the text of a message, which may be HTML or a whole e-mail."""
    body = dialog.get("body")
    if isinstance(body, dict | list):
        return text(first(obj(body), "text", "body", "message")) or plain_json.dumps(body, ensure_ascii=False)
    said = text(body)
    if dialog.get("encoding") == "base64url":
        said = _decoded(said)
    kind = text(first(dialog, "mediatype", "mimetype")).lower()
    if kind.startswith(("message/", "multipart/")):
        said, kind = _mime(said, kind)
    if kind.startswith("application/json"):
        try:
            held = parsed(said)
        except UnreadableFile:
            return said
        return held if isinstance(held, str) else text(first(obj(held), "text", "body", "message")) or said
    return text_of_message(said) if "html" in kind else said


def _mime(said: str, kind: str) -> tuple[str, str]:
    whole = said if "content-type:" in said[:5_000].lower() else f"Content-Type: {kind}\n\n{said}"
    try:
        part = message_from_string(whole, policy=email.policy.default).get_body(("plain", "html"))
        return (part.get_content(), part.get_content_type()) if part else (said, "text/plain")
    except Exception:  # noqa: BLE001, the standard library raises many errors on broken mail
        return said, "text/plain"


def _decoded(body: str) -> str:
    try:
        padded = body.strip() + "=" * (-len(body.strip()) % 4)
        return base64.urlsafe_b64decode(padded.replace("+", "-").replace("/", "_")).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return body


def _originator(dialog: dict[str, Any]) -> int | None:
    found = dialog.get("originator")
    if not _is_place(found):
        listed = dialog.get("parties")
        found = listed[0] if isinstance(listed, list) and listed else listed
    return found if _is_place(found) else None


def _is_place(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _called(party: dict[str, Any], place: int) -> str:
    found = name(first(party, "name", "mailto", "tel"))
    return found.removeprefix("mailto:").removeprefix("tel:") if found else f"party {place}"
